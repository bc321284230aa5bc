/*
 * lua_sign_input.c: see lua_sign_input.h.
 */
#include "lua_sign_input.h"

#include <string.h>
#include <time.h>

#include "header.h"
#include "lua_error.h"
#include "model.h"
#include "nearest.h"
#include "url.h"

/* Stack slots: two arguments, then their fields, in the order of the tables
 * below. */
enum {
  REQUEST = 1,
  OPTIONS,
  METHOD, /* of the request */
  URL,
  HEADERS,
  BODY,
  CREDENTIALS, /* of the options */
  REGION,
  SERVICE,
  TIME,
  NORMALIZE,
  SIGN_BODY,
  OMIT_TOKEN,
  KEY_ID, /* of the credentials */
  SECRET,
  TOKEN,
  LAST = TOKEN
};

static const cog_field request_fields[] = {
    COG_FIELD("method", LUA_TSTRING),
    COG_FIELD("url", LUA_TSTRING),
    COG_FIELD("headers", LUA_TTABLE),
    COG_FIELD("body", LUA_TSTRING),
};

static const cog_field option_fields[] = {
    COG_FIELD("credentials", LUA_TTABLE),
    COG_FIELD("region", LUA_TSTRING),
    COG_FIELD("service", LUA_TSTRING),
    COG_FIELD("time", LUA_TNUMBER),
    COG_FIELD("normalize", LUA_TBOOLEAN),
    COG_FIELD("sign_body", LUA_TBOOLEAN),
    COG_FIELD("omit_session_token", LUA_TBOOLEAN),
};

static const cog_field credential_fields[] = {
    COG_FIELD("access_key_id", LUA_TSTRING),
    COG_FIELD("secret_access_key", LUA_TSTRING),
    COG_FIELD("session_token", LUA_TSTRING),
};

static void unknown_option(lua_State *L, int key)
{
  cog_str name = cog_string_at(L, key);
  cog_nearest nearest;
  int i;
  if (name.p == NULL)
    luaL_error(L, "options: a name must be a string, not a %s",
               luaL_typename(L, key));
  cog_nearest_init(&nearest, name.p, name.n);
  for (i = 0; i < COG_COUNT(option_fields); i++)
    cog_nearest_offer(&nearest, option_fields[i].name.p);
  if (nearest.best == NULL)
    luaL_error(L, "unknown option '%s'", name.p);
  luaL_error(L, "unknown option '%s': did you mean '%s'?", name.p,
             nearest.best);
}

/* Requests and credentials may carry what is not for us; an unknown option
 * is a mistake. All three tables are read before anything is allocated. */
static void unpack(lua_State *L)
{
  cog_take_fields(L, REQUEST, request_fields, COG_COUNT(request_fields), NULL);
  cog_take_fields(L, OPTIONS, option_fields, COG_COUNT(option_fields),
                  unknown_option);
  if (lua_istable(L, CREDENTIALS))
    cog_take_fields(L, CREDENTIALS, credential_fields,
                    COG_COUNT(credential_fields), NULL);
  lua_settop(L, LAST);
  cog_check_fields(L, METHOD, "request", request_fields,
                   COG_COUNT(request_fields));
  cog_check_fields(L, CREDENTIALS, "options", option_fields,
                   COG_COUNT(option_fields));
  cog_check_fields(L, KEY_ID, "credentials", credential_fields,
                   COG_COUNT(credential_fields));
}

/* ---- what may be signed ---- */

static size_t find(cog_str s, size_t from, char c)
{
  const char *p = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;
  return p != NULL ? (size_t)(p - s.p) : s.n;
}

static int has_control(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < ' ' || s.p[i] == 127)
      return 1;
  return 0;
}

/* ---- reading ---- */

static cog_str required(lua_State *L, int slot, const char *name)
{
  if (lua_isnil(L, slot))
    luaL_error(L, "request.%s is missing", name);
  return cog_string_at(L, slot);
}

static int read_method(lua_State *L, cog_sign_input *r)
{
  r->in.method = required(L, METHOD, "method");
  if (!cog_is_token(r->in.method))
    return cog_refuse_parameter(L, "method", "this is not an HTTP method");
  return 0;
}

static cog_str part(cog_str s, size_t from, size_t to)
{
  cog_str piece;
  piece.p = s.p + from;
  piece.n = to - from;
  return piece;
}

