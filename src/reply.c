/*
 * reply.c: what the service answers, as Lua sees it: a result, or an error.
 *
 * Members that the model does not know pass through under their own names,
 * so that a newer service stays usable.
 */
#include "reply.h"

#include <math.h>
#include <string.h>

#include "json_reader.h"
#include "lua_error.h"
#include "lua_headers.h"

/* ---- the response ---- */

typedef struct response {
  int status;
  const cog_reply *reply; /* NULL: the headers are a table */
  int headers;            /* its stack index */
  cog_str body;           /* a NUL follows */
} response;

/* 0 for what is no status: such a number may not even fit an int. */
static int to_status(lua_Number n)
{
  return n >= 100 && n <= 599 && n == floor(n) ? (int)n : 0;
}

static void open_response(lua_State *L, int i, response *r)
{
  i = lua_absindex(L, i);
  lua_pushliteral(L, "status");
  lua_rawget(L, i);
  if (lua_type(L, -1) != LUA_TNUMBER)
    luaL_error(L, "response.status must be a number, not a %s",
               luaL_typename(L, -1));
  r->status = to_status(lua_tonumber(L, -1));
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
  r->body.p = lua_tolstring(L, -1, &r->body.n);
  r->reply = NULL;
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

/* The same for a header. */
static int push_header(lua_State *L, const response *r, const char *name)
{
  if (r->reply == NULL)
    return push_text(L, r->headers, name);
  cog_push_header(L, r->reply, name);
  if (lua_rawlen(L, -1) > 0)
    return 1;
  lua_pop(L, 1);
  return 0;
}

/* Sets status and request_id in the table on top. */
static void set_identity(lua_State *L, const response *r)
{
  if (r->status != 0) {
    lua_pushinteger(L, r->status);
    lua_setfield(L, -2, "status");
  }
  if (push_header(L, r, "x-amzn-requestid") ||
      push_header(L, r, "x-amzn-request-id") ||
      push_header(L, r, "x-amz-request-id"))
    lua_setfield(L, -2, "request_id");
}

static void push_meta(lua_State *L, const response *r)
{
  lua_createtable(L, 0, 5); /* the client adds operation, attempts, elapsed */
  set_identity(L, r);
}

/* Whether replies of this shape may come without a body. Where the shape has
 * members the service writes at least {}: an empty body, as of a 204 that a
 * proxy made up, answers nothing. */
static int may_be_empty(uint16_t shape)
{
  return shape == COG_NONE || cog_shapes[shape].count == 0;
}

/* Reads the body along the shape when it is a JSON object. Leaves a value when it is read, a sentence when it
 * contradicts the shape, and nothing when it is no object. */
static cog_read read_object(lua_State *L, const response *r, uint16_t shape)
{
  cog_str body = r->body;
  size_t at;
  if (body.n == 0 && may_be_empty(shape)) {
    lua_newtable(L);
    return COG_READ_DONE;
  }
  at = strncmp(body.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* the reader's, too */
  at += strspn(body.p + at, " \t\r\n");
  return body.p[at] == '{' ? cog_read_json(L, body, shape, NULL)
                           : COG_READ_NO_JSON;
}

/* ---- errors ---- */

enum { LONGEST_CODE = 128 };

/* A code stands in log lines: other bytes and other lengths are no name. */
static int is_code(const char *text, size_t n)
{
  size_t i;
  for (i = 0; i < n; i++)
    if (text[i] < ' ' || text[i] > '~')
      return 0;
  return n > 0 && n <= LONGEST_CODE;
}

static int is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

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
  while (text < end && is_blank(*text))
    text++;
  while (end > text && is_blank(end[-1]))
    end--;
  if (!is_code(text, (size_t)(end - text)))
    return 0;
  lua_pushlstring(L, text, (size_t)(end - text));
  return 1;
}

/* Replaces the text on top by the code in it, if there is one. */
static int take_code(lua_State *L)
{
  size_t n;
  const char *text = lua_tolstring(L, -1, &n);
  if (!push_code_of(L, text, n)) {
    lua_pop(L, 1);
    return 0;
  }
  lua_remove(L, -2);
  return 1;
}

static int push_code_from(lua_State *L, int body, const char *key)
{
  return push_text(L, body, key) && take_code(L);
}

static int push_message(lua_State *L, const response *r, int body)
{
  return push_text(L, body, "message") || push_text(L, body, "Message") ||
         push_text(L, body, "errorMessage") ||
         push_header(L, r, "x-amzn-errormessage");
}

/* Some throttles carry no type, only this text. */
static int says_rate_exceeded(lua_State *L, int message)
{
  return strncmp(lua_tostring(L, message), "Rate exceeded", 13) == 0;
}

static void push_code(lua_State *L, const response *r, int body, int message)
{
  if ((push_header(L, r, "x-amzn-errortype") && take_code(L)) ||
      push_code_from(L, body, "__type") || push_code_from(L, body, "code") ||
      push_code_from(L, body, "Code"))
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

/* Replaces the message on top by the error. */
static void push_error(lua_State *L, const cog_operation *op,
                       const response *r, const char *code, const char *kind)
{
  cog_make_error(L, code, kind);
  set(L, "operation", cog_names + op->name);
  set_identity(L, r);
}

/* An answer below 300 that cannot be read. The service may have done what
 * it was asked: the caller decides what that means. */
static void push_malformed(lua_State *L, const cog_operation *op,
                           const response *r, const char *how)
{
  lua_pushfstring(L,
                  "the answer (HTTP %d, %d bytes) is not the JSON object "
                  "that was expected%s%s",
                  r->status, (int)r->body.n, how[0] != '\0' ? ": " : "", how);
  push_error(L, op, r, "malformed_response", "network");
}

/* The same, for what gives no status. */
static void push_no_status(lua_State *L, const cog_operation *op,
                           const response *r)
{
  lua_pushliteral(L, "the answer has no HTTP status from 100 to 599");
  push_error(L, op, r, "malformed_response", "network");
}

static void push_service_error(lua_State *L, const cog_operation *op,
                               const response *r)
{
  int body, message;
  const char *code;
  if (read_object(L, r, COG_NONE) != COG_READ_DONE)
    lua_newtable(L); /* HTML, half a JSON text, anything */
  body = lua_gettop(L);
  if (!push_message(L, r, body))
    lua_pushfstring(L, "the service answered HTTP %d and gave no reason",
                    r->status);
  message = lua_gettop(L);
  push_code(L, r, body, message);
  code = lua_tostring(L, -1);
  lua_pushvalue(L, message);
  push_error(L, op, r, code, is_throttle(code) ? "throttle" : "service");
  if (push_text(L, body, "reasonCode"))
    lua_setfield(L, -2, "reason_code");
}

static int push_result(lua_State *L, const cog_operation *op,
                       const response *r)
{
  cog_read read = read_object(L, r, op->output);
  if (read == COG_READ_DONE)
    return 1;
  push_malformed(L, op, r,
                 read == COG_READ_OTHER_SHAPE ? lua_tostring(L, -1) : "");
  return 0;
}

static int parse(lua_State *L, const cog_operation *op, const response *r)
{
  int done = 0;
  if (r->status >= 200 && r->status < 300)
    done = push_result(L, op, r);
  else if (r->status == 0)
    push_no_status(L, op, r);
  else
    push_service_error(L, op, r);
  lua_pushnil(L);
  if (!done)
    lua_insert(L, -2);
  push_meta(L, r);
  return 3;
}

int cog_parse(lua_State *L, const cog_operation *op, int i)
{
  response r;
  luaL_checkstack(L, LUA_MINSTACK, "no room for a reply");
  open_response(L, i, &r);
  return parse(L, op, &r);
}

int cog_parse_reply(lua_State *L, const cog_operation *op,
                    const cog_reply *reply)
{
  response r = {reply->status, reply, 0, cog_reply_body(reply)};
  luaL_checkstack(L, LUA_MINSTACK, "no room for a reply");
  return parse(L, op, &r);
}
