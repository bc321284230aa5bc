/*
 * reply.c: what the service answers, as Lua sees it.
 *
 * lua-cjson decodes; this file renames the members in place along the shape
 * (the service's spelling to ours), drops nulls and makes whole numbers
 * integers. What the model does not know passes through under its own name,
 * so that a newer service stays usable.
 */
#include "reply.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include <openssl/evp.h>

#include "scratch.h"

#define DEEPEST "64"

void cog_push_decoder(lua_State *L)
{
  static const char setup[] = "local json = require('cjson').new()\n"
                              "json.decode_invalid_numbers(false)\n"
                              "json.decode_max_depth(" DEEPEST ")\n"
                              "return json.decode";
  if (luaL_loadbuffer(L, setup, sizeof setup - 1, "=cognito") != LUA_OK)
    lua_error(L);
  lua_call(L, 0, 1);
}

/* ---- values ---- */

static void tidy(lua_State *L, uint16_t shape);

static int is_null(lua_State *L, int i)
{
  return lua_type(L, i) == LUA_TLIGHTUSERDATA && lua_touserdata(L, i) == NULL;
}

/* lua-cjson 2.1.0 makes every number a float: 3600.0 would print so. */
static void tidy_number(lua_State *L)
{
#if LUA_VERSION_NUM >= 503
  lua_Number n;
  if (lua_isinteger(L, -1))
    return;
  n = lua_tonumber(L, -1);
  if (n == floor(n) && n >= -9007199254740992.0 && n <= 9007199254740992.0) {
    lua_pushinteger(L, (lua_Integer)n);
    lua_replace(L, -2);
  }
#else
  (void)L;
#endif
}

/* Bytes travel as base64; what does not decode is left as it came. */
static void tidy_blob(lua_State *L)
{
  cog_scratch s;
  size_t n, padding;
  const char *text = lua_tolstring(L, -1, &n);
  char *to;
  int len;
  if (n == 0 || n % 4 != 0 || n > INT_MAX)
    return;
  cog_scratch_init(L, &s);
  to = cog_room(&s.b, n / 4 * 3);
  len = EVP_DecodeBlock((unsigned char *)to, (const unsigned char *)text,
                        (int)n);
  if (len >= 0) {
    padding = (size_t)(text[n - 1] == '=') + (size_t)(text[n - 2] == '=');
    lua_pushlstring(L, to, (size_t)len - padding);
    lua_replace(L, -3);
  }
  lua_pop(L, 1);
}

/* The keys are strings or a list's indices; both may be assigned to, also
 * with nil, while lua_next is under way. */
static void tidy_each(lua_State *L, uint16_t shape)
{
  int t = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2); /* key key value */
    if (is_null(L, -1)) {
      lua_pop(L, 1);
      lua_pushnil(L);
    } else
      tidy(L, shape);
    lua_rawset(L, t);
    lua_pushnil(L); /* for the loop's pop */
  }
}

/* Nulls leave no holes in a list. */
static void tidy_list(lua_State *L, uint16_t shape)
{
  int t = lua_gettop(L);
  int i, kept = 0, n = (int)lua_rawlen(L, t);
  for (i = 1; i <= n; i++) {
    lua_rawgeti(L, t, i);
    if (is_null(L, -1)) {
      lua_pop(L, 1);
      continue;
    }
    tidy(L, shape);
    lua_rawseti(L, t, ++kept);
  }
  for (i = kept + 1; i <= n; i++) {
    lua_pushnil(L);
    lua_rawseti(L, t, i);
  }
}

/* The old name goes first: the table may have no room for both. */
static void rename_member(lua_State *L, int t, const cog_member *m)
{
  lua_pushstring(L, cog_names + m->wire);
  lua_pushnil(L);
  lua_rawset(L, t);
  if (is_null(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  tidy(L, m->shape);
  lua_pushstring(L, cog_names + m->name);
  lua_insert(L, -2);
  lua_rawset(L, t);
}

static void tidy_structure(lua_State *L, const cog_shape *shape)
{
  int t = lua_gettop(L);
  int i, unknown = 0;
  for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1))
    unknown++;
  for (i = 0; i < shape->count && unknown > 0; i++) {
    const cog_member *m = &cog_members[shape->first + i];
    lua_pushstring(L, cog_names + m->wire);
    lua_rawget(L, t);
    if (lua_isnil(L, -1))
      lua_pop(L, 1);
    else {
      rename_member(L, t, m);
      unknown--;
    }
  }
  /* Going over known members again changes nothing. */
  if (unknown > 0)
    tidy_each(L, COG_NONE);
}

