/*
 * srp.h: the client's half of a sign-in that keeps the password on this
 * machine: SRP-6a (RFC 5054) as Amazon Cognito speaks it, over OpenSSL's
 * BIGNUM. No Lua in here.
 *
 * Cognito differs from the RFC: the group is the 3072-bit one of RFC 3526
 * with the generator 2, the hash is SHA-256, and numbers are hashed in the
 * shortest form whose first bit is zero (cog_srp_pad), never at the length
 * of the group. The password is hashed below the pool's name and the user's,
 * and the proof is an HMAC under a key of 16 bytes (HKDF, RFC 5869).
 *
 * Each step is a function, so that each can be compared with another
 * implementation; spec/c/srp_steps.c shows them to the specs. A step answers
 * whether OpenSSL could do it; only memory can be wanting.
 *
 * OpenSSL's error queue is as it was before: see digest.h.
 */
#ifndef COGNITO_SRP_H
#define COGNITO_SRP_H

#include <openssl/bn.h>

#include "digest.h"

#define COG_SRP_SIZE      384 /* bytes of a number of the group */
#define COG_SRP_PADDED    (COG_SRP_SIZE + 1)
#define COG_SRP_HEX       (2 * COG_SRP_SIZE)
#define COG_SRP_KEY       16
#define COG_SRP_SIGNATURE COG_SHA256_BASE64
#define COG_SRP_SALT      16 /* bytes of a salt of our own */

/* The secret number a: as many bits as the group is strong against (RFC 5054,
 * section 3.1, asks for 256). */
#define COG_SRP_SECRET 32

/* One sign-in. Zeroed means closed. */
typedef struct cog_srp {
  BIGNUM *n; /* the group's prime */
  BN_MONT_CTX *mont;
  BIGNUM *a;  /* secret */
  BIGNUM *ga; /* A = g^a mod n, public */
} cog_srp;

/* Texts as the service sent them, but the block, which is decoded. */
typedef struct cog_srp_challenge {
  cog_str pool; /* the pool's id after the underscore */
  cog_str user; /* USER_ID_FOR_SRP */
  cog_str password;
  cog_str salt;  /* hex */
  cog_str b;     /* SRP_B, hex */
  cog_str block; /* SECRET_BLOCK, bytes */
  cog_str time;  /* as cog_srp_time writes it */
} cog_srp_challenge;

typedef enum cog_srp_status {
  COG_SRP_OK,
  COG_SRP_EFAILED, /* OpenSSL or memory */
  COG_SRP_EB,      /* SRP_B is no number of the group, or zero, or u is */
  COG_SRP_ESALT    /* the salt is no number of at most 768 digits */
} cog_srp_status;

/* Begins with a secret of n bytes, or a random one where it is NULL. The
 * struct must be zeroed. Returns 0 where OpenSSL or memory fails; what was
 * acquired until then, close releases. A secret is at most 384 bytes. */
int cog_srp_init(cog_srp *s, const unsigned char *secret, size_t n);

/* Wipes and releases everything; idempotent. */
void cog_srp_close(cog_srp *s);

/* A in lower-case hex without leading zeros, as BigInteger of Java and of
 * the service's own clients writes it. Returns the number of digits, 0 for a
 * failure. */
size_t cog_srp_public(const cog_srp *s, char out[COG_SRP_HEX]);

/* The proof that the password is known (PASSWORD_CLAIM_SIGNATURE). */
cog_srp_status cog_srp_sign(const cog_srp *s, cog_digest *d,
                            const cog_srp_challenge *c,
                            char out[COG_SRP_SIGNATURE]);

/* The service's record of a password that it has never seen, a remembered
 * device's: a salt and the verifier g^x mod n, both in the form in which
 * numbers are hashed. */
typedef struct cog_srp_kept {
  unsigned char salt[COG_SRP_SALT + 1], verifier[COG_SRP_PADDED];
  size_t salt_size, verifier_size;
} cog_srp_kept;

/* Of the challenge the pool, the user and the password count. Returns 0 where
 * OpenSSL or memory fails. */
int cog_srp_keep(cog_digest *d, const cog_srp_challenge *c,
                 const unsigned char salt[COG_SRP_SALT], cog_srp_kept *out);

/* ---- the steps ---- */

/* Reads hex of at most COG_SRP_HEX digits; 0 for anything else, and where
 * memory is wanting (then *failed is set). */
int cog_srp_read(cog_str hex, BIGNUM *out, int *failed);

/* Writes a number as it is hashed: the shortest big-endian form, with a zero
 * byte in front where the first bit would be one. Zero is one byte. */
cog_str cog_srp_pad(const BIGNUM *number, unsigned char out[COG_SRP_PADDED]);

/* k = H(n, g), the multiplier. */
int cog_srp_k(const cog_srp *s, cog_digest *d, BIGNUM *k);

/* u = H(A, B), the scrambler. */
int cog_srp_u(cog_digest *d, const BIGNUM *ga, const BIGNUM *b, BIGNUM *u);

/* x = H(salt, H(pool user ":" password)): secret. */
int cog_srp_x(cog_digest *d, const cog_srp_challenge *c, const BIGNUM *salt,
              BIGNUM *x);

/* S = (B - k g^x)^(a + u x) mod n: secret. */
int cog_srp_s(const cog_srp *s, const BIGNUM *b, const BIGNUM *k,
              const BIGNUM *u, BIGNUM *x, BIGNUM *shared, BN_CTX *ctx);

/* The key that signs: HKDF of S, with u for salt. */
int cog_srp_key(cog_digest *d, const BIGNUM *shared, const BIGNUM *u,
                unsigned char key[COG_SRP_KEY]);

#endif
