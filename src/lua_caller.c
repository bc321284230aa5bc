/*
 * lua_caller.c: see lua_caller.h.
 *
 * A caller never changes, so no lock and no copy is needed: its strings lie
 * behind it, in the userdata.
 */
#include "lua_caller.h"

#include "ascii.h"
#include "fields.h"
#include "http_request.h"
#include "request_check.h"
#include "scratch.h"

typedef struct caller {
  cog_context context;
  cog_origin origin;
  cog_client_headers headers;
  char text[];
} caller;

/* Moves a string to where `to` points, and `to` behind it. */
static void adopt(cog_str *s, char **to)
{
  if (s->p == NULL)
    return;
  memcpy(*to, s->p, s->n);
  s->p = *to;
  *to += s->n;
}

static caller *fill(caller *c, const cog_context *context,
                    const cog_origin *origin,
                    const cog_client_headers *headers)
{
  char *to = c->text;
  c->context = *context;
  c->headers = *headers;
  adopt(&c->headers.lines, &to);
  adopt(&c->context.endpoint, &to);
  adopt(&c->context.region, &to);
  adopt(&c->context.client_id, &to);
  adopt(&c->context.user_pool_id, &to);
  if (origin == NULL)
    return c;
  c->origin = *origin;
  adopt(&c->origin.url, &to);
  adopt(&c->origin.host, &to);
  adopt(&c->origin.path, &to);
  c->context.origin = &c->origin;
  return c;
}

static size_t room_for(const cog_context *c, const cog_origin *o,
                       const cog_client_headers *h)
{
  return c->endpoint.n + c->region.n + c->client_id.n + c->user_pool_id.n +
         (o != NULL ? o->url.n + o->host.n + o->path.n : 0) + h->lines.n;
}

/* The name or the value of the pair on top, which stays on the stack. */
static cog_str half(lua_State *L, int pair, int n)
{
  cog_str s;
  lua_rawgeti(L, pair, n);
  s = cog_string_at(L, -1);
  if (s.p == NULL)
    luaL_error(L, "context.headers must be a list of { name, value }");
  return s;
}

static void add_header(lua_State *L, cog_request *lines, cog_client_headers *h)
{
  int pair = lua_gettop(L);
  cog_str name, value;
  const char *complaint;
  luaL_checktype(L, pair, LUA_TTABLE);
  name = half(L, pair, 1);
  value = half(L, pair, 2);
  complaint = cog_check_header(name, value);
  if (complaint != NULL)
    luaL_error(L, "a header %s", complaint);
  cog_request_header(lines, name, value);
  h->has_id |= cog_is_word(name, "amz-sdk-invocation-id");
  h->has_attempt |= cog_is_word(name, "amz-sdk-request");
  lua_settop(L, pair - 1);
}

/* Their lines go into the buffer. */
static void read_headers(lua_State *L, int t, cog_request *lines,
                         cog_client_headers *h)
{
  int list, i, n;
  lua_pushliteral(L, "headers");
  lua_rawget(L, t);
  if (lua_istable(L, -1)) {
    list = lua_gettop(L);
    n = (int)lua_rawlen(L, list);
    for (i = 1; i <= n; i++) {
      lua_rawgeti(L, list, i);
      add_header(L, lines, h);
    }
  } else if (!lua_isnil(L, -1))
    luaL_error(L, "context.headers must be a table, not a %s",
               luaL_typename(L, -1));
  lua_pop(L, 1);
  h->lines = (cog_str){lines->text.data, lines->text.len};
  h->count = lines->header_count;
}

void cog_push_caller(lua_State *L, int t, int metatable)
{
  cog_context context;
  cog_scratch room, text;
  cog_origin found;
  const cog_origin *origin;
  cog_client_headers headers = {{NULL, 0}, 0, 0, 0};
  cog_request lines;
  caller *c;
  memset(&context, 0, sizeof context);
  cog_context_read(L, t, 0, &context);
  cog_scratch_init(L, &room);
  origin = cog_find_origin(&context, &room.b, &found) ? &found : NULL;
  cog_scratch_init(L, &text);
  cog_request_init(&lines);
  lines.text = text.b;
  read_headers(L, t, &lines, &headers);
  c = lua_newuserdatauv(L, sizeof *c + room_for(&context, origin, &headers),
                        1);
  fill(c, &context, origin, &headers);
  if (c->context.analytics != 0) {
    lua_pushvalue(L, c->context.analytics);
    cog_setref(L, -2);
  }
  lua_pushvalue(L, metatable);
  lua_setmetatable(L, -2);
}

cog_context cog_check_caller(lua_State *L, int index, int metatable,
                             const cog_client_headers **headers)
{
  const caller *c = lua_touserdata(L, index);
  cog_context context;
  int same = c != NULL && lua_getmetatable(L, index) &&
             lua_rawequal(L, -1, metatable);
  luaL_argcheck(L, same, index, "caller expected");
  lua_pop(L, 1);
  context = c->context;
  *headers = &c->headers;
  cog_getref(L, index);
  if (context.analytics != 0)
    context.analytics = lua_gettop(L);
  return context;
}

void cog_push_caller_metatable(lua_State *L)
{
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "cognito.caller");
  lua_setfield(L, -2, "__name");
}
