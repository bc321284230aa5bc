/***
 * The grammar of URLs, HTTP and UTF-8, so that Lua code and C code refuse the
 * same texts in every locale.
 * @module cognito.core
 */
#include "lua_grammar.h"

#include "header.h"
#include "request_check.h"
#include "scratch.h"
#include "sigv4.h"
#include "utf8.h"

static cog_str text_at(lua_State *L, int arg)
{
  cog_str s;
  s.p = luaL_checklstring(L, arg, &s.n);
  return s;
}

/* ---- URLs ---- */

static void set_text(lua_State *L, const char *name, cog_str s)
{
  lua_pushlstring(L, s.p, s.n);
  lua_setfield(L, -2, name);
}

static void set_flag(lua_State *L, const char *name, int flag)
{
  lua_pushboolean(L, flag);
  lua_setfield(L, -2, name);
}

/* Pushes what is needed of a URL whose text is on the stack. */
static void push_url(lua_State *L, const cog_url *u)
{
  cog_scratch host;
  int plain = cog_url_is_plain(u);
  cog_scratch_init(L, &host);
  lua_createtable(L, 0, 8);
  set_text(L, "scheme", plain ? COG_STR("http") : COG_STR("https"));
  cog_url_write_host(u, &host.b);
  set_text(L, "host", (cog_str){host.b.data, host.b.len});
  host.b.len = 0;
  cog_url_write_authority(u, &host.b);
  set_text(L, "authority", (cog_str){host.b.data, host.b.len});
  lua_pushinteger(L, (lua_Integer)cog_url_port(u));
  lua_setfield(L, -2, "port");
  set_text(L, "path", u->path.n > 0 ? u->path : COG_STR("/"));
  set_text(L, "query", u->query);
  set_flag(L, "is_address", u->address[0] != '\0');
  set_flag(L, "is_loopback", cog_is_loopback(u->host));
}

/***
 * Takes a URL apart.
 * @function read_url
 * @tparam string text
 * @treturn[1] table `scheme` and `host` in lower case, `port`, `authority` for
 *   the Host header, `path` ("/" where it is empty), `query` with its question
 *   mark or empty, `is_address`: no name to look up, `is_loopback`: a literal
 *   address of 127.0.0.0/8 or ::1
 * @treturn[2] nil when it is no http or https URL in visible ASCII, or has a
 *   user or a fragment
 * @local
 */
static int read_url(lua_State *L)
{
  cog_url u;
  if (cog_url_read(text_at(L, 1), &u))
    push_url(L, &u);
  else
    lua_pushnil(L);
  return 1;
}

/***
 * Takes the URL of a request apart.
 * @function request_url
 * @tparam string text
 * @tparam[opt] boolean allow_http whether plain http may go further than a
 *   literal loopback address
 * @treturn[1] table see `read_url`
 * @treturn[2] nil
 * @treturn[2] string what is wrong, without anything of the URL
 * @local
 */
static int request_url(lua_State *L)
{
  cog_url u;
  const char *complaint =
      cog_check_url(text_at(L, 1), lua_toboolean(L, 2), &u);
  if (complaint == NULL) {
    push_url(L, &u);
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, complaint);
  return 2;
}

/***
 * Whether a text can be one label of a host's name, as a region must.
 * @function is_host_label
 * @tparam string text
 * @treturn boolean
 * @local
 */
static int is_host_label(lua_State *L)
{
  lua_pushboolean(L, cog_is_host_label(text_at(L, 1)));
  return 1;
}

/* ---- methods and headers ---- */

/***
 * Whether a text can be the name of a header (RFC 9110, section 5.6.2).
 * @function is_token
 * @tparam string text
 * @treturn boolean
 * @local
 */
static int is_token(lua_State *L)
{
  lua_pushboolean(L, cog_is_token(text_at(L, 1)));
  return 1;
}

/***
 * What is wrong with a method.
 * @function check_method
 * @tparam string method
 * @treturn ?string a sentence without the method; nil: nothing is
 * @local
 */
static int check_method(lua_State *L)
{
  lua_pushstring(L, cog_check_method(text_at(L, 1)));
  return 1;
}

/***
 * What is wrong with a request's header.
 * @function check_header
 * @tparam string name
 * @tparam string value
 * @treturn ?string what it does, without the value; nil: nothing is wrong
 * @local
 */
static int check_header(lua_State *L)
{
  lua_pushstring(L, cog_check_header(text_at(L, 1), text_at(L, 2)));
  return 1;
}

/***
 * Whether a text is visible ASCII, as all keys, tokens and client secrets are.
 * @function is_visible
 * @tparam string text
 * @treturn boolean
 * @local
 */
static int is_visible(lua_State *L)
{
  lua_pushboolean(L, cog_sigv4_visible(text_at(L, 1)));
  return 1;
}

/* ---- UTF-8 ---- */

/***
 * Whether a text is UTF-8 by RFC 3629.
 * @function is_utf8
 * @tparam string text
 * @treturn boolean
 * @local
 */
static int is_utf8(lua_State *L)
{
  lua_pushboolean(L, cog_is_utf8(text_at(L, 1)));
  return 1;
}

/***
 * The code point at a byte of a text.
 * @function decode_utf8
 * @tparam string text
 * @tparam integer at byte, from 1 to the text's length
 * @treturn ?integer nil where the bytes are not UTF-8
 * @treturn integer the bytes that it takes
 * @raise for a byte that the text does not have
 * @local
 */
static int decode_utf8(lua_State *L)
{
  cog_str s = text_at(L, 1);
  lua_Integer at = luaL_checkinteger(L, 2);
  size_t n;
  luaL_argcheck(L, at >= 1 && (size_t)at <= s.n, 2, "no byte of the text");
  s.p += at - 1;
  s.n -= (size_t)(at - 1);
  n = cog_utf8_length(s);
  if (n > 0)
    lua_pushinteger(L, (lua_Integer)cog_utf8_point(s.p, n));
  else
    lua_pushnil(L);
  lua_pushinteger(L, n > 0 ? (lua_Integer)n : 1);
  return 2;
}

/* The set of the reply's headers that the client reads. */
static void push_reply_headers(lua_State *L)
{
  const cog_str *name;
  lua_newtable(L);
  for (name = cog_reply_headers; name->p != NULL; name++)
    set_flag(L, name->p, 1);
}

static const luaL_Reg functions[] = {
    {"read_url", read_url},           {"request_url", request_url},
    {"is_host_label", is_host_label}, {"is_token", is_token},
    {"check_method", check_method},   {"check_header", check_header},
    {"is_visible", is_visible},       {"is_utf8", is_utf8},
    {"decode_utf8", decode_utf8},     {NULL, NULL}};

void cog_grammar_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
  push_reply_headers(L);
  lua_setfield(L, -2, "reply_headers");
}
