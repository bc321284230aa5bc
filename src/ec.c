/*
 * ec.c: see ec.h.
 */
#include "ec.h"

#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* Coders leave stories in OpenSSL's queue even when they succeed: it is empty
 * after all that is done here. */
static int quietly(int ok)
{
  ERR_clear_error();
  return ok;
}

/* ---- reading ---- */

/* Without one OpenSSL would ask at the terminal. */
static int no_passphrase(char *buf, int size, int for_writing, void *arg)
{
  (void)buf;
  (void)size;
  (void)for_writing;
  (void)arg;
  return -1;
}

cog_ec *cog_ec_read(const char *pem, size_t n)
{
  BIO *from = n <= INT_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
  EVP_PKEY *key = NULL;
  unsigned char point[COG_EC_POINT];
  if (from != NULL)
    key = PEM_read_bio_PrivateKey(from, NULL, no_passphrase, NULL);
  BIO_free(from);
  if (key != NULL && !cog_ec_public(key, point)) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  quietly(1);
  return key;
}

void cog_ec_free(cog_ec *key)
{
  EVP_PKEY_free(key);
}

/* ---- the public half ---- */

/* A SubjectPublicKeyInfo of P-256 (RFC 5480), up to the coordinates of a
 * point that is not compressed. */
static const unsigned char before_point[] = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

#define INFO_SIZE (sizeof before_point + COG_EC_POINT)

int cog_ec_public(cog_ec *key, unsigned char out[COG_EC_POINT])
{
  unsigned char info[INFO_SIZE];
  unsigned char *to = info; /* i2d_PUBKEY moves it */
  int size = i2d_PUBKEY(key, NULL);
  if (!quietly(size == (int)INFO_SIZE) ||
      !quietly(i2d_PUBKEY(key, &to) == size) ||
      memcmp(info, before_point, sizeof before_point) != 0)
    return 0;
  memcpy(out, info + sizeof before_point, COG_EC_POINT);
  return 1;
}

/* ---- signing ---- */

#define LONGEST_DER 80 /* two numbers of 33 bytes, and what is around them */

static int sign(EVP_MD_CTX *ctx, cog_ec *key, const char *data, size_t n,
                unsigned char *der, size_t *size)
{
  return EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) > 0 &&
         EVP_DigestSign(ctx, der, size, (const unsigned char *)data, n) > 0;
}

/* OpenSSL writes two DER integers, JOSE wants two of a fixed size. */
static int unwrap(const unsigned char *der, size_t size,
                  unsigned char out[COG_ES256_SIZE])
{
  ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
  int ok = pair != NULL &&
           BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, COG_EC_COORDINATE) ==
               COG_EC_COORDINATE &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + COG_EC_COORDINATE,
                        COG_EC_COORDINATE) == COG_EC_COORDINATE;
  ECDSA_SIG_free(pair);
  return ok;
}

int cog_ec_sign(cog_ec *key, const char *data, size_t n,
                unsigned char out[COG_ES256_SIZE])
{
  unsigned char der[LONGEST_DER];
  size_t size = sizeof der;
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  int ok = quietly(ctx != NULL && sign(ctx, key, data, n, der, &size) &&
                   unwrap(der, size, out));
  EVP_MD_CTX_free(ctx);
  return ok;
}
