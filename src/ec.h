/*
 * ec.h: a private key of the curve P-256 that signs with SHA-256 (ES256 of RFC
 * 7518), as `aws login` keeps one in its cache. OpenSSL 1.1.1 and 3. No Lua in
 * here.
 */
#ifndef COGNITO_EC_H
#define COGNITO_EC_H

#include <stddef.h>

#define COG_EC_COORDINATE 32                      /* bytes */
#define COG_EC_POINT      (2 * COG_EC_COORDINATE) /* x and y */
#define COG_ES256_SIZE    64                      /* r and s */

typedef struct evp_pkey_st cog_ec;

/* Reads a key in PEM, SEC 1 or PKCS #8, which is not encrypted. NULL where it
 * is another kind of key or none, or memory is wanting. */
cog_ec *cog_ec_read(const char *pem, size_t n);

/* Wipes the key. */
void cog_ec_free(cog_ec *key);

/* The public half: x and y, big-endian. Returns whether that went well. */
int cog_ec_public(cog_ec *key, unsigned char out[COG_EC_POINT]);

/* Signs: r and s, big-endian (RFC 7518, section 3.4). Returns whether that
 * went well. */
int cog_ec_sign(cog_ec *key, const char *data, size_t n,
                unsigned char out[COG_ES256_SIZE]);

#endif
