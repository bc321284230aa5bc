/*
 * lua_error.c: see lua_error.h.
 */
#include "lua_error.h"

#define ROOM 12 /* fields: of a service's error, which has the most */

static void set(lua_State *L, const char *name, const char *value)
{
  lua_pushstring(L, value);
  lua_setfield(L, -2, name);
}

void cog_make_error(lua_State *L, const char *code, const char *kind)
{
  lua_createtable(L, 0, ROOM);
  lua_insert(L, -2);
  lua_setfield(L, -2, "message");
  set(L, "code", code);
  set(L, "kind", kind);
}

int cog_refuse(lua_State *L, const char *code, const char *kind,
               const char *field, const char *message)
{
  lua_pushnil(L);
  lua_pushstring(L, message);
  cog_make_error(L, code, kind);
  if (field != NULL)
    set(L, "field", field);
  return 2;
}

int cog_refuse_parameter(lua_State *L, const char *field, const char *message)
{
  return cog_refuse(L, "invalid_parameter", "validation", field, message);
}
