/*
 * forker.c: processes for the specs, on every Lua alike.
 */
#include "compat.h"

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* fork() -> pid; 0 in the child, which ends with exit */
static int forker_fork(lua_State *L)
{
  pid_t pid = fork();
  if (pid < 0)
    return luaL_error(L, "fork failed");
  lua_pushinteger(L, pid);
  return 1;
}

/* wait(pid) -> status | nil, signal */
static int forker_wait(lua_State *L)
{
  int status;
  if (waitpid((pid_t)luaL_checkinteger(L, 1), &status, 0) < 0)
    return luaL_error(L, "no such child");
  if (WIFEXITED(status)) {
    lua_pushinteger(L, WEXITSTATUS(status));
    return 1;
  }
  lua_pushnil(L);
  lua_pushinteger(L, WTERMSIG(status));
  return 2;
}

/* exit(status): at once. Buffers and finalizers are
 * the parent's. */
static int forker_exit(lua_State *L)
{
  _exit((int)luaL_checkinteger(L, 1));
}

/* default_sigpipe(): test runners and LuaSocket ignore the signal. */
static int forker_default_sigpipe(lua_State *L)
{
  if (signal(SIGPIPE, SIG_DFL) == SIG_ERR)
    return luaL_error(L, "SIGPIPE cannot be set");
  return 0;
}

static const luaL_Reg functions[] = {
    {"fork", forker_fork},
    {"wait", forker_wait},
    {"exit", forker_exit},
    {"default_sigpipe", forker_default_sigpipe},
    {NULL, NULL}};

COG_EXPORT int luaopen_spec_c_forker(lua_State *L);

int luaopen_spec_c_forker(lua_State *L)
{
  lua_newtable(L);
  luaL_setfuncs(L, functions, 0);
  return 1;
}
