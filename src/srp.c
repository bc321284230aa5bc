/*
 * srp.c: see srp.h.
 */
#include "srp.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

static const char GENERATOR = 2;

/* ---- numbers as text and as bytes ---- */

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* BN_hex2bn would take a sign, and stop where the digits end. */
int cog_srp_read(cog_str hex, BIGNUM *out, int *failed)
{
  unsigned char bytes[COG_SRP_SIZE] = {0};
  size_t i, at = COG_SRP_SIZE * 2 - hex.n;
  if (hex.n == 0 || hex.n > COG_SRP_HEX)
    return 0;
  for (i = 0; i < hex.n; i++, at++) {
    int digit = hex_digit(hex.p[i]);
    if (digit < 0)
      return 0;
    bytes[at / 2] = (unsigned char)(bytes[at / 2] << 4 | digit);
  }
  *failed = BN_bin2bn(bytes, sizeof bytes, out) == NULL;
  return !*failed;
}

cog_str cog_srp_pad(const BIGNUM *number, unsigned char out[COG_SRP_PADDED])
{
  int zero_first = BN_num_bits(number) % 8 == 0; /* of zero, too */
  cog_str padded;
  out[0] = 0;
  padded.p = (const char *)out;
  padded.n = (size_t)zero_first + (size_t)BN_bn2bin(number, out + zero_first);
  return padded;
}

static int hash_number(cog_digest *d, const cog_str *parts, size_t n,
                       BIGNUM *out)
{
  unsigned char hash[COG_SHA256_SIZE];
  int ok = cog_sha256(d, parts, n, hash) == COG_OK &&
           BN_bin2bn(hash, sizeof hash, out) != NULL;
  OPENSSL_cleanse(hash, sizeof hash);
  return ok;
}

/* ---- the steps ---- */

int cog_srp_k(const cog_srp *s, cog_digest *d, BIGNUM *k)
{
  unsigned char prime[COG_SRP_PADDED];
  cog_str parts[2];
  parts[0] = cog_srp_pad(s->n, prime);
  parts[1].p = &GENERATOR;
  parts[1].n = 1;
  return hash_number(d, parts, 2, k);
}

int cog_srp_u(cog_digest *d, const BIGNUM *ga, const BIGNUM *b, BIGNUM *u)
{
  unsigned char first[COG_SRP_PADDED], second[COG_SRP_PADDED];
  cog_str parts[2];
  parts[0] = cog_srp_pad(ga, first);
  parts[1] = cog_srp_pad(b, second);
  return hash_number(d, parts, 2, u);
}

static int hash_identity(cog_digest *d, const cog_srp_challenge *c,
                         unsigned char out[COG_SHA256_SIZE])
{
  cog_str parts[4];
  parts[0] = c->pool;
  parts[1] = c->user;
  parts[2] = COG_STR(":");
  parts[3] = c->password;
  return cog_sha256(d, parts, 4, out) == COG_OK;
}

int cog_srp_x(cog_digest *d, const cog_srp_challenge *c, const BIGNUM *salt,
              BIGNUM *x)
{
  unsigned char padded[COG_SRP_PADDED], identity[COG_SHA256_SIZE];
  cog_str parts[2];
  int ok = hash_identity(d, c, identity);
  parts[0] = cog_srp_pad(salt, padded);
  parts[1].p = (const char *)identity;
  parts[1].n = sizeof identity;
  ok = ok && hash_number(d, parts, 2, x);
  OPENSSL_cleanse(identity, sizeof identity);
  return ok;
}

/* Takes the same time for all exponents of as many words. */
static int power(const cog_srp *s, BIGNUM *out, const BIGNUM *base,
                 BIGNUM *exponent, BN_CTX *ctx)
{
  BN_set_flags(exponent, BN_FLG_CONSTTIME);
  return BN_mod_exp_mont_consttime(out, base, exponent, s->n, ctx, s->mont);
}

int cog_srp_s(const cog_srp *s, const BIGNUM *b, const BIGNUM *k,
              const BIGNUM *u, BIGNUM *x, BIGNUM *shared, BN_CTX *ctx)
{
  BIGNUM *base = BN_new(), *exponent = BN_new();
  int ok = base != NULL && exponent != NULL &&
           BN_set_word(exponent, (BN_ULONG)GENERATOR) &&
           power(s, base, exponent, x, ctx) &&
           BN_mod_mul(base, k, base, s->n, ctx) &&
           BN_mod_sub(base, b, base, s->n, ctx) &&
           BN_mul(exponent, u, x, ctx) && BN_add(exponent, exponent, s->a) &&
           power(s, shared, base, exponent, ctx);
  BN_clear_free(base);
  BN_clear_free(exponent);
  return ok;
}

