/*
 * lua_http_outcome.c: what became of a transfer, as Lua tables.
 */
#include "lua_http_outcome.h"

#include "lua_error.h"
#include "lua_headers.h"
#include "lua_timings.h"

/* NULL unless they were asked for. */
static const cog_timings *timings_of(const cog_transfer *t)
{
  return t->settings.timings ? &t->timings : NULL;
}

static void set_timings(lua_State *L, const cog_timings *timings)
{
  if (timings == NULL)
    return;
  cog_push_timings(L, timings);
  lua_setfield(L, -2, "timings");
}

static void push_response(lua_State *L, const cog_transfer *t)
{
  cog_str body = cog_reply_body(&t->reply);
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, t->outcome.status);
  lua_setfield(L, -2, "status");
  cog_push_headers(L, &t->reply, t->settings.all_headers);
  lua_setfield(L, -2, "headers");
  lua_pushlstring(L, body.p, body.n);
  lua_setfield(L, -2, "body");
  set_timings(L, timings_of(t));
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

int cog_push_fault(lua_State *L, const cog_outcome *o,
                   const cog_timings *timings)
{
  lua_pushnil(L);
  cog_push_http_error(L, o->fault, o->sent, o->message);
  set_timings(L, timings);
  return 2;
}

int cog_push_outcome(lua_State *L, const cog_transfer *t)
{
  if (t->outcome.fault != COG_FAULT_NONE)
    return cog_push_fault(L, &t->outcome, timings_of(t));
  push_response(L, t);
  return 1;
}