/* Any value of unknown shape. */
static void tidy_any(lua_State *L)
{
  if (lua_rawlen(L, -1) > 0)
    tidy_list(L, COG_NONE);
  else
    tidy_each(L, COG_NONE);
}

/* Replaces the value on top by what Lua should see. The reply's depth is
 * bounded by the decoder, so is this recursion. */
static void tidy(lua_State *L, uint16_t shape)
{
  int type = shape == COG_NONE ? COG_DOCUMENT : cog_shapes[shape].type;
  luaL_checkstack(L, 8, "a reply nested too deep");
  switch (lua_type(L, -1)) {
  case LUA_TNUMBER:
    tidy_number(L);
    break;
  case LUA_TSTRING:
    if (type == COG_BLOB)
      tidy_blob(L);
    break;
  case LUA_TTABLE:
    if (type == COG_STRUCTURE)
      tidy_structure(L, &cog_shapes[shape]);
    else if (type == COG_LIST)
      tidy_list(L, cog_shapes[shape].first);
    else if (type == COG_MAP)
      tidy_each(L, cog_shapes[shape].first);
    else
      tidy_any(L);
    break;
  default:
    break;
  }
}

/* ---- the response ---- */

typedef struct response {
  int status;
  int headers; /* stack indices */
  int body;
} response;

static void open_response(lua_State *L, int i, response *r)
{
  i = lua_absindex(L, i);
  luaL_checktype(L, i, LUA_TTABLE);
  lua_pushliteral(L, "status");
  lua_rawget(L, i);
  if (lua_type(L, -1) != LUA_TNUMBER)
    luaL_error(L, "response.status must be a number, not a %s",
               luaL_typename(L, -1));
  r->status = (int)lua_tonumber(L, -1);
  lua_pop(L, 1);
  lua_pushliteral(L, "headers");
  lua_rawget(L, i);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
  }
  if (!lua_istable(L, -1))
    luaL_error(L, "response.headers must be a table, not a %s",
               luaL_typename(L, -1));
  r->headers = lua_gettop(L);
  lua_pushliteral(L, "body");
  lua_rawget(L, i);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushliteral(L, "");
  }
  if (lua_type(L, -1) != LUA_TSTRING)
    luaL_error(L, "response.body must be a string, not a %s",
               luaL_typename(L, -1));
  r->body = lua_gettop(L);
}

/* Pushes the string under a key of a table, or nothing and returns 0. */
static int push_text(lua_State *L, int t, const char *key)
{
  lua_pushstring(L, key);
  lua_rawget(L, t);
  if (lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) > 0)
    return 1;
  lua_pop(L, 1);
  return 0;
}

static int push_first(lua_State *L, int t, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    if (push_text(L, t, *keys))
      return 1;
  return 0;
}

/* Sets status and request_id in the table on top. */
static void set_identity(lua_State *L, const response *r)
{
  static const char *const ids[] = {"x-amzn-requestid", "x-amzn-request-id",
                                    "x-amz-request-id", NULL};
  lua_pushinteger(L, r->status);
  lua_setfield(L, -2, "status");
  if (push_first(L, r->headers, ids))
    lua_setfield(L, -2, "request_id");
}

static void push_meta(lua_State *L, const response *r)
{
  lua_createtable(L, 0, 5); /* the client adds operation, attempts, elapsed */
  set_identity(L, r);
}

/* Pushes the decoded body when it is a JSON object; an empty one is as
 * good as {}. A decoder that runs out of memory raises as Lua does. */
static int push_object(lua_State *L, int decoder, const response *r)
{
  size_t n;
  const char *body = lua_tolstring(L, r->body, &n);
  int status;
  if (n == 0) {
    lua_newtable(L);
    return 1;
  }
  if (body[strspn(body, " \t\r\n")] != '{')
    return 0;
  lua_pushvalue(L, decoder);
  lua_pushvalue(L, r->body);
  status = lua_pcall(L, 1, 1, 0);
  if (status == LUA_ERRMEM)
    lua_error(L);
  if (status == LUA_OK && lua_istable(L, -1))
    return 1;
  lua_pop(L, 1);
  return 0;
}

/* ---- errors ---- */

/* "ns#Name:http://…" names the same error as "Name" (Smithy's AWS JSON 1.1
 * protocol, operation error serialisation). */
static int push_code_of(lua_State *L, const char *text, size_t n)
{
  const char *end = text + n, *p;
  for (p = text; p < end; p++)
    if (*p == ':' || *p == ',') {
      end = p;
      break;
    }
  for (p = text; p < end; p++)
    if (*p == '#') {
      text = p + 1;
      break;
    }
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  if (text == end)
    return 0;
  lua_pushlstring(L, text, (size_t)(end - text));
  return 1;
}

