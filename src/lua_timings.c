/*
 * lua_timings.c: see lua_timings.h.
 */
#include "lua_timings.h"

static void set_number(lua_State *L, const char *name, double value)
{
  lua_pushnumber(L, (lua_Number)value);
  lua_setfield(L, -2, name);
}

void cog_push_timings(lua_State *L, const cog_timings *t)
{
  lua_createtable(L, 0, 5);
  set_number(L, "name_lookup", t->name_lookup);
  set_number(L, "connect", t->connect);
  set_number(L, "tls", t->tls);
  set_number(L, "first_byte", t->first_byte);
  set_number(L, "total", t->total);
}
