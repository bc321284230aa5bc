/*
 * host.c: runs a target in Lua, spec/fuzz/NAME.lua, which the program is
 * named after. The module returns a function that takes the input, and raises
 * where it finds a fault.
 *
 * Lua's lines, each with the one before it, are coverage for libFuzzer beside
 * the C core's branches.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

#include "fuzz.h"

#define COUNTERS      65536
#define BETWEEN_SWEEP 64 /* inputs after which all garbage goes */

static uint8_t steps[COUNTERS]
    __attribute__((section("__libfuzzer_extra_counters")));

static lua_State *L;
static unsigned inputs;

int luaopen_cognito_core(lua_State *state);

/* FNV-1a. The place of a line is the same in every process. */
static uint32_t place_of(const lua_Debug *ar)
{
  uint32_t hash = 2166136261U ^ (uint32_t)ar->currentline;
  const char *p;
  for (p = ar->short_src; *p != '\0'; p++)
    hash = (uint32_t)((uint64_t)(hash ^ (unsigned char)*p) * 16777619 &
                      0xffffffffU);
  return hash ^ hash >> 16;
}

static void on_line(lua_State *state, lua_Debug *ar)
{
  static uint32_t before;
  uint32_t place;
  uint8_t *step;
  lua_getinfo(state, "S", ar);
  place = place_of(ar);
  step = &steps[(before ^ place) % COUNTERS];
  if (*step < UINT8_MAX)
    ++*step;
  before = place >> 1;
}

static int traced(lua_State *state)
{
  luaL_traceback(state, state, luaL_tolstring(state, 1, NULL), 1);
  return 1;
}

static void stop(const char *what)
{
  fprintf(stderr, "%s: %s\n", what, lua_tostring(L, -1));
  abort();
}

static void load(const char *name)
{
  luaL_openlibs(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_cognito_core);
  lua_setfield(L, -2, "cognito.core");
  lua_settop(L, 0);
  lua_pushcfunction(L, traced);
  lua_getglobal(L, "require");
  lua_pushfstring(L, "spec.fuzz.%s", name);
  if (lua_pcall(L, 1, 1, 1) != LUA_OK)
    stop("the target cannot be loaded");
}

/* Lua's stack is left with the message handler and the target. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  const char *slash = strrchr((*argv)[0], '/');
  (void)argc;
  L = luaL_newstate();
  if (L == NULL)
    abort();
  load(slash != NULL ? slash + 1 : (*argv)[0]);
  lua_sethook(L, on_line, LUA_MASKLINE, 0);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  lua_pushvalue(L, 2);
  lua_pushlstring(L, (const char *)data, size);
  if (lua_pcall(L, 1, 0, 1) != LUA_OK)
    stop("fault");
  if (++inputs % BETWEEN_SWEEP == 0)
    lua_gc(L, LUA_GCCOLLECT, 0);
  return 0;
}
