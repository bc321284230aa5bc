/*
 * context.c: what a context fills in, the secret hash above all.
 *
 * The caller's table is never changed and its own value always wins; `false`
 * leaves out what the context would have filled in.
 */
#include "context.h"

#include <time.h>

#include "lua_sign.h"

/* ---- reading ---- */

void cog_raw_field(lua_State *L, int t, const char *key)
{
  lua_pushstring(L, key);
  lua_rawget(L, t);
}

/* The string stays valid: the context table keeps it. */
static cog_str context_string(lua_State *L, int t, const char *key)
{
  cog_str s = {NULL, 0};
  cog_raw_field(L, t, key);
  if (lua_type(L, -1) == LUA_TSTRING)
    s.p = lua_tolstring(L, -1, &s.n);
  else if (!lua_isnil(L, -1))
    luaL_error(L, "context.%s must be a string, not a %s", key,
               luaL_typename(L, -1));
  lua_pop(L, 1);
  return s;
}

/* Leaves the table on the stack. */
static int context_table(lua_State *L, int t, const char *key)
{
  cog_raw_field(L, t, key);
  if (lua_istable(L, -1))
    return lua_gettop(L);
  if (!lua_isnil(L, -1))
    luaL_error(L, "context.%s must be a table, not a %s", key,
               luaL_typename(L, -1));
  return 0;
}

static double context_time(lua_State *L, int t)
{
  double seconds = (double)time(NULL);
  cog_raw_field(L, t, "time");
  if (lua_type(L, -1) == LUA_TNUMBER)
    seconds = (double)lua_tonumber(L, -1);
  else if (!lua_isnil(L, -1))
    luaL_error(L, "context.time must be a number, not a %s",
               luaL_typename(L, -1));
  lua_pop(L, 1);
  return seconds;
}

void cog_context_read(lua_State *L, int t, int is_signed, cog_context *c)
{
  c->endpoint = context_string(L, t, "endpoint");
  c->region = context_string(L, t, "region");
  c->client_id = context_string(L, t, "client_id");
  c->user_pool_id = context_string(L, t, "user_pool_id");
  c->client_secret = context_string(L, t, "client_secret");
  c->hash_username = context_string(L, t, "secret_hash_username");
  c->analytics = context_table(L, t, "analytics_metadata");
  if (!is_signed)
    return;
  c->time = context_time(L, t);
  c->credentials = context_table(L, t, "credentials");
}

/* ---- filling in ---- */

