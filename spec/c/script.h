/*
 * script.h: a Lua of one's own allocator that runs a script with arguments, as
 * the stock interpreter does.
 */
#ifndef SPEC_SCRIPT_H
#define SPEC_SCRIPT_H

#include <stdio.h>

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

static inline lua_State *new_state(lua_Alloc allocate)
{
#if LUA_VERSION_NUM >= 505
  return lua_newstate(allocate, NULL, 0);
#else
  return lua_newstate(allocate, NULL);
#endif
}

/* 0, or Lua's status of what went wrong. */
static inline int run_script(lua_State *L, int argc, char **argv)
{
  int i, status;
  luaL_checkstack(L, argc, "too many arguments");
  status = luaL_loadfile(L, argv[1]);
  for (i = 2; i < argc && status == 0; i++)
    lua_pushstring(L, argv[i]);
  if (status == 0)
    status = lua_pcall(L, argc - 2, 0, 0);
  if (status != 0)
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
  return status;
}

#endif
