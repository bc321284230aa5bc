/*
 * sign_input.c: see sign_input.h.
 */
#include "sign_input.h"

#include <string.h>
#include <time.h>

#include "endpoint.h"
#include "model.h"
#include "nearest.h"

/* Stack slots: two arguments, then what they hold. */
enum {
  REQUEST = 1,
  OPTIONS,
  METHOD,
  URL,
  HEADERS,
  BODY,
  CREDENTIALS,
  REGION,
  SERVICE,
  TIME,
  NORMALIZE,
  SIGN_BODY,
  OMIT_TOKEN,
  KEY_ID,
  SECRET,
  TOKEN,
  LAST = TOKEN
};

typedef struct field {
  cog_str name;
  int type;
  int slot;
} field;

#define FIELD(name, type, slot)                                               \
  {                                                                           \
    {name, sizeof(name) - 1}, type, slot                                      \
  }

static const field request_fields[] = {
    FIELD("method", LUA_TSTRING, METHOD),
    FIELD("url", LUA_TSTRING, URL),
    FIELD("headers", LUA_TTABLE, HEADERS),
    FIELD("body", LUA_TSTRING, BODY),
    {{NULL, 0}, 0, 0},
};

static const field option_fields[] = {
    FIELD("credentials", LUA_TTABLE, CREDENTIALS),
    FIELD("region", LUA_TSTRING, REGION),
    FIELD("service", LUA_TSTRING, SERVICE),
    FIELD("time", LUA_TNUMBER, TIME),
    FIELD("normalize", LUA_TBOOLEAN, NORMALIZE),
    FIELD("sign_body", LUA_TBOOLEAN, SIGN_BODY),
    FIELD("omit_session_token", LUA_TBOOLEAN, OMIT_TOKEN),
    {{NULL, 0}, 0, 0},
};

static const field credential_fields[] = {
    FIELD("access_key_id", LUA_TSTRING, KEY_ID),
    FIELD("secret_access_key", LUA_TSTRING, SECRET),
    FIELD("session_token", LUA_TSTRING, TOKEN),
    {{NULL, 0}, 0, 0},
};

cog_str cog_string_at(lua_State *L, int i)
{
  cog_str s = {NULL, 0};
  if (lua_type(L, i) == LUA_TSTRING)
    s.p = lua_tolstring(L, i, &s.n);
  return s;
}

/* The field named by the key at the stack index, NULL for none. */
static const field *find_field(lua_State *L, int key, const field *f)
{
  cog_str name = cog_string_at(L, key);
  for (; f->name.p != NULL; f++)
    if (f->name.n == name.n && memcmp(f->name.p, name.p, name.n) == 0)
      return f;
  return NULL;
}

static int unknown_option(lua_State *L, int key)
{
  cog_str name = cog_string_at(L, key);
  cog_nearest nearest;
  const field *f;
  if (name.p == NULL)
    return luaL_error(L, "options: a name must be a string, not a %s",
                      luaL_typename(L, key));
  cog_nearest_init(&nearest, name.p, name.n);
  for (f = option_fields; f->name.p != NULL; f++)
    cog_nearest_offer(&nearest, f->name.p);
  if (nearest.best == NULL)
    return luaL_error(L, "unknown option '%s'", name.p);
  return luaL_error(L, "unknown option '%s': did you mean '%s'?", name.p,
                    nearest.best);
}

/* Unpacks the table at slot t, nil for an empty one, into its fields'
 * slots. Raises for a wrong type, and for unknown names among the options;
 * requests and credentials may carry what is not for us. */
static void unpack(lua_State *L, int t, const char *what, const field *fields)
{
  if (lua_isnil(L, t))
    return;
  lua_pushnil(L);
  while (lua_next(L, t)) { /* key value */
    const field *f = find_field(L, -2, fields);
    if (f == NULL && fields == option_fields)
      unknown_option(L, -2);
    if (f == NULL) {
      lua_pop(L, 1);
      continue;
    }
    if (lua_type(L, -1) != f->type)
      luaL_error(L, "%s.%s must be a %s, not a %s", what, f->name.p,
                 lua_typename(L, f->type), luaL_typename(L, -1));
    lua_replace(L, f->slot);
  }
}

/* ---- refusals: push nil and an error, return 2 ---- */

