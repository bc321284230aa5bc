/*
 * malloc_lua.c: a Lua whose memory all comes from malloc, block by block, so
 * that ASan knows each string of LuaJIT's, too.
 *
 *     malloc_lua script.lua argument...
 */
#include <stdio.h>
#include <stdlib.h>

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

static void *allocate(void *arg, void *block, size_t old, size_t size)
{
  (void)arg;
  (void)old;
  if (size > 0)
    return realloc(block, size);
  free(block);
  return NULL;
}

static lua_State *new_state(void)
{
#if LUA_VERSION_NUM >= 505
  return lua_newstate(allocate, NULL, 0);
#else
  return lua_newstate(allocate, NULL);
#endif
}

static int run(lua_State *L, int argc, char **argv)
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

int main(int argc, char **argv)
{
  lua_State *L = new_state();
  int status;
  if (L == NULL || argc < 2) {
    fputs("malloc_lua: no script, or Lua takes no allocator\n", stderr);
    return 2;
  }
  luaL_openlibs(L);
  status = run(L, argc, argv);
  lua_close(L);
  return status != 0;
}