static int push_code_from(lua_State *L, int t, const char *key)
{
  size_t n;
  const char *text;
  if (!push_text(L, t, key))
    return 0;
  text = lua_tolstring(L, -1, &n);
  if (!push_code_of(L, text, n)) {
    lua_pop(L, 1);
    return 0;
  }
  lua_remove(L, -2);
  return 1;
}

static int push_message(lua_State *L, const response *r, int body)
{
  static const char *const keys[] = {"message", "Message", "errorMessage",
                                     NULL};
  return push_first(L, body, keys) ||
         push_text(L, r->headers, "x-amzn-errormessage");
}

/* Some throttles carry no type, only this text. */
static int says_rate_exceeded(lua_State *L, int message)
{
  return strncmp(lua_tostring(L, message), "Rate exceeded", 13) == 0;
}

static void push_code(lua_State *L, const response *r, int body, int message)
{
  if (push_code_from(L, r->headers, "x-amzn-errortype") ||
      push_code_from(L, body, "__type") || push_code_from(L, body, "code"))
    return;
  if (says_rate_exceeded(L, message) || r->status == 429)
    lua_pushliteral(L, "TooManyRequestsException");
  else
    lua_pushfstring(L, "http_%d", r->status);
}

/* The AWS SDKs' list, less LimitExceededException: in this service that is
 * a limit of one user or one day, and waiting a second does not lift it. */
static int is_throttle(const char *code)
{
  static const char *const codes[] = {"TooManyRequestsException",
                                      "ThrottlingException",
                                      "Throttling",
                                      "ThrottledException",
                                      "RequestThrottledException",
                                      "RequestThrottled",
                                      "RequestLimitExceeded",
                                      "BandwidthLimitExceeded",
                                      "ProvisionedThroughputExceededException",
                                      "TransactionInProgressException",
                                      "SlowDown",
                                      "PriorRequestNotComplete",
                                      "EC2ThrottledException",
                                      NULL};
  int i;
  for (i = 0; codes[i] != NULL; i++)
    if (strcmp(codes[i], code) == 0)
      return 1;
  return 0;
}

static void set(lua_State *L, const char *key, const char *value)
{
  lua_pushstring(L, value);
  lua_setfield(L, -2, key);
}

static void push_error(lua_State *L, const cog_operation *op,
                       const response *r, const char *kind)
{
  lua_createtable(L, 0, 12);
  set(L, "operation", cog_names + op->name);
  set(L, "kind", kind);
  set_identity(L, r);
}

/* An answer below 300 that cannot be read. The service may have done what
 * it was asked: the caller decides what that means. */
static void push_malformed(lua_State *L, const cog_operation *op,
                           const response *r)
{
  push_error(L, op, r, "network");
  set(L, "code", "malformed_response");
  lua_pushfstring(L,
                  "the answer (HTTP %d, %d bytes) is not the JSON object "
                  "that was expected",
                  r->status, (int)lua_rawlen(L, r->body));
  lua_setfield(L, -2, "message");
}

static void push_service_error(lua_State *L, const cog_operation *op,
                               int decoder, const response *r)
{
  int body, message, code;
  if (!push_object(L, decoder, r))
    lua_newtable(L); /* HTML, half a JSON text, anything */
  body = lua_gettop(L);
  if (!push_message(L, r, body))
    lua_pushfstring(L, "the service answered HTTP %d and gave no reason",
                    r->status);
  message = lua_gettop(L);
  push_code(L, r, body, message);
  code = lua_gettop(L);
  push_error(L, op, r,
             is_throttle(lua_tostring(L, code)) ? "throttle" : "service");
  lua_pushvalue(L, code);
  lua_setfield(L, -2, "code");
  lua_pushvalue(L, message);
  lua_setfield(L, -2, "message");
  if (push_text(L, body, "reasonCode"))
    lua_setfield(L, -2, "reason_code");
}

int cog_parse(lua_State *L, const cog_operation *op, int decoder, int i)
{
  response r;
  decoder = lua_absindex(L, decoder);
  luaL_checkstack(L, LUA_MINSTACK, "no room for a reply");
  open_response(L, i, &r);
  if (r.status >= 200 && r.status < 300 && push_object(L, decoder, &r)) {
    tidy(L, op->output);
    lua_pushnil(L);
  } else {
    if (r.status >= 200 && r.status < 300)
      push_malformed(L, op, &r);
    else
      push_service_error(L, op, decoder, &r);
    lua_pushnil(L);
    lua_insert(L, -2);
  }
  push_meta(L, &r);
  return 3;
}
