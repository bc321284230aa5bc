/*
 * context.c: what a context fills in, the secret hash above all.
 *
 * The caller's table is never changed and its own value always wins; `false`
 * leaves out what the context would have filled in.
 */
#include "context.h"

#include <time.h>

#include <openssl/crypto.h>

#include "lua_signer.h"
#include "secret_hash.h"

/* ---- reading ----
 *
 * What the context holds goes onto the stack before anything is allocated,
 * and stays there until the request is built. */

void cog_raw_field(lua_State *L, int t, const char *key)
{
  lua_pushstring(L, key);
  lua_rawget(L, t);
}

enum {
  ENDPOINT,
  REGION,
  CLIENT_ID,
  USER_POOL_ID,
  CLIENT_SECRET,
  HASH_USERNAME,
  ANALYTICS,
  FOR_ALL, /* what follows is for signed operations only */
  TIME = FOR_ALL,
  CREDENTIALS
};

static const cog_field fields[] = {
    COG_FIELD("endpoint", LUA_TSTRING),
    COG_FIELD("region", LUA_TSTRING),
    COG_FIELD("client_id", LUA_TSTRING),
    COG_FIELD("user_pool_id", LUA_TSTRING),
    COG_FIELD("client_secret", LUA_TSTRING),
    COG_FIELD("secret_hash_username", LUA_TSTRING),
    COG_FIELD("analytics_metadata", LUA_TTABLE),
    COG_FIELD("time", LUA_TNUMBER),
    COG_FIELD("credentials", LUA_TTABLE),
};

static const cog_field credential_fields[] = {
    COG_FIELD("access_key_id", LUA_TSTRING),
    COG_FIELD("secret_access_key", LUA_TSTRING),
    COG_FIELD("session_token", LUA_TSTRING),
};

/* An empty string is none. */
static cog_str credential(lua_State *L, int i)
{
  cog_str s = cog_string_at(L, i), none = {NULL, 0};
  return s.n > 0 ? s : none;
}

/* Absent credentials have no names either. */
void cog_context_credentials(lua_State *L, int i, cog_context *c)
{
  int first;
  c->has_credentials = lua_istable(L, i);
  if (!c->has_credentials)
    return;
  first = cog_take_fields(L, i, credential_fields,
                          COG_COUNT(credential_fields), NULL);
  c->access_key_id = credential(L, first);
  c->secret_access_key = credential(L, first + 1);
  c->session_token = credential(L, first + 2);
}

void cog_context_read(lua_State *L, int t, int is_signed, cog_context *c)
{
  int first = cog_take_fields(L, t, fields, COG_COUNT(fields), NULL);
  if (is_signed)
    cog_context_credentials(L, first + CREDENTIALS, c);
  cog_check_fields(L, first, "context", fields,
                   is_signed ? COG_COUNT(fields) : FOR_ALL);
  c->origin = NULL;
  c->endpoint = cog_string_at(L, first + ENDPOINT);
  c->region = cog_string_at(L, first + REGION);
  c->client_id = cog_string_at(L, first + CLIENT_ID);
  c->user_pool_id = cog_string_at(L, first + USER_POOL_ID);
  c->client_secret = cog_string_at(L, first + CLIENT_SECRET);
  c->hash_username = cog_string_at(L, first + HASH_USERNAME);
  c->analytics = lua_isnil(L, first + ANALYTICS) ? 0 : first + ANALYTICS;
  c->time = lua_isnil(L, first + TIME) ? (double)time(NULL)
                                       : (double)lua_tonumber(L, first + TIME);
}

/* ---- filling in ---- */

