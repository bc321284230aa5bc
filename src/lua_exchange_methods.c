/***
 * The methods of exchanges. A client's calls are made of these; programs have
 * `core.build` and `core.parse`.
 * @module cognito.core
 */
#include "lua_exchange_methods.h"

#include <time.h>

#include "describe.h"
#include "fields.h"
#include "lua_caller.h"
#include "lua_exchange.h"
#include "lua_headers.h"
#include "reply.h"
#include "request_check.h"

/* The upvalues of every function here. */
#define METATABLE lua_upvalueindex(1) /* of exchanges */
#define SIGNER    lua_upvalueindex(2)
#define SUPPLY    lua_upvalueindex(3)
#define CALLERS   lua_upvalueindex(4) /* the metatable of callers */

static cog_exchange *self(lua_State *L)
{
  return cog_check_exchange(L, 1, METATABLE);
}

/* A text, or nothing for nil. */
static cog_str optional(lua_State *L, int index, const char *name)
{
  if (!lua_isnil(L, index) && lua_type(L, index) != LUA_TSTRING)
    luaL_error(L, "context.%s must be a string, not a %s", name,
               luaL_typename(L, index));
  return cog_string_at(L, index);
}

/* The strings of the context are the arguments' and the caller's. */
static cog_context read_context(lua_State *L, int is_signed,
                                const cog_client_headers **headers)
{
  cog_context c = cog_check_caller(L, 4, CALLERS, headers);
  c.client_secret = optional(L, 5, "client_secret");
  c.hash_username = optional(L, 6, "secret_hash_username");
  if (!lua_isnil(L, 7) && !lua_istable(L, 7))
    luaL_error(L, "context.credentials must be a table, not a %s",
               luaL_typename(L, 7));
  if (is_signed)
    cog_context_credentials(L, 7, &c);
  c.time =
      lua_isnil(L, 8) ? (double)time(NULL) : (double)luaL_checknumber(L, 8);
  return c;
}

static void add_number(cog_buffer *b, unsigned long n)
{
  char digits[20];
  size_t i = sizeof digits;
  do {
    digits[--i] = (char)('0' + n % 10);
    n /= 10;
  } while (n > 0);
  cog_add(b, digits + i, sizeof digits - i);
}

static unsigned long check_count(lua_State *L, int index)
{
  lua_Number n = luaL_checknumber(L, index);
  luaL_argcheck(L, n >= 1 && n <= 2147483647, index, "count expected");
  return (unsigned long)n;
}

/* "attempt=1; max=3", written where it goes. */
static void write_attempt(cog_exchange *x, unsigned long attempt,
                          unsigned long most)
{
  cog_buffer *b = &x->request.text;
  cog_adds(b, COG_STR("amz-sdk-request: attempt="));
  add_number(b, attempt);
  cog_adds(b, COG_STR("; max="));
  add_number(b, most);
  cog_addc(b, '\0');
  x->request.header_count++;
}

/* Which attempt of which call this is, unless the program says so itself. The
 * first attempt of a call gives the exchange the call's id. */
static void add_attempt(lua_State *L, cog_exchange *x,
                        const cog_client_headers *of_client,
                        unsigned long attempt, unsigned long most)
{
  if (attempt == 1)
    cog_uuid(L, lua_touserdata(L, SUPPLY), x->id);
  if (!of_client->has_id)
    cog_request_header(&x->request, COG_STR("amz-sdk-invocation-id"),
                       (cog_str){x->id, sizeof x->id});
  if (!of_client->has_attempt)
    write_attempt(x, attempt, most);
}

/***
 * Writes the request of an operation. What the exchange held before is
 * forgotten.
 * @function exchange:prepare
 * @tparam string operation
 * @tparam table params
 * @tparam caller caller
 * @tparam[opt] string secret of the app client
 * @tparam[opt] string secret_hash_username
 * @tparam[opt] table credentials
 * @tparam[opt] number time epoch seconds
 * @tparam[opt] number attempt counted from 1; without it the request has no
 *   headers that tell attempts and calls
 * @tparam[opt] number most attempts
 * @treturn[1] boolean true
 * @treturn[2] nil
 * @treturn[2] table error, as from `build`
 * @raise for an unknown operation, for arguments of a wrong type, and while
 *   the exchange is in flight
 * @local
 */
