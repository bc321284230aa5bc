/***
 * HTTP/1.1 without sockets: a request as bytes, and a reply from bytes, one
 * after the other. For runtimes that have sockets of their own.
 *
 * Finalizers run wherever Lua allocates. Whatever they do to an object that is
 * in hand, they find it busy, and raise; where memory runs out it stays so.
 * @module cognito.core
 */
#include "lua_h1.h"

#include <stdint.h>

#include "fields.h"
#include "h1_reader.h"
#include "h1_writer.h"
#include "heap_buffer.h"
#include "lua_exchange.h"
#include "lua_headers.h"
#include "lua_request.h"

/* The upvalues of every function here. */
#define METATABLE lua_upvalueindex(1)
#define EXCHANGES lua_upvalueindex(2) /* their metatable */

typedef struct h1 {
  int busy;
  size_t most; /* bytes of a reply */
  cog_request request;
  cog_buffer url; /* of the request before, taken apart in parts */
  cog_url parts;
  cog_buffer bytes; /* the request as it is sent */
  size_t cuts;      /* see place_to_cut */
  cog_reply reply;
  cog_h1_reader reader; /* reads into reply */
} h1;

static h1 *check(lua_State *L)
{
  h1 *o = lua_touserdata(L, 1);
  int same =
      o != NULL && lua_getmetatable(L, 1) && lua_rawequal(L, -1, METATABLE);
  luaL_argcheck(L, same, 1, "http1 object expected");
  lua_pop(L, 1);
  return o;
}

static h1 *self(lua_State *L)
{
  h1 *o = check(L);
  if (o->busy)
    luaL_error(L, "the http1 object is in use");
  return o;
}

static int no_memory(lua_State *L)
{
  return luaL_error(L, "not enough memory");
}

/* ---- requests ---- */

static int is_head(const cog_request *r)
{
  return strcmp(cog_request_method(r), "HEAD") == 0;
}

/* Most requests go where the one before went. */
static void read_url(lua_State *L, h1 *o, const char *text)
{
  size_t n = strlen(text) + 1;
  if (n == o->url.len && memcmp(o->url.data, text, n) == 0)
    return;
  cog_heap_empty(&o->url);
  if (!cog_add(&o->url, text, n))
    no_memory(L);
  if (cog_url_read((cog_str){o->url.data, n - 1}, &o->parts))
    return;
  cog_heap_empty(&o->url);
  luaL_error(L, "the request has no URL"); /* it was checked before */
}

static void write_bytes(lua_State *L, h1 *o, const cog_request *r, int closes)
{
  cog_h1_way way = {&o->parts, 0, {NULL, 0}, closes};
  read_url(L, o, cog_request_url(r));
  cog_heap_empty(&o->bytes);
  if (!cog_h1_write_head(r, &way, &o->bytes) ||
      !cog_adds(&o->bytes, cog_request_body(r)))
    no_memory(L);
  cog_reply_begin(&o->reply, o->most);
  cog_h1_begin(&o->reader, &o->reply, is_head(r));
}

/* LuaJIT finds a long string among those that it has by its length and four
 * places in it, in which requests are alike: each would be compared with dozens
 * before it. Cut somewhere else each time, they differ in length. */
static size_t place_to_cut(h1 *o)
{
  o->cuts++;
  return o->cuts % o->bytes.len;
}

/* Pushes what was written, a list of two, and forgets it. */
static int push_bytes(lua_State *L, h1 *o)
{
  size_t cut = place_to_cut(o);
  o->busy = 1;
  lua_createtable(L, 2, 0);
  lua_pushlstring(L, o->bytes.data, cut);
  lua_rawseti(L, -2, 1);
  lua_pushlstring(L, o->bytes.data + cut, o->bytes.len - cut);
  lua_rawseti(L, -2, 2);
  cog_heap_empty(&o->bytes);
  o->busy = 0;
  return 1;
}

/***
 * Writes a request, and makes ready for its reply.
 * @function http1:write
 * @tparam table request `{ method, url, headers, body }`
 * @tparam[opt] boolean closes whether the connection ends with the reply
 * @treturn[1] {string,string} the bytes to send, one after the other
 * @treturn[2] nil
 * @treturn[2] string what is wrong with the request, without its values
 * @raise for a request of wrong types
 * @local
 */
