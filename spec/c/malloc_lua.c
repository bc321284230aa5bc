/*
 * malloc_lua.c: a Lua whose memory all comes from malloc, block by block, so
 * that ASan knows each string of LuaJIT's, too.
 *
 *     malloc_lua script.lua argument...
 */
#include <stdio.h>
#include <stdlib.h>

#include "script.h"

static void *allocate(void *arg, void *block, size_t old, size_t size)
{
  (void)arg;
  (void)old;
  if (size > 0)
    return realloc(block, size);
  free(block);
  return NULL;
}

int main(int argc, char **argv)
{
  lua_State *L = new_state(allocate);
  int status;
  if (L == NULL || argc < 2) {
    fputs("malloc_lua: no script, or Lua takes no allocator\n", stderr);
    return 2;
  }
  luaL_openlibs(L);
  status = run_script(L, argc, argv);
  lua_close(L);
  return status != 0;
}
