/***
 * http objects for Lua: many exchanges over one set of kept-alive
 * connections, one after another or at once.
 *
 * An object is known by its metatable, which every function here has as its
 * first upvalue. The registry holds no name for it, so two copies of this
 * module in one process never take each other's objects.
 * @module cognito.core
 */
#include "lua_http.h"

#include <math.h>

#include <curl/curl.h>

#include "http_queue.h"
#include "http_version.h"
#include "lua_carry.h"
#include "lua_clock.h"
#include "lua_exchange_methods.h"
#include "lua_http_options.h"
#include "lua_http_outcome.h"
#include "lua_request.h"
#include "needed.h"

/* ---- objects ---- */

typedef struct box {
  cog_http *http;     /* NULL once closed */
  cog_transfer *lent; /* handed to push_outcome, see there */
} box;

static box *to_box(lua_State *L, int index, int metatable)
{
  box *b = lua_touserdata(L, index);
  if (b != NULL && lua_getmetatable(L, index)) {
    int same = lua_rawequal(L, -1, metatable);
    lua_pop(L, 1);
    if (same)
      return b;
  }
  luaL_argerror(L, index, "http object expected");
  return NULL; /* unreachable: luaL_argerror does not return */
}

static box *open_box(lua_State *L, int index, int metatable)
{
  box *b = to_box(L, index, metatable);
  if (b->http == NULL)
    luaL_argerror(L, index, "the http object is closed");
  return b;
}

cog_http *cog_check_http(lua_State *L, int index, int metatable)
{
  return open_box(L, index, metatable)->http;
}

static box *self_box(lua_State *L)
{
  return open_box(L, 1, lua_upvalueindex(1));
}

/* ---- outcomes ---- */

/* Runs protected, with the box as its argument. A finalizer that runs on the
 * way may use the same object, so the transfer is taken out of the box before
 * anything is allocated. */
static int push_outcome(lua_State *L)
{
  const box *b = lua_touserdata(L, 1);
  return cog_push_outcome(L, b->lent);
}

/* A hook that is called on the way into push_outcome may take outcomes, too:
 * each finds its own. */
int cog_deliver(lua_State *L, cog_transfer *t)
{
  int below = lua_gettop(L) - 2;
  box *b = lua_touserdata(L, -1);
  cog_transfer *before = b->lent;
  int status;
  b->lent = t;
  status = lua_pcall(L, 1, LUA_MULTRET, 0);
  b->lent = before;
  cog_http_release(t);
  if (status != LUA_OK)
    return lua_error(L);
  return lua_gettop(L) - below;
}

void cog_push_delivery(lua_State *L, int http)
{
  lua_pushcfunction(L, push_outcome);
  lua_pushvalue(L, http);
}

/* ---- requests ---- */

/* Fills the object's draft in; NULL when the request was refused, with nil
 * and an error pushed. Until the draft is on its way the caller may allocate
 * nothing in Lua. */
static cog_transfer *read_draft(lua_State *L, cog_http *h, int request,
                                const cog_send_settings *s)
{
  cog_transfer *t = cog_http_draft(h);
  int allow_http = s->direct || cog_http_settings_of(h)->allow_http;
  if (t == NULL)
    luaL_error(L, "not enough memory");
  if (cog_read_request(L, request, &t->request, allow_http))
    return t;
  lua_pushnil(L); /* complaint nil */
  cog_push_http_error(L, COG_FAULT_INVALID_PARAMETER, 0, lua_tostring(L, -2));
  return NULL;
}

