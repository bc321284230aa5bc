/*
 * lua_headers.c: see lua_headers.h.
 */
#include "lua_headers.h"

#include "header.h"

static int is_wanted(cog_str name)
{
  const cog_str *other;
  for (other = cog_reply_headers; other->p != NULL; other++)
    if (name.n == other->n && memcmp(name.p, other->p, name.n) == 0)
      return 1;
  return 0;
}

/* Repeated headers are joined (RFC 9110, section 5.3). */
static void add_header(lua_State *L, cog_str name, cog_str value)
{
  lua_pushlstring(L, name.p, name.n);
  lua_pushvalue(L, -1);
  lua_rawget(L, -3); /* headers name before */
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushlstring(L, value.p, value.n);
  } else {
    lua_pushliteral(L, ", ");
    lua_pushlstring(L, value.p, value.n);
    lua_concat(L, 3);
  }
  lua_rawset(L, -3);
}

void cog_push_headers(lua_State *L, const cog_reply *r, int all)
{
  cog_str name, value;
  size_t at = 0;
  lua_createtable(L, 0, 4);
  while (cog_reply_header(r, &at, &name, &value))
    if (all || is_wanted(name))
      add_header(L, name, value);
}

void cog_push_header(lua_State *L, const cog_reply *r, const char *wanted_name)
{
  cog_str name, value;
  size_t at = 0, n = strlen(wanted_name);
  int found = 0;
  while (cog_reply_header(r, &at, &name, &value)) {
    if (name.n != n || memcmp(name.p, wanted_name, n) != 0)
      continue;
    if (found)
      lua_pushliteral(L, ", ");
    lua_pushlstring(L, value.p, value.n);
    if (found)
      lua_concat(L, 3);
    found = 1;
  }
  if (!found)
    lua_pushliteral(L, "");
}