static int same(cog_str a, cog_str b)
{
  return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* Pushes the parameter of that name, and tells its text. */
static cog_str push_text(cog_call *b, const char *name)
{
  cog_raw_field(b->L, b->params, name);
  return cog_string_at(b->L, -1);
}

/* The secret belongs to one app client: a call for another one gets none. */
static int secret_applies(cog_call *b)
{
  cog_str asked = push_text(b, "client_id");
  int applies = b->c->client_secret.p != NULL &&
                (asked.p == NULL || b->c->client_id.p == NULL ||
                 same(asked, b->c->client_id));
  lua_pop(b->L, 1);
  return applies;
}

/* Pushes the secret hash over a username, which the stack holds. Without a
 * client id it is nil: that it is missing is what the caller must hear of. */
static void push_secret_hash(cog_call *b, cog_str username)
{
  char hash[COG_SECRET_HASH_SIZE];
  cog_str client_id = push_text(b, "client_id");
  cog_status status;
  if (client_id.p == NULL)
    client_id = b->c->client_id;
  if (username.p == NULL || client_id.p == NULL) {
    lua_pop(b->L, 1);
    lua_pushnil(b->L);
    return;
  }
  status = cog_secret_hash(&b->signer->digest, username, client_id,
                           b->c->client_secret, hash);
  lua_pop(b->L, 1);
  cog_crypto_check(b->L, status);
  lua_pushlstring(b->L, hash, COG_SECRET_HASH_SIZE);
  OPENSSL_cleanse(hash, sizeof hash);
}

static void push_string(lua_State *L, cog_str s)
{
  if (s.p == NULL)
    lua_pushnil(L);
  else
    lua_pushlstring(L, s.p, s.n);
}

#define IS(m, known) ((m)->name == cog_filled.known)

/* The members that a context can fill, and that `false` leaves out. Ids
 * that are optional choose between one client and the whole pool: those are
 * the caller's alone. */
int cog_fillable(const cog_call *b, const cog_member *m)
{
  return (m->required && (IS(m, client_id) || IS(m, user_pool_id))) ||
         (b->op->secret == COG_SECRET_HASH && IS(m, secret_hash)) ||
         (b->op->secret == COG_SECRET_PLAIN && IS(m, client_secret)) ||
         (b->op->secret == COG_SECRET_MACHINE && IS(m, secret)) ||
         IS(m, analytics_metadata);
}

/* Pushes what the context has for a fillable member, or nil. */
static void push_default(cog_call *b, const cog_member *m)
{
  lua_State *L = b->L;
  if (IS(m, client_id))
    push_string(L, b->c->client_id);
  else if (IS(m, user_pool_id))
    push_string(L, b->c->user_pool_id);
  else if (IS(m, analytics_metadata) && b->c->analytics != 0)
    lua_pushvalue(L, b->c->analytics);
  else if (IS(m, secret_hash) && secret_applies(b)) {
    push_secret_hash(b, push_text(b, "username"));
    lua_remove(L, -2);
  } else if ((IS(m, client_secret) || IS(m, secret)) && secret_applies(b))
    push_string(L, b->c->client_secret);
  else
    lua_pushnil(L);
}

/* The maps of the authentication calls have the hash among their entries. */
static int takes_hash(const cog_call *b, const cog_member *m)
{
  return (b->op->secret == COG_SECRET_AUTH && IS(m, auth_parameters)) ||
         (b->op->secret == COG_SECRET_CHALLENGE && IS(m, challenge_responses));
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

/* Pushes whose name the hash in a map covers, where it is the map's. */
static cog_str push_hash_username(cog_call *b, int map)
{
  cog_raw_field(b->L, map, "USERNAME");
  return b->c->hash_username.p != NULL ? b->c->hash_username
                                       : cog_string_at(b->L, -1);
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
    username = push_hash_username(b, map);
    if (username.p == NULL) {
      lua_pop(L, 2);
      return cog_wrong(
          L, at,
          "has no USERNAME to make the secret hash of; pass the user's own "
          "name in the pool as options.secret_hash_username (refresh tokens "
          "go by that name, never by an alias)");
    }
    push_copy(L, map); /* map username copy */
    push_secret_hash(b, username);
  } else
    return 1;
  lua_setfield(L, -2, "SECRET_HASH");
  lua_replace(L, map);
  lua_settop(L, map);
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
