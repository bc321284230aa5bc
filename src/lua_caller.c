/*
 * lua_caller.c: see lua_caller.h.
 *
 * A caller never changes, so no lock and no copy is needed: its strings lie
 * behind it, in the userdata.
 */
#include "lua_caller.h"

#include "fields.h"
#include "scratch.h"

typedef struct caller {
  cog_context context;
  cog_origin origin;
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
                    const cog_origin *origin)
{
  char *to = c->text;
  c->context = *context;
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

static size_t room_for(const cog_context *c, const cog_origin *o)
{
  return c->endpoint.n + c->region.n + c->client_id.n + c->user_pool_id.n +
         (o != NULL ? o->url.n + o->host.n + o->path.n : 0);
}

void cog_push_caller(lua_State *L, int t, int metatable)
{
  cog_context context;
  cog_scratch room;
  cog_origin found;
  const cog_origin *origin;
  caller *c;
  memset(&context, 0, sizeof context);
  cog_context_read(L, t, 0, &context);
  cog_scratch_init(L, &room);
  origin = cog_find_origin(&context, &room.b, &found) ? &found : NULL;
  c = lua_newuserdatauv(L, sizeof *c + room_for(&context, origin), 1);
  fill(c, &context, origin);
  if (c->context.analytics != 0) {
    lua_pushvalue(L, c->context.analytics);
    cog_setref(L, -2);
  }
  lua_pushvalue(L, metatable);
  lua_setmetatable(L, -2);
}

cog_context cog_check_caller(lua_State *L, int index, int metatable)
{
  const caller *c = lua_touserdata(L, index);
  cog_context context;
  int same = c != NULL && lua_getmetatable(L, index) &&
             lua_rawequal(L, -1, metatable);
  luaL_argcheck(L, same, index, "caller expected");
  lua_pop(L, 1);
  context = c->context;
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
