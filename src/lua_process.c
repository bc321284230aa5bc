/***
 * Programs, run from Lua without a shell.
 * @module cognito.core
 */
#include "lua_process.h"

#include <string.h>

#include "fields.h"
#include "lua_clock.h"
#include "process.h"

#define LARGEST_OUTPUT (256 * 1024) /* bytes of standard output */
#define LARGEST_STDERR (4 * 1024)   /* of standard error: for a message */
#define USUAL_SECONDS  60.0

/* Pushes memory that goes when the call does. */
static cog_sink push_sink(lua_State *L, size_t cap)
{
  cog_sink sink = {NULL, 0, 0, 0, 0};
  sink.data = lua_newuserdatauv(L, cap, 0);
  sink.cap = cap;
  return sink;
}

static int push_words(lua_State *L, int words)
{
  int i, n = (int)lua_rawlen(L, words);
  luaL_argcheck(L, n > 0, words, "no program to run");
  luaL_checkstack(L, n + LUA_MINSTACK, "too many words");
  for (i = 1; i <= n; i++)
    lua_rawgeti(L, words, i);
  return n;
}

/* A word that exec can take, which the stack holds. */
static char *check_word(lua_State *L, int words, int i)
{
  cog_str word = cog_string_at(L, i);
  if (word.p == NULL)
    luaL_argerror(L, words, "the words of a command must be strings");
  luaL_argcheck(L, strlen(word.p) == word.n, words, "a word holds a NUL");
  return (char *)word.p; /* exec takes it so */
}

char **cog_push_argv(lua_State *L, int words)
{
  int first = lua_gettop(L) + 1;
  int i, n = push_words(L, words);
  char **argv = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *argv, 0);
  for (i = 0; i < n; i++)
    argv[i] = check_word(L, words, first + i);
  argv[n] = NULL;
  return argv;
}

static void push_sink_text(lua_State *L, const cog_sink *sink,
                           const char *name)
{
  lua_pushlstring(L, sink->data, sink->len);
  lua_setfield(L, -2, name);
}

static int push_result(lua_State *L, const cog_run *run, cog_run_end end)
{
  lua_createtable(L, 0, 4);
  push_sink_text(L, &run->out, "stdout");
  push_sink_text(L, &run->err, "stderr");
  if (end == COG_RUN_EXITED) {
    lua_pushinteger(L, run->status);
    lua_setfield(L, -2, "status");
  } else if (end == COG_RUN_KILLED) {
    lua_pushinteger(L, run->signal);
    lua_setfield(L, -2, "signal");
  }
  return 1;
}

static int failed(lua_State *L, const char *message)
{
  lua_pushnil(L);
  lua_pushstring(L, message);
  return 2;
}

/*** Runs a program to its end, without a shell, and waits for it. It reads
nothing from standard input and inherits the environment, or part of it.
@function run
@tparam {string,...} command the program, looked up in PATH unless it holds a
  slash, and its arguments
@tparam[opt=60] number seconds how long it may take; then it is ended
@tparam[opt=""] string without names of variables that it does not inherit,
  with spaces in between
@tparam[opt=false] boolean own_group whether it needs no terminal: then what it
  has started is ended with it. Without a terminal that is so in any case
@treturn[1] table `{ status, signal, stdout, stderr }`: `status` when it
  exited, `signal` when one ended it; of stderr the first 4 KiB
@treturn[2] nil
@treturn[2] string why it did not begin, or has no result: it took too long,
  printed more than 256 KiB, or its output could not be read
@raise for arguments of a wrong type
*/
static int process_run(lua_State *L)
{
  cog_run run = {
      {NULL, 0, 0, 0, 0}, {NULL, 0, 0, 0, 0}, USUAL_SECONDS, NULL, 0, 0, 0, 0};
  char **argv;
  cog_run_end end;
  luaL_checktype(L, 1, LUA_TTABLE);
  if (!lua_isnoneornil(L, 2))
    run.seconds = cog_check_seconds(L, 2);
  run.without = luaL_optstring(L, 3, NULL); /* the stack keeps it alive */
  run.own_group = lua_toboolean(L, 4);
  argv = cog_push_argv(L, 1);
  run.out = push_sink(L, LARGEST_OUTPUT);
  run.err = push_sink(L, LARGEST_STDERR);
  end = cog_process_run(&run, argv);
  if (end == COG_RUN_NOT_BEGUN || end == COG_RUN_UNREAD)
    return failed(L, strerror(run.error));
  if (end == COG_RUN_TIMEOUT)
    return failed(L, "it took too long and was ended");
  if (end == COG_RUN_LOST)
    return failed(L, "how it ended is not known: this process ignores "
                     "SIGCHLD");
  if (end == COG_RUN_TOO_LARGE)
    return failed(L, "it printed more than 256 KiB");
  return push_result(L, &run, end);
}

static const luaL_Reg functions[] = {{"run", process_run}, {NULL, NULL}};

void cog_process_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