/*** Sends one request and waits for the reply. What was put in flight by
`http:start` goes on meanwhile.

Options: `timeout` and `connect_timeout` (seconds, instead of the object's
own), `max_idle` (reuse only a connection that has been idle for less than
so many seconds; 0 never reuses one), `all_headers` (every reply header, not
only those the client reads), `timings`, `direct` (this request may go to any
host over plain http, and goes through no proxy: for metadata services).

A redirect is a reply like any other and is not followed.
@function http:send
@tparam table request `{ method =, url =, headers = { {name, value}, … },
  body = }`; `method` and `url` are required
@tparam[opt] table options see above
@treturn[1] table `{ status =, headers = { [lower-case name] = value },
  body = }`; with `timings` also `timings = { name_lookup =, connect =, tls =,
  first_byte =, total = }`, each in seconds since the request began
@treturn[2] nil
@treturn[2] table error: `code` (dns, connect, tls, timeout, connection_lost,
  aborted, too_large, malformed_response, or invalid_parameter before anything
  is sent), `kind` (network, or validation), `message`, `sent` (whether bytes
  of the request have, or may have, left this machine), `timings` when asked
@raise for wrong types, unknown options and a closed object
*/
static int http_send(lua_State *L)
{
  cog_http *h;
  cog_send_settings s;
  cog_transfer *t;
  lua_settop(L, 3);
  cog_push_delivery(L, 1);
  h = self_box(L)->http;
  luaL_checktype(L, 2, LUA_TTABLE);
  s = cog_read_send_settings(L, 3, cog_http_settings_of(h));
  t = read_draft(L, h, 2, &s);
  if (t == NULL)
    return 2;
  cog_http_send(h, t, &s);
  return cog_deliver(L, t);
}

/*** Puts a request in flight and returns at once; the next `http:step` begins
it. Its outcome comes from `http:take`.
@function http:start
@tparam table request as for `http:send`
@tparam[opt] table options as for `http:send`
@treturn[1] integer the request's id
@treturn[2] nil
@treturn[2] table error, when it cannot be sent
@raise for wrong types, unknown options and a closed object
*/
static int http_start(lua_State *L)
{
  cog_http *h;
  cog_send_settings s;
  cog_transfer *t;
  lua_settop(L, 3);
  h = self_box(L)->http;
  luaL_checktype(L, 2, LUA_TTABLE);
  s = cog_read_send_settings(L, 3, cog_http_settings_of(h));
  t = read_draft(L, h, 2, &s);
  if (t == NULL)
    return 2;
  lua_pushinteger(L, (lua_Integer)cog_http_start(h, t, &s));
  return 1;
}

/* 0, which is never given out, for what cannot be an id: before Lua 5.3 a cast
 * of NaN or 1e300 would be undefined. */
static long check_id(lua_State *L, int index)
{
  lua_Number n = luaL_checknumber(L, index);
  return n >= 1 && n <= COG_LAST_ID && floor((double)n) == n ? (long)n : 0;
}

/*** Ends a request in flight. Its outcome, an error with code `aborted`, comes
from `http:take`.
@function http:cancel
@tparam integer id from `http:start`
@treturn boolean whether it was in flight; false for a number that is no id
@raise for what is not a number
*/
static int http_cancel(lua_State *L)
{
  long id;
  self_box(L); /* whose fault is told first */
  id = check_id(L, 2);
  lua_pushboolean(L, cog_http_cancel(self_box(L)->http, id));
  return 1;
}

/*** Goes on with everything in flight.
@function http:step
@tparam number seconds how long to wait for an outcome at most; 0 never
  waits. When nothing is in flight it does not wait either.
@tparam[opt] number budget seconds of work after which to stop, between two
  sockets; waiting does not count
@treturn integer how many outcomes can be taken
@treturn[opt] number what is left of the budget, in seconds; negative when the
  last socket took longer
*/
static int http_step(lua_State *L)
{
  double seconds, budget = COG_FOREVER;
  size_t done;
  self_box(L); /* whose fault is told first */
  seconds = cog_check_seconds(L, 2);
  if (!lua_isnoneornil(L, 3))
    budget = cog_check_seconds(L, 3);
  done = cog_http_step(self_box(L)->http, seconds, &budget);
  lua_pushinteger(L, (lua_Integer)done);
  lua_pushnumber(L, (lua_Number)budget);
  return lua_isnoneornil(L, 3) ? 1 : 2;
}

