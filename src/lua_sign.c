/***
 * Signature Version 4 as a Lua function.
 * @module cognito.core
 */
#include "lua_sign.h"

#include <string.h>

#include "canonical.h"
#include "header.h"
#include "lua_error.h"
#include "lua_sign_input.h"
#include "lua_signer.h"
#include "scratch.h"
#include "secret.h"

#define SIGNER lua_upvalueindex(1)

/* ---- the headers, to sign and to return ---- */

/* The longest list that needs no memory of its own. */
#define FEW_HEADERS 16

/* Host, X-Amz-Date, X-Amz-Content-Sha256, X-Amz-Security-Token */
#define OUR_HEADERS  4

#define TOKEN_HEADER "X-Amz-Security-Token"

typedef struct signing_call {
  lua_State *L;
  cog_signer *signer;
  cog_sign_input input;
  cog_header few[FEW_HEADERS];
  char payload_hash[COG_SHA256_HEX];
  int result; /* stack index of the list to return, and its length */
  int nresult;
} signing_call;

static cog_str text_of(const cog_buffer *b)
{
  cog_str s;
  s.p = b->data;
  s.n = b->len;
  return s;
}

static void sign_header(signing_call *c, cog_str name, cog_str value)
{
  cog_header *h = &c->input.in.headers[c->input.in.nheaders++];
  h->name = name;
  h->value = value;
}

static void add_header(signing_call *c, const char *name, cog_str value)
{
  lua_State *L = c->L;
  lua_createtable(L, 2, 0);
  lua_pushstring(L, name);
  lua_rawseti(L, -2, 1);
  lua_pushlstring(L, value.p, value.n);
  lua_rawseti(L, -2, 2);
  lua_rawseti(L, c->result, ++c->nresult);
}

static int is_named(cog_str name, const char *other)
{
  cog_str s;
  s.p = other;
  s.n = strlen(other);
  return name.n == s.n && cog_compare_names(name, s) == 0;
}

/* What an earlier signature left behind. */
static int is_stale(cog_str name)
{
  return is_named(name, "authorization") || is_named(name, "x-amz-date") ||
         is_named(name, "x-amz-security-token") ||
         is_named(name, "x-amz-content-sha256");
}

/* Pushes the i-th header: the pair, its name and its value. */
static void push_header(lua_State *L, int list, int i)
{
  lua_rawgeti(L, list, i);
  if (!lua_istable(L, -1))
    luaL_error(L, "request.headers[%d] must be a table, not a %s", i,
               luaL_typename(L, -1));
  lua_rawgeti(L, -1, 1);
  lua_rawgeti(L, -2, 2);
  if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
    luaL_error(L, "request.headers[%d] must be { name, value }, two strings",
               i);
}

/* The strings stay on the stack for as long as C points into them. */
static int read_header(signing_call *c, int i, int *has_host)
{
  cog_str name, value;
  push_header(c->L, c->input.headers, i);
  name = cog_string_at(c->L, -2);
  value = cog_string_at(c->L, -1);
  if (!cog_is_token(name))
    return cog_refuse_parameter(c->L, "headers",
                                "this is not the name of a header");
  if (!cog_is_folded_value(value))
    return cog_refuse_parameter(
        c->L, "headers",
        "a header's value holds a line break, a NUL or "
        "another control character");
  if (is_stale(name)) {
    lua_pop(c->L, 3);
    return 0;
  }
  *has_host |= is_named(name, "host");
  sign_header(c, name, value);
  lua_pushvalue(c->L, -3);
  lua_rawseti(c->L, c->result, ++c->nresult);
  return 0;
}

/* How many headers; raises when they are not a list. */
static int count_headers(lua_State *L, int list)
{
  int n = 0;
  if (lua_isnil(L, list))
    return 0;
  lua_pushnil(L);
  for (; lua_next(L, list); n++)
    lua_pop(L, 1);
  if ((int)lua_rawlen(L, list) != n)
    luaL_error(L, "request.headers must be a list of { name, value }");
  return n;
}

/* Pushes an empty result, and makes room to sign n headers and ours. */
static void start_headers(signing_call *c, int n)
{
  size_t room = (size_t)n + OUR_HEADERS;
  luaL_checkstack(c->L, 3 * n + LUA_MINSTACK, "too many headers");
  c->input.in.headers =
      room <= FEW_HEADERS ? c->few
                          : lua_newuserdatauv(c->L, room * sizeof *c->few, 0);
  lua_createtable(c->L, n + OUR_HEADERS, 0);
  c->result = lua_gettop(c->L);
  c->nresult = 0;
}

/* Host is signed even where only the HTTP layer will add it. */
static int read_headers(signing_call *c)
{
  int n = count_headers(c->L, c->input.headers);
  int has_host = 0;
  int i;
  start_headers(c, n);
  for (i = 1; i <= n; i++) {
    int refused = read_header(c, i, &has_host);
    if (refused)
      return refused;
  }
  if (!has_host)
    sign_header(c, COG_STR("host"), text_of(&c->input.host.b));
  return 0;
}

