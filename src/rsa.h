/*
 * rsa.h: an RSA key that signs by PKCS #1 v1.5 with SHA-256 (RS256 of RFC
 * 7518), for the tokens of the sandbox and nothing else: it is made when it is
 * needed and never written down. OpenSSL 1.1.1 and 3. No Lua in here.
 */
#ifndef COGNITO_RSA_H
#define COGNITO_RSA_H

#include <stddef.h>

#define COG_RSA_BITS   2048
#define COG_RSA_SIZE   (COG_RSA_BITS / 8) /* bytes of a signature */
#define COG_RSA_PUBLIC 512 /* bytes are enough for the public half */

typedef struct evp_pkey_st cog_rsa;

/* A new key; NULL where OpenSSL makes none or memory is wanting. */
cog_rsa *cog_rsa_new(void);

void cog_rsa_free(cog_rsa *key);

/* Signs. Returns whether that went well. */
int cog_rsa_sign(cog_rsa *key, const char *data, size_t n,
                 unsigned char out[COG_RSA_SIZE]);

/* The public half, a SubjectPublicKeyInfo in DER (RFC 5280). Returns its
 * size, or 0. */
size_t cog_rsa_public(cog_rsa *key, unsigned char out[COG_RSA_PUBLIC]);

#endif
