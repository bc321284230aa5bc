/*
 * rsa.c: see rsa.h.
 */
#include "rsa.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* Whatever fails here leaves OpenSSL's queue empty: see digest.h. */
static int checked(int ok)
{
  if (!ok)
    ERR_clear_error();
  return ok;
}

static int generate(EVP_PKEY_CTX *ctx, EVP_PKEY **key)
{
  return EVP_PKEY_keygen_init(ctx) > 0 &&
         EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, COG_RSA_BITS) > 0 &&
         EVP_PKEY_keygen(ctx, key) > 0;
}

cog_rsa *cog_rsa_new(void)
{
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
  EVP_PKEY *key = NULL;
  checked(ctx != NULL && generate(ctx, &key));
  EVP_PKEY_CTX_free(ctx);
  return key;
}

void cog_rsa_free(cog_rsa *key)
{
  EVP_PKEY_free(key);
}

static int sign(EVP_MD_CTX *ctx, cog_rsa *key, const char *data, size_t n,
                unsigned char *out)
{
  size_t size = COG_RSA_SIZE;
  return EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) > 0 &&
         EVP_DigestSign(ctx, out, &size, (const unsigned char *)data, n) > 0 &&
         size == COG_RSA_SIZE;
}

int cog_rsa_sign(cog_rsa *key, const char *data, size_t n,
                 unsigned char out[COG_RSA_SIZE])
{
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  int ok = checked(ctx != NULL && sign(ctx, key, data, n, out));
  EVP_MD_CTX_free(ctx);
  return ok;
}

size_t cog_rsa_public(cog_rsa *key, unsigned char out[COG_RSA_PUBLIC])
{
  int size = i2d_PUBKEY(key, NULL);
  if (!checked(size > 0 && size <= COG_RSA_PUBLIC))
    return 0;
  size = i2d_PUBKEY(key, &out); /* moves its copy of the pointer */
  return checked(size > 0) ? (size_t)size : 0;
}