static int same(cog_str a, cog_str b)
{
  return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static cog_str string_at(lua_State *L, int i)
{
  cog_str s = {NULL, 0};
  if (lua_type(L, i) == LUA_TSTRING)
    s.p = lua_tolstring(L, i, &s.n);
  return s;
}

/* The string parameter of that name; params keeps it alive. */
static cog_str string_param(cog_call *b, const char *name)
{
  cog_str s;
  cog_raw_field(b->L, b->params, name);
  s = string_at(b->L, -1);
  lua_pop(b->L, 1);
  return s;
}

/* The secret belongs to one app client: a call for another one gets none. */
static int secret_applies(cog_call *b)
{
  cog_str asked = string_param(b, "client_id");
  return b->c.client_secret.p != NULL &&
         (asked.p == NULL || b->c.client_id.p == NULL ||
          same(asked, b->c.client_id));
}

/* Pushes the secret hash over a username. Without a client id it is nil:
 * that it is missing is what the caller must hear of. */
static void push_secret_hash(cog_call *b, cog_str username)
{
  char hash[COG_SECRET_HASH_SIZE + 1];
  cog_str client_id = string_param(b, "client_id");
  cog_status status;
  if (client_id.p == NULL)
    client_id = b->c.client_id;
  if (username.p == NULL || client_id.p == NULL) {
    lua_pushnil(b->L);
    return;
  }
  status = cog_secret_hash(b->signer, username, client_id, b->c.client_secret,
                           hash);
  if (status != COG_OK)
    cog_crypto_failed(b->L, status);
  lua_pushlstring(b->L, hash, COG_SECRET_HASH_SIZE);
}

static void push_string(lua_State *L, cog_str s)
{
  if (s.p == NULL)
    lua_pushnil(L);
  else
    lua_pushlstring(L, s.p, s.n);
}

static int is(const cog_member *m, const char *name)
{
  return strcmp(cog_names + m->name, name) == 0;
}

/* The members that a context can fill, and that `false` leaves out. Ids
 * that are optional choose between one client and the whole pool: those are
 * the caller's alone. */
int cog_fillable(const cog_call *b, const cog_member *m)
{
  return (m->required && (is(m, "client_id") || is(m, "user_pool_id"))) ||
         (b->op->secret == COG_SECRET_HASH && is(m, "secret_hash")) ||
         (b->op->secret == COG_SECRET_PLAIN && is(m, "client_secret")) ||
         (b->op->secret == COG_SECRET_MACHINE && is(m, "secret")) ||
         is(m, "analytics_metadata");
}

/* Pushes what the context has for a fillable member, or nil. */
static void push_default(cog_call *b, const cog_member *m)
{
  lua_State *L = b->L;
  if (is(m, "client_id"))
    push_string(L, b->c.client_id);
  else if (is(m, "user_pool_id"))
    push_string(L, b->c.user_pool_id);
  else if (is(m, "analytics_metadata") && b->c.analytics != 0)
    lua_pushvalue(L, b->c.analytics);
  else if (is(m, "secret_hash") && secret_applies(b))
    push_secret_hash(b, string_param(b, "username"));
  else if ((is(m, "client_secret") || is(m, "secret")) && secret_applies(b))
    push_string(L, b->c.client_secret);
  else
    lua_pushnil(L);
}

/* The maps of the authentication calls have the hash among their entries. */
static int takes_hash(const cog_call *b, const cog_member *m)
{
  return (b->op->secret == COG_SECRET_AUTH && is(m, "auth_parameters")) ||
         (b->op->secret == COG_SECRET_CHALLENGE &&
          is(m, "challenge_responses"));
}

static void push_copy(lua_State *L, int t)
{
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, t) != 0;) { /* copy key value */
    lua_pushvalue(L, -2);
    lua_insert(L, -2); /* copy key key value */
    lua_rawset(L, -4);
  }
}

/* Whose name the hash in a map covers. */
static cog_str hash_username(cog_call *b, int map)
{
  cog_str name = b->c.hash_username;
  if (name.p == NULL) {
    cog_raw_field(b->L, map, "USERNAME");
    name = string_at(b->L, -1);
    lua_pop(b->L, 1); /* the map keeps it */
  }
  return name;
}

/* Replaces the map on top by one with its SECRET_HASH. Returns 0, and leaves
 * a sentence instead, where there is no name to make it of. */
static int complete_map(cog_call *b, const cog_place *at)
{
  lua_State *L = b->L;
  int map = lua_gettop(L), given;
  cog_str username;
  cog_raw_field(L, map, "SECRET_HASH");
  given = lua_type(L, -1);
  if (given == LUA_TBOOLEAN && lua_toboolean(L, -1))
    given = LUA_TSTRING; /* true is refused like any wrong value */
  lua_pop(L, 1);
  if (given == LUA_TBOOLEAN) { /* false: no hash, please */
    push_copy(L, map);
    lua_pushnil(L);
  } else if (given == LUA_TNIL && secret_applies(b)) {
    username = hash_username(b, map);
    if (username.p == NULL) {
      lua_pop(L, 1);
      return cog_wrong(
          L, at,
          "has no USERNAME to make the secret hash of; pass the user's own "
          "name in the pool as options.secret_hash_username (refresh tokens "
          "go by that name, never by an alias)");
    }
    push_copy(L, map);
    push_secret_hash(b, username);
  } else
    return 1;
  lua_setfield(L, -2, "SECRET_HASH");
  lua_replace(L, map);
  return 1;
}

int cog_push_param(cog_call *b, const cog_member *m, const cog_place *at)
{
  lua_State *L = b->L;
  int given;
  cog_raw_field(L, b->params, at->name.p);
  given = !lua_isnil(L, -1);
  if (given && !lua_toboolean(L, -1) && cog_fillable(b, m)) {
    lua_pop(L, 1); /* false: leave it out, whatever the context has */
    lua_pushnil(L);
  } else if (!given && cog_fillable(b, m)) {
    lua_pop(L, 1);
    push_default(b, m);
  } else if (lua_istable(L, -1) && takes_hash(b, m) && !complete_map(b, at))
    return -1;
  return given;
}
