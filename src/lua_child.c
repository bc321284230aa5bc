/***
 * Programs that run beside this one, started from Lua without a shell.
 * @module cognito.core
 */
#include "lua_child.h"

#include <string.h>

#include "lua_process.h"
#include "process.h"

#define METATABLE lua_upvalueindex(1)

typedef struct child {
  long pid; /* 0: not begun */
  cog_run_end end;
  cog_run run; /* how it ended */
} child;

static child *check_child(lua_State *L)
{
  child *c = lua_touserdata(L, 1);
  if (c != NULL && lua_getmetatable(L, 1)) {
    int same = lua_rawequal(L, -1, METATABLE);
    lua_pop(L, 1);
    if (same)
      return c;
  }
  luaL_argerror(L, 1, "child expected");
  return NULL; /* unreachable: luaL_argerror does not return */
}

/* A child is looked at no more once it has ended: its number may be another
 * process's by then. */
static int has_ended(child *c)
{
  if (c->pid != 0 && c->end == COG_RUN_RUNNING)
    c->end = cog_process_look(c->pid, &c->run);
  return c->end != COG_RUN_RUNNING;
}

static void set_integer(lua_State *L, const char *name, int value)
{
  lua_pushinteger(L, value);
  lua_setfield(L, -2, name);
}

/*** How a program that was started has ended.
@function child:result
@treturn ?table nil while it runs; then `{ status }` when it exited, `{ signal
  }` when one ended it, `{}` where nobody knows, because this process ignores
  SIGCHLD
*/
static int child_result(lua_State *L)
{
  child *c = check_child(L);
  if (!has_ended(c))
    return 0;
  lua_createtable(L, 0, 1);
  if (c->end == COG_RUN_EXITED)
    set_integer(L, "status", c->run.status);
  else if (c->end == COG_RUN_KILLED)
    set_integer(L, "signal", c->run.signal);
  return 1;
}

/*** Sends a signal to a program that was started, unless it has ended.
@function child:signal
@tparam integer which
@treturn boolean whether it was sent
*/
static int child_signal(lua_State *L)
{
  child *c = check_child(L);
  lua_Number n = luaL_checknumber(L, 2);
  int which = n >= 0 && n <= 255 ? (int)n : -1; /* -1: there is none */
  lua_pushboolean(L, !has_ended(c) && cog_process_signal(c->pid, which) == 0);
  return 1;
}

/*** Starts a program, without a shell, and returns at once. It shares standard
input, output and error with this process, and inherits the environment. It
goes on when the object is collected.
@function start
@tparam {string,...} command the program, looked up in PATH unless it holds a
  slash, and its arguments
@treturn[1] userdata child with the methods `result` and `signal`
@treturn[2] nil
@treturn[2] string why it did not begin
@raise for arguments of a wrong type
*/
static int child_start(lua_State *L)
{
  child *c;
  char **argv;
  int error;
  luaL_checktype(L, 1, LUA_TTABLE);
  argv = cog_push_argv(L, 1);
  c = lua_newuserdatauv(L, sizeof *c, 0);
  memset(c, 0, sizeof *c);
  c->end = COG_RUN_RUNNING;
  lua_pushvalue(L, METATABLE);
  lua_setmetatable(L, -2);
  error = cog_process_start(&c->pid, argv);
  if (error == 0)
    return 1;
  c->pid = 0;
  lua_pushnil(L);
  lua_pushstring(L, strerror(error));
  return 2;
}

static const luaL_Reg methods[] = {
    {"result", child_result}, {"signal", child_signal}, {NULL, NULL}};

static const luaL_Reg functions[] = {{"start", child_start}, {NULL, NULL}};

static void push_metatable(lua_State *L)
{
  lua_createtable(L, 0, 2);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -2);
  luaL_setfuncs(L, methods, 1);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "cognito.child");
  lua_setfield(L, -2, "__name");
}

void cog_child_functions(lua_State *L)
{
  push_metatable(L);
  luaL_setfuncs(L, functions, 1);
}
