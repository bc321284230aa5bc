/*
 * lua_exchange.c: see lua_exchange.h.
 *
 * Finalizers run wherever Lua allocates. Whatever they do to an exchange that
 * is in hand, they find it BUSY, and raise.
 */
#include "lua_exchange.h"

#include "heap_buffer.h"
#include "lua_timings.h"
#include "reply.h"

cog_exchange *cog_push_exchange(lua_State *L, int metatable)
{
  cog_exchange *x = lua_newuserdatauv(L, sizeof *x, 1);
  memset(x, 0, sizeof *x);
  cog_request_init(&x->request);
  cog_reply_init(&x->reply);
  lua_pushvalue(L, metatable);
  lua_setmetatable(L, -2);
  return x;
}

cog_exchange *cog_to_exchange(lua_State *L, int index, int metatable)
{
  cog_exchange *x = lua_touserdata(L, index);
  int same;
  if (x == NULL || !lua_getmetatable(L, index))
    return NULL;
  same = lua_rawequal(L, -1, metatable);
  lua_pop(L, 1);
  return same ? x : NULL;
}

cog_exchange *cog_check_exchange(lua_State *L, int index, int metatable)
{
  cog_exchange *x = cog_to_exchange(L, index, metatable);
  luaL_argcheck(L, x != NULL, index, "exchange expected");
  return x;
}

void cog_exchange_expect(lua_State *L, const cog_exchange *x,
                         cog_exchange_state state)
{
  static const char *const words[] = {"empty", "in use", "prepared",
                                      "in flight", "answered"};
  if (x->state != state)
    luaL_error(L, "the exchange is %s, not %s", words[x->state], words[state]);
}

void cog_exchange_clear(cog_exchange *x)
{
  cog_request_wipe(&x->request);
  cog_reply_wipe(&x->reply);
  x->is_table = x->timed = 0;
  x->state = COG_EXCHANGE_EMPTY;
}

void cog_exchange_release(cog_exchange *x)
{
  cog_request_free(&x->request);
  cog_reply_free(&x->reply);
  x->state = COG_EXCHANGE_BUSY; /* for ever */
}

static int grow(cog_buffer *b, size_t need)
{
  if (!cog_heap_grow(b, need))
    luaL_error(b->owner, "not enough memory");
  return 1;
}

void cog_exchange_open(lua_State *L, cog_exchange *x)
{
  x->state = COG_EXCHANGE_BUSY;
  x->request.text.owner = L;
  x->request.text.grow = grow;
}

void cog_exchange_close(cog_exchange *x, cog_exchange_state state)
{
  x->request.text.grow = cog_heap_grow;
  x->state = state;
}

int cog_exchange_prepare(lua_State *L, cog_exchange *x, cog_signer *signer,
                         const cog_operation *op, int params,
                         const cog_context *context)
{
  int refused;
  if (x->state == COG_EXCHANGE_BUSY || x->state == COG_EXCHANGE_FLYING)
    cog_exchange_expect(L, x, COG_EXCHANGE_EMPTY);
  cog_exchange_clear(x);
  x->op = op;
  cog_exchange_open(L, x);
  refused = cog_build(L, signer, op, params, context, &x->request);
  if (refused)
    cog_request_wipe(&x->request);
  cog_exchange_close(x, refused ? COG_EXCHANGE_EMPTY : COG_EXCHANGE_READY);
  return refused;
}

static void push_pair(lua_State *L, cog_str name, cog_str value)
{
  lua_createtable(L, 2, 0);
  lua_pushlstring(L, name.p, name.n);
  lua_rawseti(L, -2, 1);
  lua_pushlstring(L, value.p, value.n);
  lua_rawseti(L, -2, 2);
}

static void push_headers(lua_State *L, const cog_request *r)
{
  size_t at = r->headers;
  cog_str name, value;
  int i = 0;
  lua_createtable(L, (int)r->header_count, 0);
  while (cog_request_next_header(r, &at, &name, &value)) {
    push_pair(L, name, value);
    lua_rawseti(L, -2, ++i);
  }
}

void cog_exchange_push_request(lua_State *L, const cog_exchange *x)
{
  const cog_request *r = &x->request;
  cog_str body = cog_request_body(r);
  lua_createtable(L, 0, 4);
  lua_pushstring(L, cog_request_method(r));
  lua_setfield(L, -2, "method");
  lua_pushstring(L, cog_request_url(r));
  lua_setfield(L, -2, "url");
  push_headers(L, r);
  lua_setfield(L, -2, "headers");
  lua_pushlstring(L, body.p, body.n);
  lua_setfield(L, -2, "body");
}

int cog_exchange_parse(lua_State *L, cog_exchange *x)
{
  x->state = COG_EXCHANGE_BUSY;
  cog_parse_reply(L, x->op, &x->reply);
  if (x->timed) {
    cog_push_timings(L, &x->timings);
    lua_setfield(L, -2, "timings");
  }
  x->state = COG_EXCHANGE_ANSWERED;
  if (lua_isnil(L, -2))
    cog_exchange_clear(x);
  return 3;
}