/*** The outcome of one request, the oldest first. Every request that was
started comes out of here once.
@function http:take
@treturn[1] integer id, as from `http:start`
@treturn[1] table|nil response, as from `http:send`
@treturn[1] nil|table error
@treturn[2] nil when there is none
*/
static int http_take(lua_State *L)
{
  cog_transfer *t;
  lua_settop(L, 1);
  cog_push_delivery(L, 1);
  t = cog_http_take(self_box(L)->http);
  if (t == NULL)
    return 0;
  lua_pushinteger(L, (lua_Integer)t->id);
  lua_insert(L, 2); /* http id push_outcome http */
  return cog_deliver(L, t) + 1;
}

/*** The descriptor that becomes readable when `http:step` has work. After a
fork the child must ask anew.
@function http:pollfd
@treturn integer
*/
static int http_pollfd(lua_State *L)
{
  int fd = cog_http_pollfd(self_box(L)->http);
  if (fd < 0)
    return luaL_error(L, "not enough memory or descriptors");
  lua_pushinteger(L, fd);
  return 1;
}

/*** What to poll the descriptor for.
@function http:events
@treturn string `"r"`
*/
static int http_events(lua_State *L)
{
  self_box(L);
  lua_pushliteral(L, "r");
  return 1;
}

/*** After how many seconds `http:step` has work even when the descriptor stays
silent.
@function http:timeout
@treturn number|nil seconds; nil when there is no such time
*/
static int http_timeout(lua_State *L)
{
  double seconds = cog_http_timeout(self_box(L)->http);
  if (seconds < 0)
    lua_pushnil(L);
  else
    lua_pushnumber(L, (lua_Number)seconds);
  return 1;
}

/*** What the object has done so far.
@function http:stats
@treturn table `{ connections = opened, transfers = started, in_flight = }`
*/
static int http_stats(lua_State *L)
{
  cog_http_stats stats = cog_http_stats_of(self_box(L)->http);
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, (lua_Integer)stats.connections);
  lua_setfield(L, -2, "connections");
  lua_pushinteger(L, (lua_Integer)stats.transfers);
  lua_setfield(L, -2, "transfers");
  lua_pushinteger(L, (lua_Integer)stats.in_flight);
  lua_setfield(L, -2, "in_flight");
  return 1;
}

/*** Closes all connections and gives up what is in flight. Closing twice does
no harm; any other use of a closed object raises.
@function http:close
*/
static int http_close(lua_State *L)
{
  box *b = to_box(L, 1, lua_upvalueindex(1));
  cog_http *h = b->http;
  b->http = NULL;
  if (h != NULL)
    cog_http_close(h);
  return 0;
}

static int http_tostring(lua_State *L)
{
  box *b = to_box(L, 1, lua_upvalueindex(1));
  if (b->http == NULL)
    lua_pushliteral(L, "cognito.http (closed)");
  else
    lua_pushfstring(L, "cognito.http (%d in flight)",
                    (int)cog_http_stats_of(b->http).in_flight);
  return 1;
}

/* ---- the module ---- */

/*** Makes an http object: kept-alive connections for as many requests as one
likes. Always verifies certificates and host names; TLS 1.2 or newer; no
redirects, cookies, netrc or compression.

Options: `timeout` (10 s, the whole exchange), `connect_timeout` (3.1 s),
`ca_file`, `ca_path` (trust these and nothing else; without them the system's
certificates), `proxy` (a URL, used for every host, but not for plain http to
this very machine; `""` for none; without it the variables `https_proxy`,
`all_proxy` and `no_proxy` as libcurl reads them, but never for this very
machine), `max_response` (1 MiB: bytes of headers and
body), `max_connections` (to one host at the same time; further requests
wait), `new_connections` (how many connections one step begins at most, since
a TLS handshake takes the time of many requests; further requests wait, and
one that has waited for its `timeout` when its turn comes is not sent),
`allow_http` (plain http to any host; otherwise only to literal 127.0.0.0/8
and ::1).
@function http
@tparam[opt] table options see above
@treturn http
@raise for unknown or wrong options, and when libcurl cannot be used
@usage
local http <close> = core.http { timeout = 5 }
local response, err = http:send { method = "GET", url = "https://…/" }
*/
static int core_http(lua_State *L)
{
  box *b;
  cog_http_settings s;
  const char *why;
  lua_settop(L, 1);
  b = lua_newuserdatauv(L, sizeof *b, 0);
  b->http = NULL;
  b->lent = NULL;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_setmetatable(L, -2);
  s = cog_read_http_settings(L, 1); /* its texts are the table's */
  b->http = cog_http_open(&s, &why);
  if (b->http == NULL)
    return luaL_error(L, "%s", why);
  return 1;
}