static int exchange_prepare(lua_State *L)
{
  cog_exchange *x;
  const cog_operation *op;
  const cog_client_headers *of_client;
  cog_context c;
  unsigned long attempt = 0, most = 0;
  lua_settop(L, 10);
  x = self(L);
  op = cog_check_operation(L, 2);
  luaL_checktype(L, 3, LUA_TTABLE);
  c = read_context(L, op->is_signed, &of_client);
  if (!lua_isnil(L, 9)) {
    attempt = check_count(L, 9);
    most = check_count(L, 10);
  }
  if (cog_exchange_prepare(L, x, lua_touserdata(L, SIGNER), op, 3, &c) != 0)
    return 2;
  cog_exchange_open(L, x);
  cog_request_headers(&x->request, of_client->lines, of_client->count);
  if (attempt > 0)
    add_attempt(L, x, of_client, attempt, most);
  cog_exchange_close(x, COG_EXCHANGE_READY);
  lua_pushboolean(L, 1);
  return 1;
}

static void add_header(lua_State *L, cog_exchange *x, cog_str name,
                       cog_str value)
{
  const char *complaint = cog_check_header(name, value);
  if (complaint != NULL)
    luaL_error(L, "a header %s", complaint);
  cog_request_header(&x->request, name, value);
}

/***
 * Adds a header, which is not signed.
 * @function exchange:header
 * @tparam string name
 * @tparam string value
 * @raise for what is no header, and unless the exchange is prepared
 * @local
 */
static int exchange_header(lua_State *L)
{
  cog_exchange *x = self(L);
  cog_str name, value;
  luaL_checktype(L, 2, LUA_TSTRING);
  luaL_checktype(L, 3, LUA_TSTRING);
  name = cog_string_at(L, 2);
  value = cog_string_at(L, 3);
  cog_exchange_expect(L, x, COG_EXCHANGE_READY);
  cog_exchange_open(L, x);
  add_header(L, x, name, value);
  cog_exchange_close(x, COG_EXCHANGE_READY);
  return 0;
}

/***
 * The request, for a transport that takes tables.
 * @function exchange:request
 * @treturn table `{ method, url, headers, body }`
 * @raise unless the exchange is prepared
 * @local
 */
static int exchange_request(lua_State *L)
{
  cog_exchange *x = self(L);
  cog_exchange_expect(L, x, COG_EXCHANGE_READY);
  x->state = COG_EXCHANGE_BUSY;
  cog_exchange_push_request(L, x);
  x->state = COG_EXCHANGE_READY;
  return 1;
}

/***
 * Hands the response of such a transport in.
 * @function exchange:respond
 * @tparam table response `{ status, headers, body }`
 * @raise unless the exchange is prepared
 * @local
 */
