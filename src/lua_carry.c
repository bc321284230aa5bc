/***
 * Exchanges over http objects.
 *
 * An exchange and a transfer swap their buffers, on the way out and on the way
 * back: nothing is copied, and neither holds on to the other.
 * @module cognito.core
 */
#include "lua_carry.h"

#include "lua_http.h"
#include "lua_http_options.h"
#include "lua_http_outcome.h"
#include "request_check.h"

/* ---- there and back ---- */

/* What the transfer's request held was never sent. */
static void hand_over(cog_exchange *x, cog_transfer *t)
{
  cog_request own = t->request;
  cog_request_wipe(&own);
  t->request = x->request;
  x->request = own;
  x->state = COG_EXCHANGE_FLYING;
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
  x = cog_check_exchange(L, 2, lua_upvalueindex(2));
  if (!cog_http_carry(L, lua_upvalueindex(1), 1, x, 3))
    return 2;
  lua_pushboolean(L, 1);
  return 1;
}

const luaL_Reg cog_carry_methods[] = {{"carry", http_carry}, {NULL, NULL}};
