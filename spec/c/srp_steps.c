/*
 * srp_steps.c: the numbers between the steps of src/srp.c, for
 * spec/core/srp_spec.lua. The library shows none of them: most are secret.
 */
#include "compat.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "srp.h"

COG_EXPORT int luaopen_spec_c_srp_steps(lua_State *L);

typedef struct steps {
  cog_srp srp;
  cog_digest digest;
  BIGNUM *b, *salt, *k, *u, *x, *shared;
  unsigned char key[COG_SRP_KEY];
} steps;

static void add(lua_State *L, const char *name, const BIGNUM *number)
{
  unsigned char bytes[COG_SRP_PADDED];
  cog_str padded = cog_srp_pad(number, bytes);
  lua_pushlstring(L, padded.p, padded.n);
  lua_setfield(L, -2, name);
}

static void add_all(lua_State *L, const steps *s)
{
  lua_newtable(L);
  add(L, "n", s->srp.n);
  add(L, "A", s->srp.ga);
  add(L, "B", s->b);
  add(L, "salt", s->salt);
  add(L, "k", s->k);
  add(L, "u", s->u);
  add(L, "x", s->x);
  add(L, "S", s->shared);
  lua_pushlstring(L, (const char *)s->key, sizeof s->key);
  lua_setfield(L, -2, "key");
}

static cog_str text(lua_State *L, int i)
{
  cog_str s;
  s.p = luaL_checklstring(L, i, &s.n);
  return s;
}

static int compute(steps *s, const cog_srp_challenge *c, cog_str secret)
{
  BN_CTX *ctx = BN_CTX_new();
  int failed = 0;
  int ok =
      cog_digest_init(&s->digest) == COG_OK &&
      cog_srp_init(&s->srp, (const unsigned char *)secret.p, secret.n) &&
      cog_srp_read(c->b, s->b = BN_new(), &failed) &&
      cog_srp_read(c->salt, s->salt = BN_new(), &failed) &&
      cog_srp_k(&s->srp, &s->digest, s->k = BN_new()) &&
      cog_srp_u(&s->digest, s->srp.ga, s->b, s->u = BN_new()) &&
      cog_srp_x(&s->digest, c, s->salt, s->x = BN_new()) &&
      cog_srp_s(&s->srp, s->b, s->k, s->u, s->x, s->shared = BN_new(), ctx) &&
      cog_srp_key(&s->digest, s->shared, s->u, s->key);
  BN_CTX_free(ctx);
  return ok;
}

static void release(steps *s)
{
  cog_srp_close(&s->srp);
  cog_digest_close(&s->digest);
  BN_free(s->b);
  BN_free(s->salt);
  BN_free(s->k);
  BN_free(s->u);
  BN_free(s->x);
  BN_free(s->shared);
}

/* steps(secret, pool, user, password, salt, B): padded numbers by name, and
 * the key; nil where one could not be computed. */
static int all_steps(lua_State *L)
{
  steps s;
  cog_srp_challenge c;
  cog_str secret = text(L, 1);
  memset(&s, 0, sizeof s);
  memset(&c, 0, sizeof c);
  c.pool = text(L, 2);
  c.user = text(L, 3);
  c.password = text(L, 4);
  c.salt = text(L, 5);
  c.b = text(L, 6);
  if (compute(&s, &c, secret))
    add_all(L, &s);
  else
    lua_pushnil(L);
  release(&s);
  return 1;
}

int luaopen_spec_c_srp_steps(lua_State *L)
{
  lua_pushcfunction(L, all_steps);
  return 1;
}
