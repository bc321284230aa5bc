/*
 * digest.h: SHA-256, HMAC-SHA-256, hex and base64 over OpenSSL 1.1.1 and 3.
 *
 * The digest is fetched once and its contexts are kept: with one-shot calls
 * OpenSSL 3 spends four times longer on looking the algorithm up than on
 * hashing a short message. Input comes in parts, so that no
 * caller joins secrets in a buffer of its own first.
 *
 * OpenSSL's error queue belongs to the thread, and in nginx the server's own
 * errors stand in it. A success leaves the queue alone and a failure empties
 * it: no error of ours is ever in it.
 */
#ifndef COGNITO_DIGEST_H
#define COGNITO_DIGEST_H

#include <openssl/evp.h>

#include "buffer.h"

typedef enum cog_status {
  COG_OK,
  COG_ENOMEM,  /* no memory: a buffer or an OpenSSL object */
  COG_ECRYPTO, /* OpenSSL refused: SHA-256 is not to be had */
  COG_EINVAL   /* an argument that cannot be signed */
} cog_status;

#define COG_SHA256_SIZE   32
#define COG_SHA256_HEX    64 /* characters, no NUL */
#define COG_SHA256_BASE64 44 /* characters, no NUL */

/* An HMAC key as the two SHA-256 states it comes down to (RFC 2104): with a
 * kept key an HMAC costs two short hashes, and the key itself is nowhere.
 * Zeroed means empty. */
typedef struct cog_hmac_key {
  EVP_MD_CTX *inner;
  EVP_MD_CTX *outer;
} cog_hmac_key;

/* One user at a time: the contexts are shared by all calls. Zeroed means
 * closed, and whatever is asked of a closed one answers COG_ECRYPTO. */
typedef struct cog_digest {
  const EVP_MD *sha256;
  EVP_MD_CTX *work;
  cog_hmac_key once; /* the key of the one-shot HMAC, while it runs */
} cog_digest;

/* The struct must be zeroed. What a failed init acquired, close releases. */
cog_status cog_digest_init(cog_digest *d);

/* Idempotent; does nothing to a zeroed struct. */
void cog_digest_close(cog_digest *d);

cog_status cog_sha256(cog_digest *d, const cog_str *parts, size_t nparts,
                      unsigned char out[COG_SHA256_SIZE]);

/* Replaces whatever key `k` held. After a failure it holds none. */
cog_status cog_hmac_key_set(cog_digest *d, cog_hmac_key *k,
                            const cog_str *parts, size_t nparts);

/* Wipes and releases the key; idempotent. */
void cog_hmac_key_close(cog_hmac_key *k);

/* The HMAC of a message under a kept key. */
cog_status cog_hmac_with(cog_digest *d, const cog_hmac_key *k,
                         const cog_str *parts, size_t nparts,
                         unsigned char out[COG_SHA256_SIZE]);

/* The HMAC of a message under a key used once. */
cog_status cog_hmac(cog_digest *d, cog_str key, const cog_str *parts,
                    size_t nparts, unsigned char out[COG_SHA256_SIZE]);

/* Lower-case hex: 2 * n characters, no NUL. */
void cog_hex(char *out, const unsigned char *p, size_t n);

/* Standard base64 with padding (RFC 4648, section 4), no NUL. */
#define COG_BASE64_SIZE(n) (((n) + 2) / 3 * 4)
void cog_base64(char *out, const unsigned char *p, size_t n);

/* The URL alphabet without padding (RFC 4648, section 5). Returns the size;
 * `out` needs room for COG_BASE64_SIZE(n). */
size_t cog_base64url(char *out, const unsigned char *p, size_t n);

#endif