/* RFC 5869: extract, then the first bytes of one round of expand. */
int cog_srp_key(cog_digest *d, const BIGNUM *shared, const BIGNUM *u,
                unsigned char key[COG_SRP_KEY])
{
  unsigned char ikm[COG_SRP_PADDED], salt[COG_SRP_PADDED];
  unsigned char prk[COG_SHA256_SIZE], okm[COG_SHA256_SIZE];
  cog_str info = COG_STR("Caldera Derived Key\1");
  cog_str ikm_part = cog_srp_pad(shared, ikm);
  cog_str prk_part = {(const char *)prk, sizeof prk};
  int ok = cog_hmac(d, cog_srp_pad(u, salt), &ikm_part, 1, prk) == COG_OK &&
           cog_hmac(d, prk_part, &info, 1, okm) == COG_OK;
  if (ok)
    memcpy(key, okm, COG_SRP_KEY);
  OPENSSL_cleanse(ikm, sizeof ikm);
  OPENSSL_cleanse(prk, sizeof prk);
  OPENSSL_cleanse(okm, sizeof okm);
  return ok;
}

/* ---- the proof ---- */

static int sign(cog_digest *d, const cog_srp_challenge *c,
                const unsigned char key[COG_SRP_KEY],
                char out[COG_SRP_SIGNATURE])
{
  unsigned char hash[COG_SHA256_SIZE];
  cog_str key_part = {(const char *)key, COG_SRP_KEY};
  cog_str parts[4];
  parts[0] = c->pool;
  parts[1] = c->user;
  parts[2] = c->block;
  parts[3] = c->time;
  if (cog_hmac(d, key_part, parts, 4, hash) != COG_OK)
    return 0;
  cog_base64(out, hash, sizeof hash);
  return 1;
}

/* What a sign-in computes with, all of it wiped together. */
typedef struct work {
  BN_CTX *ctx; /* OpenSSL wipes what it lends */
  BIGNUM *b, *salt, *k, *u, *x, *shared;
  unsigned char key[COG_SRP_KEY];
} work;

static int open_work(work *w)
{
  w->ctx = BN_CTX_new();
  w->b = BN_new();
  w->salt = BN_new();
  w->k = BN_new();
  w->u = BN_new();
  w->x = BN_new();
  w->shared = BN_new();
  return w->ctx != NULL && w->b != NULL && w->salt != NULL && w->k != NULL &&
         w->u != NULL && w->x != NULL && w->shared != NULL;
}

static void close_work(work *w)
{
  BN_CTX_free(w->ctx);
  BN_free(w->b);
  BN_free(w->salt);
  BN_free(w->k);
  BN_free(w->u);
  BN_clear_free(w->x);
  BN_clear_free(w->shared);
  OPENSSL_cleanse(w->key, sizeof w->key);
}

/* With B = 0 or u = 0 the key would be known without the password (RFC 5054,
 * sections 2.5.3 and 3.2); a B of n or more is no service's. */
static cog_srp_status read_b(const cog_srp *s, cog_digest *d, cog_str b,
                             work *w)
{
  int failed = 0;
  if (!cog_srp_read(b, w->b, &failed))
    return failed ? COG_SRP_EFAILED : COG_SRP_EB;
  if (BN_is_zero(w->b) || BN_cmp(w->b, s->n) >= 0)
    return COG_SRP_EB;
  if (!cog_srp_u(d, s->ga, w->b, w->u))
    return COG_SRP_EFAILED;
  return BN_is_zero(w->u) ? COG_SRP_EB : COG_SRP_OK;
}

static cog_srp_status claim(const cog_srp *s, cog_digest *d,
                            const cog_srp_challenge *c, work *w, char *out)
{
  int failed = 0;
  cog_srp_status status = read_b(s, d, c->b, w);
  if (status != COG_SRP_OK)
    return status;
  if (!cog_srp_read(c->salt, w->salt, &failed))
    return failed ? COG_SRP_EFAILED : COG_SRP_ESALT;
  return cog_srp_k(s, d, w->k) && cog_srp_x(d, c, w->salt, w->x) &&
                 cog_srp_s(s, w->b, w->k, w->u, w->x, w->shared, w->ctx) &&
                 cog_srp_key(d, w->shared, w->u, w->key) &&
                 sign(d, c, w->key, out)
             ? COG_SRP_OK
             : COG_SRP_EFAILED;
}

cog_srp_status cog_srp_sign(const cog_srp *s, cog_digest *d,
                            const cog_srp_challenge *c,
                            char out[COG_SRP_SIGNATURE])
{
  work w;
  cog_srp_status status = COG_SRP_EFAILED;
  ERR_set_mark();
  if (open_work(&w))
    status = claim(s, d, c, &w, out);
  close_work(&w);
  ERR_pop_to_mark();
  return status;
}

