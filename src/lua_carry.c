/***
 * Exchanges over http objects.
 *
 * An exchange and a transfer swap their buffers, on the way out and on the way
 * back: nothing is copied, and neither holds on to the other.
 * @module cognito.core
 */
#include "lua_carry.h"

#include "lua_exchange_methods.h"
#include "lua_http.h"
#include "lua_http_options.h"
#include "lua_http_outcome.h"
#include "request_check.h"

/* The upvalues of the methods. */
#define HTTPS     lua_upvalueindex(1) /* metatables */
#define EXCHANGES lua_upvalueindex(2)
#define FIELD     lua_upvalueindex(3) /* "exchange" */

/* ---- there and back ---- */

/* What the transfer's request held was never sent. */
static void hand_over(cog_exchange *x, cog_transfer *t)
{
  cog_request own = t->request;
  cog_request_wipe(&own);
  t->request = x->request;
  x->request = own;
  x->state = COG_EXCHANGE_FLYING;
  x->flight = 0;
}

static void take_back(cog_exchange *x, cog_transfer *t)
{
  cog_reply own = x->reply;
  x->reply = t->reply;
  t->reply = own;
  x->timings = t->timings;
  x->timed = t->settings.timings;
  x->state = COG_EXCHANGE_ANSWERED;
}

/* Nothing of a failed exchange is kept. The transfer is released before Lua
 * may allocate. */
static int fail(lua_State *L, cog_exchange *x, cog_transfer *t)
{
  cog_outcome outcome = t->outcome;
  cog_timings timings = t->timings;
  int timed = t->settings.timings;
  x->state = COG_EXCHANGE_EMPTY;
  cog_http_release(t);
  cog_push_fault(L, &outcome, timed ? &timings : NULL);
  return 0;
}

static int land(lua_State *L, cog_exchange *x, cog_transfer *t)
{
  if (t->outcome.fault != COG_FAULT_NONE)
    return fail(L, x, t);
  take_back(x, t);
  cog_http_release(t);
  return 1;
}

/* ---- before it leaves ---- */

/* An https URL of an exchange was composed of checked parts. */
static const char *check_url(const cog_exchange *x, int allow_http)
{
  const char *url = cog_request_url(&x->request);
  cog_url parts;
  return strncmp(url, "https:", 6) == 0
             ? NULL
             : cog_check_url((cog_str){url, strlen(url)}, allow_http, &parts);
}

static int refuse(lua_State *L, const char *complaint)
{
  lua_pushnil(L);
  cog_push_http_error(L, COG_FAULT_INVALID_PARAMETER, 0, complaint);
  return 0;
}

/* The draft, with the exchange's request; NULL when it was refused, with nil
 * and an error pushed. Allocates nothing in Lua otherwise. */
static cog_transfer *load(lua_State *L, cog_http *h, cog_exchange *x)
{
  const char *complaint;
  cog_transfer *t;
  cog_exchange_expect(L, x, COG_EXCHANGE_READY);
  complaint = check_url(x, cog_http_settings_of(h)->allow_http);
  if (complaint != NULL) {
    refuse(L, complaint);
    return NULL;
  }
  t = cog_http_draft(h);
  if (t == NULL)
    luaL_error(L, "not enough memory");
  hand_over(x, t);
  return t;
}

/* ---- one at a time ---- */

int cog_http_carry(lua_State *L, int metatable, int http, cog_exchange *x,
                   int settings)
{
  cog_http *h = cog_check_http(L, http, metatable);
  const cog_http_settings *of_http = cog_http_settings_of(h);
  cog_send_settings s = settings != 0
                            ? cog_take_send_settings(L, settings, of_http)
                            : cog_read_send_settings(L, 0, of_http);
  cog_transfer *t = load(L, h, x);
  if (t == NULL)
    return 0;
  cog_http_send(h, t, &s);
  return land(L, x, t);
}