static int read_url(lua_State *L, cog_sign_input *r)
{
  cog_str url = required(L, URL, "url");
  cog_url origin;
  size_t path, query;
  if (has_control(url))
    return cog_refuse_parameter(L, "url", "the URL holds control characters");
  url.n = find(url, 0, '#'); /* the fragment stays at home */
  query = find(url, 0, '?');
  path = find(part(url, 0, query), find(url, 0, ':') + 3, '/');
  if (!cog_url_read(part(url, 0, path), &origin))
    return cog_refuse_parameter(L, "url", "this is not an http or https URL");
  r->in.path = part(url, path, query);
  if (query < url.n)
    r->in.query = part(url, query + 1, url.n);
  cog_url_write_authority(&origin, &r->host.b);
  return 0;
}

static int read_credentials(lua_State *L, cog_sign_input *r)
{
  r->in.access_key_id = cog_string_at(L, KEY_ID);
  r->in.secret_access_key = cog_string_at(L, SECRET);
  if (lua_isnil(L, CREDENTIALS))
    return cog_refuse(L, "no_credentials", "credentials", "credentials",
                      "there are no credentials to sign with");
  if (r->in.access_key_id.n == 0)
    return cog_refuse(L, "no_credentials", "credentials",
                      "credentials.access_key_id",
                      "the credentials have no access_key_id");
  if (r->in.secret_access_key.n == 0)
    return cog_refuse(L, "no_credentials", "credentials",
                      "credentials.secret_access_key",
                      "the credentials have an access_key_id but no "
                      "secret_access_key");
  if (!cog_sigv4_plain(r->in.access_key_id))
    return cog_refuse_parameter(
        L, "credentials.access_key_id",
        "the access_key_id holds characters that no key id has");
  if (!cog_sigv4_visible(r->in.secret_access_key))
    return cog_refuse_parameter(
        L, "credentials.secret_access_key",
        "the secret_access_key holds white space, control "
        "or non-ASCII characters, which no key has");
  r->token = cog_string_at(L, TOKEN);
  if (!cog_sigv4_visible(r->token))
    return cog_refuse_parameter(
        L, "credentials.session_token",
        "the session_token holds white space, control or "
        "non-ASCII characters, which no token has");
  return 0;
}

static int read_scope(lua_State *L, cog_sign_input *r)
{
  r->in.region = cog_string_at(L, REGION);
  r->in.service = cog_string_at(L, SERVICE);
  if (r->in.service.p == NULL) {
    r->in.service.p = cog_signing_name;
    r->in.service.n = strlen(cog_signing_name);
  }
  if (r->in.region.p == NULL)
    return cog_refuse(L, "no_region", "validation", "region",
                      "a signature is for one region, and none was given");
  if (!cog_sigv4_plain(r->in.region))
    return cog_refuse_parameter(L, "region",
                                "this is not the name of a region");
  if (!cog_sigv4_plain(r->in.service))
    return cog_refuse_parameter(L, "service",
                                "this is not the name of a service");
  return 0;
}

static int read_time(lua_State *L, cog_sign_input *r)
{
  double now =
      lua_isnil(L, TIME) ? (double)time(NULL) : (double)lua_tonumber(L, TIME);
  if (!cog_sigv4_time(now, r->in.time))
    return cog_refuse_parameter(
        L, "time",
        "the time is not within the years 1970 to 9999: it "
        "counts seconds since 1970");
  return 0;
}

int cog_sign_input_read(lua_State *L, cog_sign_input *r)
{
  int refused;
  luaL_checktype(L, REQUEST, LUA_TTABLE);
  luaL_checktype(L, OPTIONS, LUA_TTABLE);
  lua_settop(L, OPTIONS);
  unpack(L);
  memset(&r->in, 0, sizeof r->in);
  cog_scratch_init(L, &r->host);
  r->in.body = cog_string_at(L, BODY);
  r->in.normalize = lua_isnil(L, NORMALIZE) || lua_toboolean(L, NORMALIZE);
  r->sign_body = lua_toboolean(L, SIGN_BODY);
  r->omit_token = lua_toboolean(L, OMIT_TOKEN);
  r->headers = HEADERS;
  if ((refused = read_method(L, r)) || (refused = read_url(L, r)) ||
      (refused = read_credentials(L, r)) || (refused = read_scope(L, r)))
    return refused;
  return read_time(L, r);
}
