/*
 * lua_request.c: a request from Lua, checked before anything is done for it.
 *
 * A wrong type is a programming mistake and raises; what may be the fault of
 * data is returned.
 *
 * From looking at the object that sends to handing its request over nothing is
 * allocated in Lua, or a finalizer could close the object, send another
 * request with it, or change this one half-way.
 */
#include "lua_request.h"

#include "fields.h"
#include "request_check.h"

enum { METHOD, URL, BODY, HEADERS };

static const cog_field request_fields[] = {
    COG_FIELD("method", LUA_TSTRING), COG_FIELD("url", LUA_TSTRING),
    COG_FIELD("body", LUA_TSTRING), COG_FIELD("headers", LUA_TTABLE)};

/* The text of the field at stack index first + i. */
static cog_str text_of(lua_State *L, int first, int i)
{
  cog_str s = cog_string_at(L, first + i);
  if (s.p == NULL)
    luaL_error(L, "request.%s: string expected, got %s",
               request_fields[i].name.p, luaL_typename(L, first + i));
  return s;
}

/* A body may be left out. */
static cog_str body_of(lua_State *L, int first)
{
  return lua_isnil(L, first + BODY) ? COG_STR("") : text_of(L, first, BODY);
}

/* A name or a value: element n of the pair on top. */
static cog_str half(lua_State *L, int n, int i)
{
  cog_str s;
  lua_rawgeti(L, -1, n);
  s = cog_string_at(L, -1);
  if (s.p == NULL)
    luaL_error(L,
               "request.headers[%d]: { name, value } expected, both "
               "strings",
               i);
  lua_pop(L, 1); /* the pair keeps it while nothing is allocated */
  return s;
}

static void no_memory(lua_State *L)
{
  luaL_error(L, "not enough memory");
}

static const char *read_header(lua_State *L, cog_request *r, int i)
{
  const char *complaint;
  cog_str name, value;
  if (!lua_istable(L, -1))
    luaL_error(L, "request.headers[%d]: { name, value } expected", i);
  name = half(L, 1, i);
  value = half(L, 2, i);
  complaint = cog_check_header(name, value);
  if (complaint == NULL && !cog_request_header(r, name, value))
    no_memory(L);
  return complaint;
}

/* Leaves in *at which header the complaint is about. */
static const char *read_headers(lua_State *L, int headers, cog_request *r,
                                int *at)
{
  const char *complaint = NULL;
  int i, n;
  if (lua_isnil(L, headers))
    return NULL;
  if (!lua_istable(L, headers))
    luaL_error(L, "request.headers: a list of { name, value } expected");
  n = (int)lua_rawlen(L, headers);
  for (i = 1; i <= n && complaint == NULL; i++) {
    lua_rawgeti(L, headers, i);
    complaint = read_header(L, r, i);
    lua_pop(L, 1);
    *at = i;
  }
  return complaint;
}

static const char *check_line(cog_str method, cog_str url, cog_str body,
                              int allow_http)
{
  const char *complaint = cog_check_method(method);
  cog_url parts;
  if (complaint == NULL)
    complaint = cog_check_url(url, allow_http, &parts);
  if (complaint == NULL && body.n > 0 && method.n == 4 &&
      memcmp(method.p, "HEAD", 4) == 0)
    complaint = "request.body: HEAD has none";
  return complaint;
}

static int refused(lua_State *L, const char *complaint, int header)
{
  if (header > 0)
    lua_pushfstring(L, "request.headers[%d] %s", header, complaint);
  else
    lua_pushstring(L, complaint);
  return 0;
}

int cog_read_request(lua_State *L, int index, cog_request *r, int allow_http)
{
  int first = cog_take_fields(L, index, request_fields,
                              COG_COUNT(request_fields), NULL);
  cog_str method = text_of(L, first, METHOD);
  cog_str url = text_of(L, first, URL);
  cog_str body = body_of(L, first);
  const char *complaint = check_line(method, url, body, allow_http);
  int header = 0;
  if (complaint != NULL)
    return refused(L, complaint, 0);
  cog_request_wipe(r);
  if ((body.n > 0 && !cog_adds(&r->text, body)) ||
      !cog_request_line(r, method, url))
    no_memory(L);
  complaint = read_headers(L, first + HEADERS, r, &header);
  if (complaint != NULL)
    return refused(L, complaint, header);
  lua_settop(L, first - 1);
  return 1;
}