static int exchange_respond(lua_State *L)
{
  cog_exchange *x = self(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  cog_exchange_expect(L, x, COG_EXCHANGE_READY);
  cog_exchange_clear(x);
  cog_setref(L, 1);
  x->is_table = 1;
  x->state = COG_EXCHANGE_ANSWERED;
  return 0;
}

/* In the response's place: the reference must be to a table. */
static void drop_response(lua_State *L, cog_exchange *x)
{
  x->is_table = 0;
  lua_pushvalue(L, METATABLE);
  cog_setref(L, 1);
}

/* Stack: exchange. */
static int parse_table(lua_State *L, cog_exchange *x)
{
  x->state = COG_EXCHANGE_BUSY;
  cog_getref(L, 1);
  cog_parse(L, x->op, 2);
  lua_pushliteral(L, "timings");
  lua_rawget(L, 2);
  lua_setfield(L, -2, "timings"); /* of meta */
  x->state = COG_EXCHANGE_ANSWERED;
  if (lua_isnil(L, -2)) {
    drop_response(L, x);
    cog_exchange_clear(x);
  }
  return 3;
}

/***
 * Turns the reply into a result or an error. Only a failed call's reply stays,
 * for `headers`. The meta has `timings` where the transport was asked for them.
 * @function exchange:parse
 * @return as from `parse`
 * @raise unless the exchange is answered, and for a response of another form
 * @local
 */
static int exchange_parse(lua_State *L)
{
  cog_exchange *x = self(L);
  lua_settop(L, 1);
  cog_exchange_expect(L, x, COG_EXCHANGE_ANSWERED);
  return x->is_table ? parse_table(L, x) : cog_exchange_parse(L, x);
}

/***
 * The headers of a failed call's reply, as far as the client reads them.
 * @function exchange:headers
 * @treturn table values by name in lower case
 * @raise unless the exchange is answered
 * @local
 */
static int exchange_headers(lua_State *L)
{
  cog_exchange *x = self(L);
  lua_settop(L, 1);
  cog_exchange_expect(L, x, COG_EXCHANGE_ANSWERED);
  x->state = COG_EXCHANGE_BUSY;
  if (x->is_table) {
    cog_getref(L, 1);
    lua_pushliteral(L, "headers");
    lua_rawget(L, 2);
  } else
    cog_push_headers(L, &x->reply, 0);
  if (lua_isnil(L, -1))
    lua_newtable(L);
  x->state = COG_EXCHANGE_ANSWERED;
  return 1;
}

/***
 * Forgets request and reply. A request in flight stays there; its reply will
 * not come here.
 * @function exchange:clear
 * @raise while the exchange is in use
 * @local
 */
static int exchange_clear(lua_State *L)
{
  cog_exchange *x = self(L);
  if (x->state == COG_EXCHANGE_BUSY)
    cog_exchange_expect(L, x, COG_EXCHANGE_EMPTY);
  lua_settop(L, 1);
  if (x->is_table)
    drop_response(L, x);
  cog_exchange_clear(x);
  return 0;
}

/* A transport that has its request goes on: nothing there points here. */
static int exchange_gc(lua_State *L)
{
  cog_exchange_release(self(L));
  return 0;
}

/***
 * Makes an empty exchange.
 * @function exchange
 * @treturn exchange
 * @local
 */
static int new_exchange(lua_State *L)
{
  cog_push_exchange(L, METATABLE);
  return 1;
}

/***
 * Compiles what is the same for every request of a client.
 * @function caller
 * @tparam table context as for `build`: `endpoint`, `region`, `client_id`,
 *   `user_pool_id` and `analytics_metadata` count; and `headers`, a list of
 *   `{ name, value }`, which are added unsigned
 * @treturn caller
 * @raise for fields of a wrong type, and for what is no header
 * @local
 */
static int new_caller(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  cog_push_caller(L, 1, CALLERS);
  return 1;
}

static const luaL_Reg methods[] = {
    {"prepare", exchange_prepare}, {"header", exchange_header},
    {"request", exchange_request}, {"respond", exchange_respond},
    {"parse", exchange_parse},     {"headers", exchange_headers},
    {"clear", exchange_clear},     {NULL, NULL}};

static const luaL_Reg metamethods[] = {{"__gc", exchange_gc}, {NULL, NULL}};

static const luaL_Reg functions[] = {
    {"exchange", new_exchange}, {"caller", new_caller}, {NULL, NULL}};

/* Adds the functions to the table on top, with copies of the four upvalues
 * from this index on. */
static void add(lua_State *L, const luaL_Reg *list, int upvalues)
{
  int i;
  for (i = 0; i < 4; i++)
    lua_pushvalue(L, upvalues + i);
  luaL_setfuncs(L, list, 4);
}

void cog_exchange_functions(lua_State *L)
{
  int module = lua_gettop(L) - 2, upvalues = module + 3;
  luaL_checkstack(L, LUA_MINSTACK, "no room for a module");
  lua_newtable(L);
  lua_pushvalue(L, module + 1);
  lua_pushvalue(L, module + 2);
  cog_push_caller_metatable(L); /* the four upvalues */
  lua_pushvalue(L, upvalues);
  add(L, metamethods, upvalues);
  lua_newtable(L);
  add(L, methods, upvalues);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "cognito.exchange");
  lua_setfield(L, -2, "__name");
  lua_pushvalue(L, module);
  add(L, functions, upvalues);
  lua_settop(L, upvalues - 1);
}

void cog_exchange_metatable(lua_State *L, int module)
{
  lua_getfield(L, module, "exchange");
  lua_getupvalue(L, -1, 1);
  lua_remove(L, -2);
}
