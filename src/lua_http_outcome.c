/*
 * lua_http_outcome.c: what became of a transfer, as Lua tables.
 */
#include "lua_http_outcome.h"

#include "header.h"
#include "lua_error.h"

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

static void push_headers(lua_State *L, const cog_transfer *t)
{
  int all = t->settings.all_headers;
  cog_str name, value;
  size_t at = 0;
  lua_createtable(L, 0, 4);
  while (cog_reply_header(&t->reply, &at, &name, &value))
    if (all || is_wanted(name))
      add_header(L, name, value);
}

static void set_number(lua_State *L, const char *name, double value)
{
  lua_pushnumber(L, (lua_Number)value);
  lua_setfield(L, -2, name);
}

static void set_timings(lua_State *L, const cog_transfer *t)
{
  const cog_timings *timings = &t->timings;
  if (!t->settings.timings)
    return;
  lua_createtable(L, 0, 5);
  set_number(L, "name_lookup", timings->name_lookup);
  set_number(L, "connect", timings->connect);
  set_number(L, "tls", timings->tls);
  set_number(L, "first_byte", timings->first_byte);
  set_number(L, "total", timings->total);
  lua_setfield(L, -2, "timings");
}

static void push_response(lua_State *L, const cog_transfer *t)
{
  cog_str body = cog_reply_body(&t->reply);
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, t->outcome.status);
  lua_setfield(L, -2, "status");
  push_headers(L, t);
  lua_setfield(L, -2, "headers");
  lua_pushlstring(L, body.p, body.n);
  lua_setfield(L, -2, "body");
  set_timings(L, t);
}

void cog_push_http_error(lua_State *L, cog_fault fault, int sent,
                         const char *message)
{
  int valid = fault != COG_FAULT_INVALID_PARAMETER && fault != COG_FAULT_PROXY;
  lua_pushstring(L, message);
  cog_make_error(L, cog_fault_code(fault), valid ? "network" : "validation");
  if (fault == COG_FAULT_PROXY) {
    lua_pushliteral(L, "proxy");
    lua_setfield(L, -2, "field");
  }
  lua_pushboolean(L, sent);
  lua_setfield(L, -2, "sent");
}

int cog_push_outcome(lua_State *L, const cog_transfer *t)
{
  const cog_outcome *o = &t->outcome;
  if (o->fault == COG_FAULT_NONE) {
    push_response(L, t);
    return 1;
  }
  lua_pushnil(L);
  cog_push_http_error(L, o->fault, o->sent, o->message);
  set_timings(L, t);
  return 2;
}