static int h1_write(lua_State *L)
{
  h1 *o;
  int closes = lua_toboolean(L, 3);
  lua_settop(L, 2);
  luaL_checktype(L, 2, LUA_TTABLE);
  o = self(L);
  o->busy = 1;
  if (!cog_read_request(L, 2, &o->request, 1)) {
    o->busy = 0;
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  write_bytes(L, o, &o->request, closes);
  cog_request_wipe(&o->request);
  return push_bytes(L, o);
}

/***
 * Writes the request of an exchange, which stays prepared, and makes ready for
 * its reply.
 * @function http1:load
 * @tparam exchange exchange
 * @tparam[opt] boolean closes whether the connection ends with the reply
 * @treturn {string,string} the bytes to send, one after the other
 * @treturn string the URL
 * @raise unless the exchange is prepared
 * @local
 */
static int h1_load(lua_State *L)
{
  int closes = lua_toboolean(L, 3);
  h1 *o = self(L);
  cog_exchange *x = cog_check_exchange(L, 2, EXCHANGES);
  cog_exchange_expect(L, x, COG_EXCHANGE_READY);
  x->state = COG_EXCHANGE_BUSY;
  write_bytes(L, o, &x->request, closes);
  push_bytes(L, o);
  lua_pushstring(L, cog_request_url(&x->request));
  x->state = COG_EXCHANGE_READY;
  return 2;
}

/* ---- replies ---- */

static const char *const codes[] = {NULL, NULL, "connection_lost",
                                    "malformed_response", "too_large"};

static int push_outcome(lua_State *L, const h1 *o, cog_h1_outcome outcome)
{
  if (outcome == COG_H1_NO_MEMORY)
    return no_memory(L);
  if (outcome == COG_H1_MORE || outcome == COG_H1_COMPLETE) {
    lua_pushboolean(L, outcome == COG_H1_COMPLETE);
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, codes[outcome]);
  lua_pushstring(L, o->reader.words);
  return 3;
}

static h1 *reading_self(lua_State *L)
{
  h1 *o = self(L);
  if (o->reader.reply == NULL)
    luaL_error(L, "the http1 object has written no request");
  return o;
}

/***
 * Takes bytes of the reply.
 * @function http1:feed
 * @tparam string bytes however many
 * @treturn[1] boolean whether the reply is complete
 * @treturn[2] nil
 * @treturn[2] string code: `malformed_response` or `too_large`
 * @treturn[2] string what is wrong
 * @raise before a request was written
 * @local
 */
static int h1_feed(lua_State *L)
{
  h1 *o = reading_self(L);
  cog_str bytes;
  luaL_checktype(L, 2, LUA_TSTRING);
  bytes = cog_string_at(L, 2);
  return push_outcome(L, o, cog_h1_feed(&o->reader, bytes));
}

/***
 * The other side has closed the connection.
 * @function http1:finish
 * @tparam boolean orderly it has said so, and was not cut off
 * @treturn[1] boolean true: the reply is complete
 * @treturn[2] nil
 * @treturn[2] string code: `connection_lost`, or as from `feed`
 * @treturn[2] string where the reply was cut off
 * @raise before a request was written
 * @local
 */
static int h1_finish(lua_State *L)
{
  h1 *o = reading_self(L);
  return push_outcome(L, o, cog_h1_end(&o->reader, lua_toboolean(L, 2)));
}

/***
 * Whether the connection can carry another exchange.
 * @function http1:keeps
 * @treturn boolean
 * @local
 */
static int h1_keeps(lua_State *L)
{
  const h1 *o = self(L);
  lua_pushboolean(L, o->reader.reply != NULL && cog_h1_keeps(&o->reader));
  return 1;
}

static h1 *complete_self(lua_State *L)
{
  h1 *o = self(L);
  if (o->reader.outcome != COG_H1_COMPLETE)
    luaL_error(L, "the http1 object has no reply");
  return o;
}

/* No bytes can come any more, and nothing is left. */
static void forget(h1 *o)
{
  cog_reply_wipe(&o->reply);
  o->reader.reply = NULL;
  o->reader.outcome = COG_H1_MORE;
}

/***
 * Takes the reply out.
 * @function http1:response
 * @tparam[opt] boolean all_headers not only those that the client reads
 * @treturn table `{ status, headers, body }`
 * @raise when there is none
 * @local
 */
static int h1_response(lua_State *L)
{
  int all = lua_toboolean(L, 2);
  h1 *o = complete_self(L);
  cog_str body = cog_reply_body(&o->reply);
  o->busy = 1;
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, o->reply.status);
  lua_setfield(L, -2, "status");
  cog_push_headers(L, &o->reply, all);
  lua_setfield(L, -2, "headers");
  lua_pushlstring(L, body.p, body.n);
  lua_setfield(L, -2, "body");
  o->busy = 0;
  forget(o);
  return 1;
}