size_t cog_srp_public(const cog_srp *s, char out[COG_SRP_HEX])
{
  unsigned char bytes[COG_SRP_SIZE];
  char hex[COG_SRP_HEX];
  size_t n = (size_t)BN_bn2bin(s->ga, bytes);
  size_t zeros;
  if (n == 0)
    return 0; /* unreachable: no power of 2 is a multiple of the prime */
  cog_hex(hex, bytes, n);
  zeros = hex[0] == '0';
  memcpy(out, hex + zeros, 2 * n - zeros);
  return 2 * n - zeros;
}

/* ---- a sign-in's life ---- */

static int choose(cog_srp *s, const unsigned char *secret, size_t n)
{
  unsigned char own[COG_SRP_SECRET];
  if (secret != NULL)
    return (s->a = BN_bin2bn(secret, (int)n, NULL)) != NULL;
  if (RAND_priv_bytes(own, sizeof own) == 1)
    s->a = BN_bin2bn(own, sizeof own, NULL);
  OPENSSL_cleanse(own, sizeof own);
  return s->a != NULL;
}

/* g^exponent, of A and of a verifier. */
static int power_of_g(const cog_srp *s, BIGNUM *out, BIGNUM *exponent,
                      BN_CTX *ctx)
{
  BIGNUM *g = BN_new();
  int ok = g != NULL && BN_set_word(g, (BN_ULONG)GENERATOR) &&
           power(s, out, g, exponent, ctx);
  BN_free(g);
  return ok;
}

static int open_group(cog_srp *s, BN_CTX *ctx)
{
  s->n = BN_get_rfc3526_prime_3072(NULL);
  s->mont = BN_MONT_CTX_new();
  s->ga = BN_new();
  return s->n != NULL && s->mont != NULL && s->ga != NULL &&
         BN_MONT_CTX_set(s->mont, s->n, ctx);
}

static int set_up(cog_srp *s, const unsigned char *secret, size_t n)
{
  BN_CTX *ctx = BN_CTX_new();
  int ok = ctx != NULL && open_group(s, ctx) && choose(s, secret, n) &&
           power_of_g(s, s->ga, s->a, ctx);
  BN_CTX_free(ctx);
  return ok;
}

int cog_srp_init(cog_srp *s, const unsigned char *secret, size_t n)
{
  int ok;
  ERR_set_mark();
  ok = set_up(s, secret, n);
  ERR_pop_to_mark();
  return ok;
}

void cog_srp_close(cog_srp *s)
{
  cog_srp closing = *s;
  memset(s, 0, sizeof *s);
  BN_clear_free(closing.a);
  BN_free(closing.ga);
  BN_free(closing.n);
  BN_MONT_CTX_free(closing.mont);
}

/* ---- a device's verifier ---- */

/* The digest's own state is x until it hashes something else. */
static int hash_nothing(cog_digest *d)
{
  unsigned char hash[COG_SHA256_SIZE];
  return cog_sha256(d, NULL, 0, hash) == COG_OK;
}

static int keep(cog_srp *s, cog_digest *d, const cog_srp_challenge *c,
                BIGNUM *salt, BIGNUM *x, BN_CTX *ctx)
{
  return open_group(s, ctx) && cog_srp_x(d, c, salt, x) && hash_nothing(d) &&
         power_of_g(s, s->ga, x, ctx);
}

static void write_kept(const BIGNUM *salt, const BIGNUM *verifier,
                       cog_srp_kept *out)
{
  unsigned char padded[COG_SRP_PADDED];
  out->salt_size = cog_srp_pad(salt, padded).n;
  memcpy(out->salt, padded, out->salt_size);
  out->verifier_size = cog_srp_pad(verifier, out->verifier).n;
}

int cog_srp_keep(cog_digest *d, const cog_srp_challenge *c,
                 const unsigned char salt[COG_SRP_SALT], cog_srp_kept *out)
{
  cog_srp s = {NULL, NULL, NULL, NULL};
  BN_CTX *ctx;
  BIGNUM *number, *x;
  int ok;
  ERR_set_mark();
  ctx = BN_CTX_new();
  number = BN_bin2bn(salt, COG_SRP_SALT, NULL);
  x = BN_new();
  ok = ctx != NULL && number != NULL && x != NULL &&
       keep(&s, d, c, number, x, ctx);
  if (ok)
    write_kept(number, s.ga, out);
  cog_srp_close(&s);
  BN_clear_free(x);
  BN_free(number);
  BN_CTX_free(ctx);
  ERR_pop_to_mark();
  return ok;
}