/* The headers were new enough, or make would have refused; the loader may
 * have found another library. */
void cog_http_check(lua_State *L)
{
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  if (info->version_num < COG_CURL_NEEDED)
    luaL_error(L,
               "lua-cognito needs libcurl " COG_CURL_NEEDED_TEXT
               " or newer, and this process carries libcurl %s: install a "
               "newer one, or build with CURL_DIR=FOLDER that has one",
               info->version);
}

static void set_text(lua_State *L, const char *name, const char *text)
{
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

/* A known behaviour of libcurl, and how the library deals with it. */
static void push_faults(lua_State *L)
{
  const cog_curl_fault *fault;
  size_t i;
  lua_newtable(L);
  for (i = 0; (fault = cog_curl_fault_at(i)) != NULL; i++) {
    if (!cog_curl_has(fault))
      continue;
    lua_createtable(L, 0, 3);
    set_text(L, "what", fault->what);
    set_text(L, "seen", fault->seen);
    set_text(L, "answer", fault->answer);
    lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
  }
}

void cog_http_info(lua_State *L)
{
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  lua_pushstring(L, info->version);
  lua_setfield(L, -2, "libcurl");
  lua_pushstring(L, info->ssl_version);
  lua_setfield(L, -2, "libcurl_ssl");
  push_faults(L);
  lua_setfield(L, -2, "libcurl_faults");
  lua_createtable(L, 0, 2);
  lua_pushboolean(L, (info->features & CURL_VERSION_ASYNCHDNS) != 0);
  lua_setfield(L, -2, "async_dns");
  lua_pushboolean(L, (info->features & CURL_VERSION_IPV6) != 0);
  lua_setfield(L, -2, "ipv6");
  lua_setfield(L, -2, "features");
}

static const luaL_Reg methods[] = {{"send", http_send},
                                   {"start", http_start},
                                   {"cancel", http_cancel},
                                   {"step", http_step},
                                   {"take", http_take},
                                   {"pollfd", http_pollfd},
                                   {"events", http_events},
                                   {"timeout", http_timeout},
                                   {"stats", http_stats},
                                   {"close", http_close},
                                   {NULL, NULL}};

static const luaL_Reg metamethods[] = {{"__gc", http_close},
                                       {"__close", http_close},
                                       {"__tostring", http_tostring},
                                       {NULL, NULL}};

static const luaL_Reg functions[] = {{"http", core_http}, {NULL, NULL}};

static void push_metatable(lua_State *L, int module)
{
  lua_newtable(L);
  lua_pushvalue(L, -1);
  luaL_setfuncs(L, metamethods, 1);
  lua_newtable(L);
  lua_pushvalue(L, -2);
  luaL_setfuncs(L, methods, 1); /* metatable methods */
  lua_pushvalue(L, -2);
  cog_carry_functions(L, module);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "cognito.http");
  lua_setfield(L, -2, "__name");
}

void cog_http_functions(lua_State *L)
{
  push_metatable(L, lua_gettop(L));
  luaL_setfuncs(L, functions, 1);
  cog_clock_functions(L);
}

void cog_http_metatable(lua_State *L, int module)
{
  lua_getfield(L, module, "http");
  lua_getupvalue(L, -1, 1);
  lua_remove(L, -2);
}
