/*
 * threads.c: Lua states on threads of their own, for the specs.
 */
#include "compat.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <lualib.h>

#define MOST 64

typedef struct job {
  pthread_t thread;
  const char *code, *argument;
  int ok;
  char result[256];
} job;

static void keep_result(job *j, lua_State *L)
{
  const char *text = lua_tostring(L, -1);
  snprintf(j->result, sizeof j->result, "%s", text != NULL ? text : "nil");
}

static void *work(void *arg)
{
  job *j = arg;
  lua_State *L = luaL_newstate();
  if (L == NULL)
    return NULL;
  luaL_openlibs(L);
  j->ok = luaL_loadstring(L, j->code) == LUA_OK;
  if (j->ok) {
    lua_pushstring(L, j->argument);
    j->ok = lua_pcall(L, 1, 1, 0) == LUA_OK;
  }
  keep_result(j, L);
  lua_close(L);
  return NULL;
}

static int start(job *j, int n, const char *code, const char *argument)
{
  int i;
  for (i = 0; i < n; i++) {
    j[i].code = code;
    j[i].argument = argument;
    j[i].ok = 0;
    strcpy(j[i].result, "no Lua state");
    if (pthread_create(&j[i].thread, NULL, work, &j[i]) != 0)
      break;
  }
  return i;
}

/* run(n, code, argument) -> results: runs the code with the argument in n
 * new states at once and closes them. Raises what the first to fail raised;
 * results are strings. */
static int threads_run(lua_State *L)
{
  job jobs[MOST];
  int n = (int)luaL_checkinteger(L, 1);
  const char *code = luaL_checkstring(L, 2);
  const char *argument = luaL_checkstring(L, 3);
  int i, started;
  luaL_argcheck(L, n >= 1 && n <= MOST, 1, "1 to 64 expected");
  started = start(jobs, n, code, argument);
  for (i = 0; i < started; i++)
    pthread_join(jobs[i].thread, NULL);
  if (started < n)
    return luaL_error(L, "no more threads");
  lua_newtable(L);
  for (i = 0; i < n; i++) {
    if (!jobs[i].ok)
      return luaL_error(L, "%s", jobs[i].result);
    lua_pushstring(L, jobs[i].result);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

static const luaL_Reg functions[] = {{"run", threads_run}, {NULL, NULL}};

COG_EXPORT int luaopen_spec_c_threads(lua_State *L);

int luaopen_spec_c_threads(lua_State *L)
{
  lua_newtable(L);
  luaL_setfuncs(L, functions, 0);
  return 1;
}
