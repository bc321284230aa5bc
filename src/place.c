/*
 * place.c: sentences about a wrong value.
 */
#include "place.h"

#define LONGEST_KEY 40 /* of a map's key in a message */

static int printable(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (s.p[i] < 0x21 || s.p[i] > 0x7e)
      return 0;
  return s.n > 0 && s.n <= LONGEST_KEY;
}

static void push_place(lua_State *L, const cog_place *at)
{
  luaL_checkstack(L, 4, "a place nested too deep");
  if (at->up == NULL && at->name.p == NULL) {
    lua_pushliteral(L, "");
    return;
  }
  if (at->up != NULL)
    push_place(L, at->up);
  else
    lua_pushliteral(L, "");
  if (at->name.p == NULL)
    lua_pushfstring(L, "[%d]", at->index);
  else {
    lua_pushstring(L, at->up != NULL ? "." : "");
    if (printable(at->name))
      lua_pushlstring(L, at->name.p, at->name.n);
    else
      lua_pushliteral(L, "(a key that does not print)");
    lua_concat(L, 2);
  }
  lua_concat(L, 2);
}

int cog_wrong(lua_State *L, const cog_place *at, const char *what)
{
  push_place(L, at);
  lua_pushfstring(L, " %s", what);
  lua_concat(L, 2);
  return 0;
}

/* Numbers and booleans have one text each: tostring gives it. */
static int has_text(lua_State *L, int value)
{
  int type = lua_type(L, value);
  return type == LUA_TNUMBER || type == LUA_TBOOLEAN;
}

int cog_wrong_type(lua_State *L, const cog_place *at, const char *wanted,
                   int value)
{
  const char *hint = "";
  if (has_text(L, value) && strcmp(wanted, "a string") == 0)
    hint = " (write it in quotes, or use tostring)";
  lua_pushfstring(L, "must be %s, not a %s%s", wanted, luaL_typename(L, value),
                  hint);
  cog_wrong(L, at, lua_tostring(L, -1));
  lua_remove(L, -2);
  return 0;
}

int cog_too_short(lua_State *L, const cog_place *at, int min, const char *of)
{
  if (min == 1)
    return cog_wrong(L, at, "must not be empty");
  lua_pushfstring(L, "must have at least %d %s", min, of);
  cog_wrong(L, at, lua_tostring(L, -1));
  lua_remove(L, -2);
  return 0;
}