/*** Sends a prepared exchange and waits for its reply, which stays there.
@function http:carry
@tparam exchange exchange
@tparam[opt] number timeout seconds
@tparam[opt] number connect_timeout seconds
@tparam[opt] number max_idle seconds
@tparam[opt] boolean timings
@treturn[1] boolean true
@treturn[2] nil
@treturn[2] table error, as from `http:send`
@raise for arguments of a wrong type, an exchange that is not prepared, and a
  closed object
@local
*/
static int http_carry(lua_State *L)
{
  cog_exchange *x;
  lua_settop(L, 6);
  x = cog_check_exchange(L, 2, EXCHANGES);
  if (!cog_http_carry(L, HTTPS, 1, x, 3))
    return 2;
  lua_pushboolean(L, 1);
  return 1;
}

/* ---- many at once ---- */

/*** Puts a prepared exchange in flight and returns at once, as `http:start` does
with a request. Its outcome comes from `http:land`.
@function http:launch
@tparam exchange exchange
@tparam[opt] number timeout seconds
@tparam[opt] number connect_timeout seconds
@tparam[opt] number max_idle seconds
@tparam[opt] boolean timings
@treturn[1] integer id, among those of `http:start`
@treturn[2] nil
@treturn[2] table error, when it cannot be sent
@raise for arguments of a wrong type, an exchange that is not prepared, and a
  closed object
@local
*/
static int http_launch(lua_State *L)
{
  cog_exchange *x;
  cog_http *h;
  cog_send_settings s;
  cog_transfer *t;
  lua_settop(L, 6);
  x = cog_check_exchange(L, 2, EXCHANGES);
  h = cog_check_http(L, 1, HTTPS);
  s = cog_take_send_settings(L, 3, cog_http_settings_of(h));
  t = load(L, h, x);
  if (t == NULL)
    return 2;
  x->flight = cog_http_start(h, t, &s);
  lua_pushinteger(L, (lua_Integer)x->flight);
  return 1;
}

/* The exchange that the entry on top waits for, unless it was put to another
 * use since; NULL: none. Allocates nothing. */
static cog_exchange *awaited(lua_State *L, const cog_transfer *t)
{
  cog_exchange *x = NULL;
  if (!lua_istable(L, -1))
    return NULL;
  lua_pushvalue(L, FIELD);
  lua_rawget(L, -2);
  if (!lua_isnil(L, -1))
    x = cog_to_exchange(L, -1, EXCHANGES);
  lua_pop(L, 1);
  return x != NULL && x->state == COG_EXCHANGE_FLYING && x->flight == t->id
             ? x
             : NULL;
}

/* The entry of this id on top, taken out of its table; false for none. The key
 * is there or is not: nothing is allocated. */
static void take_entry(lua_State *L, int entries, long id)
{
  lua_rawgeti(L, entries, (int)id);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushboolean(L, 0);
    return;
  }
  lua_pushnil(L);
  lua_rawseti(L, entries, (int)id);
}

/*** The outcome of one request, the oldest first, whether it was started or
launched. The reply to an exchange stays there.
@function http:land
@tparam table entries by id: tables, whose field `exchange` is what was
  launched; the one of this outcome is taken out
@treturn[1] table|boolean entry; false: there is none of this id
@treturn[1] boolean|table|nil true, when the exchange has its reply; response of
  a request that was started
@treturn[1] nil|table error
@treturn[2] nil when there is no outcome
@raise for arguments of a wrong type and a closed object
@local
*/
static int http_land(lua_State *L)
{
  cog_transfer *t;
  cog_exchange *x;
  lua_settop(L, 2);
  luaL_checktype(L, 2, LUA_TTABLE);
  cog_push_delivery(L, 1);
  t = cog_http_take(cog_check_http(L, 1, HTTPS));
  if (t == NULL)
    return 0;
  take_entry(L, 2, t->id); /* http entries deliver http entry */
  x = awaited(L, t);
  lua_insert(L, 3);
  if (x == NULL)
    return cog_deliver(L, t) + 1;
  lua_settop(L, 3);
  if (!land(L, x, t))
    return 3;
  lua_pushboolean(L, 1);
  return 2;
}

static const luaL_Reg methods[] = {{"carry", http_carry},
                                   {"launch", http_launch},
                                   {"land", http_land},
                                   {NULL, NULL}};

void cog_carry_functions(lua_State *L, int module)
{
  cog_exchange_metatable(L, module);
  lua_pushliteral(L, "exchange");
  luaL_setfuncs(L, methods, 3);
}
