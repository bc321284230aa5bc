/*
 * fields.c: see fields.h.
 */
#include "fields.h"

cog_str cog_string_at(lua_State *L, int i)
{
  cog_str s = {NULL, 0};
  if (lua_type(L, i) == LUA_TSTRING)
    s.p = lua_tolstring(L, i, &s.n);
  return s;
}

/* The index of the field named by the key on the stack; n for none. */
static int find(lua_State *L, int key, const cog_field *fields, int n)
{
  cog_str name = cog_string_at(L, key);
  int i;
  if (name.p == NULL)
    return n;
  for (i = 0; i < n; i++)
    if (fields[i].name.n == name.n &&
        memcmp(fields[i].name.p, name.p, name.n) == 0)
      return i;
  return n;
}

int cog_take_fields(lua_State *L, int t, const cog_field *fields, int n,
                    void (*unknown)(lua_State *L, int key))
{
  int first = lua_gettop(L) + 1;
  t = lua_absindex(L, t);
  luaL_checkstack(L, n + LUA_MINSTACK, "no room for a table's fields");
  lua_settop(L, first + n - 1);
  for (lua_pushnil(L); lua_next(L, t) != 0;) { /* key value */
    int i = find(L, -2, fields, n);
    if (i == n && unknown != NULL)
      unknown(L, lua_gettop(L) - 1);
    if (i < n)
      lua_replace(L, first + i);
    else
      lua_pop(L, 1);
  }
  return first;
}

void cog_check_fields(lua_State *L, int first, const char *what,
                      const cog_field *fields, int n)
{
  int i;
  for (i = 0; i < n; i++)
    if (!lua_isnil(L, first + i) && lua_type(L, first + i) != fields[i].type)
      luaL_error(L, "%s.%s must be a %s, not a %s", what, fields[i].name.p,
                 lua_typename(L, fields[i].type), luaL_typename(L, first + i));
}