static void add_signed(signing_call *c, const char *name, cog_str value)
{
  cog_str signed_name;
  signed_name.p = name;
  signed_name.n = strlen(name);
  sign_header(c, signed_name, value);
  add_header(c, name, value);
}

static void add_payload_hash(signing_call *c)
{
  unsigned char hash[COG_SHA256_SIZE];
  cog_crypto_check(c->L,
                   cog_sha256(&c->signer->digest, &c->input.in.body, 1, hash));
  cog_hex(c->payload_hash, hash, sizeof hash);
  c->input.in.payload_hash.p = c->payload_hash;
  c->input.in.payload_hash.n = sizeof c->payload_hash;
  add_signed(c, "X-Amz-Content-Sha256", c->input.in.payload_hash);
}

static void push_steps(lua_State *L, const cog_sigv4_steps *steps)
{
  lua_createtable(L, 0, 3);
  lua_pushlstring(L, steps->canonical_request.p, steps->canonical_request.n);
  lua_setfield(L, -2, "canonical_request");
  lua_pushlstring(L, steps->string_to_sign.p, steps->string_to_sign.n);
  lua_setfield(L, -2, "string_to_sign");
  lua_pushlstring(L, steps->signature, sizeof steps->signature);
  lua_setfield(L, -2, "signature");
}

/* Adds what the signature covers besides the request. */
static void add_our_headers(signing_call *c)
{
  cog_str date;
  date.p = c->input.in.time;
  date.n = COG_SIGV4_TIME;
  add_signed(c, "X-Amz-Date", date);
  if (c->input.sign_body)
    add_payload_hash(c);
  if (c->input.token.n > 0 && !c->input.omit_token)
    add_signed(c, TOKEN_HEADER, c->input.token);
}

/* Signs, and returns headers and steps. */
static int finish(signing_call *c)
{
  cog_buffer texts; /* the session token is in them */
  cog_scratch out;
  cog_sigv4_steps steps;
  cog_secret_init(c->L, &texts);
  cog_scratch_init(c->L, &out);
  cog_crypto_check(c->L, cog_sigv4_authorization(c->signer, &c->input.in,
                                                 &texts, &out.b, &steps));
  add_header(c, "Authorization", text_of(&out.b));
  if (c->input.token.n > 0 && c->input.omit_token)
    add_header(c, TOKEN_HEADER, c->input.token);
  lua_pushvalue(c->L, c->result);
  push_steps(c->L, &steps);
  cog_secret_wipe(&texts);
  return 2;
}

/***
 * Signs a request with Signature Version 4 in its Authorization header.
 *
 * Any request to any service, not only ours; S3 wants `normalize = false`
 * and another encoding of the path, which this does not do.
 * Rules: AWS IAM user guide, "Create a signed AWS API request".
 * @function sign
 * @tparam table request `{ method, url, headers, body }`: `headers` a list of
 *   `{ name, value }`; the URL may hold raw spaces and UTF-8. What an earlier
 *   signature added to the headers is replaced. `Host` follows from the URL
 *   where it is not among the headers.
 * @tparam table options
 * @tparam table options.credentials `{ access_key_id, secret_access_key,
 *   session_token }`, the last one optional
 * @tparam string options.region
 * @tparam[opt="cognito-idp"] string options.service
 * @tparam[opt] number options.time seconds since the epoch; default: now
 * @tparam[opt=true] boolean options.normalize whether dot segments and double
 *   slashes are removed from the path before signing
 * @tparam[opt=false] boolean options.sign_body whether to add (and sign) the
 *   body's hash as X-Amz-Content-Sha256
 * @tparam[opt=false] boolean options.omit_session_token whether the session
 *   token is added after signing, unsigned
 * @treturn[1] {{string,string},...} the headers to send: a new list, with
 *   the request's own pairs in it
 * @treturn[1] table steps `{ canonical_request, string_to_sign, signature }`;
 *   the first one holds the session token, if any
 * @treturn[2] nil
 * @treturn[2] table error `{ code, kind, field, message }`: `no_credentials`,
 *   `no_region`, `invalid_parameter`
 * @raise for wrong types and unknown options
 * @usage
 * local headers = assert(core.sign(
 *   { method = "GET", url = "https://sts.amazonaws.com/?Action=X" },
 *   { credentials = credentials, region = "us-east-1", service = "sts" }))
 */
static int sign(lua_State *L)
{
  signing_call c;
  int refused;
  luaL_checkstack(L, 2 * LUA_MINSTACK, "no room to sign");
  c.L = L;
  c.signer = lua_touserdata(L, SIGNER);
  refused = cog_sign_input_read(L, &c.input);
  if (refused == 0)
    refused = read_headers(&c);
  if (refused != 0)
    return refused;
  add_our_headers(&c);
  return finish(&c);
}

static const luaL_Reg functions[] = {{"sign", sign}, {NULL, NULL}};

void cog_sign_functions(lua_State *L)
{
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2); /* module signer */
  luaL_setfuncs(L, functions, 1);
  lua_pop(L, 1);
}