/***
 * Hands the reply over to the exchange whose request was written.
 * @function http1:answer
 * @tparam exchange exchange
 * @tparam[opt] number connect seconds since the beginning; nil without timings
 * @tparam[opt] number tls
 * @tparam[opt] number first_byte
 * @tparam[opt] number total
 * @raise when there is no reply, and unless the exchange is prepared
 * @local
 */
static int h1_answer(lua_State *L)
{
  h1 *o = complete_self(L);
  cog_exchange *x = cog_check_exchange(L, 2, EXCHANGES);
  cog_reply own;
  cog_timings timings = {0, 0, 0, 0, 0};
  int timed = !lua_isnoneornil(L, 3);
  if (timed) {
    timings.connect = luaL_checknumber(L, 3);
    timings.tls = luaL_checknumber(L, 4);
    timings.first_byte = luaL_checknumber(L, 5);
    timings.total = luaL_checknumber(L, 6);
  }
  cog_exchange_expect(L, x, COG_EXCHANGE_READY);
  cog_request_wipe(&x->request);
  own = x->reply;
  x->reply = o->reply;
  o->reply = own;
  x->timings = timings;
  x->timed = timed;
  x->state = COG_EXCHANGE_ANSWERED;
  forget(o);
  return 0;
}

/* ---- life ---- */

static int h1_gc(lua_State *L)
{
  h1 *o = check(L);
  o->busy = 1; /* for ever */
  cog_h1_free(&o->reader);
  cog_reply_free(&o->reply);
  cog_request_free(&o->request);
  cog_heap_free(&o->url);
  cog_heap_free(&o->bytes);
  return 0;
}

/***
 * Makes an object that writes a request and reads its reply, again and again.
 * @function http1
 * @tparam number max_response bytes that a reply may have, all in all
 * @treturn http1
 * @local
 */
static int new_h1(lua_State *L)
{
  lua_Number most = luaL_checknumber(L, 1);
  h1 *o;
  if (!(most >= 0 && most <= 1073741824))
    luaL_error(L, "option 'max_response': a whole number of bytes, at most "
                  "2^30, expected");
  o = lua_newuserdatauv(L, sizeof *o, 0);
  memset(o, 0, sizeof *o);
  o->most = (size_t)most;
  o->cuts = (uintptr_t)o >> 4; /* not where other objects begin */
  cog_request_init(&o->request);
  cog_heap_init(&o->url);
  cog_heap_init(&o->bytes);
  cog_reply_init(&o->reply);
  cog_h1_init(&o->reader);
  lua_pushvalue(L, METATABLE);
  lua_setmetatable(L, -2);
  return 1;
}

static const luaL_Reg methods[] = {
    {"write", h1_write},   {"load", h1_load},   {"feed", h1_feed},
    {"finish", h1_finish}, {"keeps", h1_keeps}, {"response", h1_response},
    {"answer", h1_answer}, {NULL, NULL}};

static const luaL_Reg metamethods[] = {{"__gc", h1_gc}, {NULL, NULL}};

static const luaL_Reg functions[] = {{"http1", new_h1}, {NULL, NULL}};

/* Adds functions to the table on top: the metatable is at this index, that of
 * exchanges below it. */
static void add(lua_State *L, const luaL_Reg *list, int metatable)
{
  lua_pushvalue(L, metatable);
  lua_pushvalue(L, metatable - 1);
  luaL_setfuncs(L, list, 2);
}

void cog_h1_functions(lua_State *L, int module)
{
  int metatable = lua_gettop(L) + 1;
  lua_newtable(L);
  lua_pushliteral(L, "cognito.http1");
  lua_setfield(L, metatable, "__name");
  add(L, metamethods, metatable);
  lua_newtable(L);
  add(L, methods, metatable);
  lua_setfield(L, metatable, "__index");
  lua_pushvalue(L, module);
  add(L, functions, metatable);
  lua_settop(L, metatable - 1);
}