static int refuse(lua_State *L, const char *code, const char *kind,
                  const char *field_name, const char *message)
{
  lua_pushnil(L);
  lua_createtable(L, 0, 4);
  lua_pushstring(L, code);
  lua_setfield(L, -2, "code");
  lua_pushstring(L, kind);
  lua_setfield(L, -2, "kind");
  lua_pushstring(L, field_name);
  lua_setfield(L, -2, "field");
  lua_pushstring(L, message);
  lua_setfield(L, -2, "message");
  return 2;
}

int cog_sign_refuse(lua_State *L, const char *field_name, const char *message)
{
  return refuse(L, "invalid_parameter", "validation", field_name, message);
}

/* ---- what may be signed ---- */

static int is_token_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         (c != '\0' && strchr("-_!#$%&'*+.^`|~", c) != NULL);
}

int cog_is_token(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (!is_token_char(s.p[i]))
      return 0;
  return s.n > 0;
}

static size_t find(cog_str s, size_t from, char c)
{
  const char *p = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;
  return p != NULL ? (size_t)(p - s.p) : s.n;
}

static int is_blank(cog_str s, size_t i)
{
  return i < s.n && (s.p[i] == ' ' || s.p[i] == '\t');
}

/* Whether the line break at i is one of a folded value: white space goes on
 * after it (RFC 9112, section 5.2). */
static int is_fold(cog_str s, size_t i)
{
  if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
    i++;
  return is_blank(s, i + 1);
}

static int are_folds(cog_str s, char line_break)
{
  size_t i = find(s, 0, line_break);
  while (i < s.n && is_fold(s, i))
    i = find(s, i + 1, line_break);
  return i == s.n;
}

int cog_is_header_value(cog_str s)
{
  return find(s, 0, '\0') == s.n && are_folds(s, '\r') && are_folds(s, '\n');
}

/* Visible ASCII: what key ids and session tokens are made of. */
static int is_visible(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (s.p[i] <= ' ' || s.p[i] > '~')
      return 0;
  return 1;
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
    return cog_sign_refuse(L, "method", "this is not an HTTP method");
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
  cog_endpoint origin;
  size_t path, query;
  if (has_control(url))
    return cog_sign_refuse(L, "url", "the URL holds control characters");
  url.n = find(url, 0, '#'); /* the fragment stays at home */
  query = find(url, 0, '?');
  path = find(part(url, 0, query), find(url, 0, ':') + 3, '/');
  if (!cog_endpoint_parse(part(url, 0, path), &origin))
    return cog_sign_refuse(L, "url", "this is not an http or https URL");
  r->in.path = part(url, path, query);
  if (query < url.n)
    r->in.query = part(url, query + 1, url.n);
  cog_endpoint_host(&origin, &r->host.b);
  return 0;
}

static int read_credentials(lua_State *L, cog_sign_input *r)
{
  r->in.access_key_id = cog_string_at(L, KEY_ID);
  r->in.secret_access_key = cog_string_at(L, SECRET);
  if (lua_isnil(L, CREDENTIALS))
    return refuse(L, "no_credentials", "credentials", "credentials",
                  "there are no credentials to sign with");
  if (r->in.access_key_id.n == 0)
    return refuse(L, "no_credentials", "credentials",
                  "credentials.access_key_id",
                  "the credentials have no access_key_id");
  if (r->in.secret_access_key.n == 0)
    return refuse(L, "no_credentials", "credentials",
                  "credentials.secret_access_key",
                  "the credentials have an access_key_id but no "
                  "secret_access_key");
  if (!cog_sigv4_plain(r->in.access_key_id))
    return cog_sign_refuse(
        L, "credentials.access_key_id",
        "the access_key_id holds characters that no key id has");
  r->token = cog_string_at(L, TOKEN);
  if (!is_visible(r->token))
    return cog_sign_refuse(L, "credentials.session_token",
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
    return refuse(L, "no_region", "validation", "region",
                  "a signature is for one region, and none was given");
  if (!cog_sigv4_plain(r->in.region))
    return cog_sign_refuse(L, "region", "this is not the name of a region");
  if (!cog_sigv4_plain(r->in.service))
    return cog_sign_refuse(L, "service", "this is not the name of a service");
  return 0;
}

static int read_time(lua_State *L, cog_sign_input *r)
{
  double now =
      lua_isnil(L, TIME) ? (double)time(NULL) : (double)lua_tonumber(L, TIME);
  if (!cog_sigv4_time(now, r->in.time))
    return cog_sign_refuse(L, "time",
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
  lua_settop(L, LAST);
  unpack(L, REQUEST, "request", request_fields);
  unpack(L, OPTIONS, "options", option_fields);
  unpack(L, CREDENTIALS, "credentials", credential_fields);
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
