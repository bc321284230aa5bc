/*
 * digest.c: see digest.h.
 */
#include "digest.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#define BLOCK_SIZE 64 /* of SHA-256, FIPS 180-4 */

#if OPENSSL_VERSION_NUMBER >= 0x30000000L

static const EVP_MD *fetch_sha256(void)
{
  return EVP_MD_fetch(NULL, "SHA256", NULL);
}

/* The digest is ours to release; const only for the sake of 1.1.1. */
static void release_sha256(const EVP_MD *md)
{
  EVP_MD_free((EVP_MD *)md);
}

#else

static const EVP_MD *fetch_sha256(void)
{
  return EVP_sha256();
}

static void release_sha256(const EVP_MD *md)
{
  (void)md; /* static in the library */
}

#endif

/* With a digest at hand only memory can be wanting; OpenSSL 3 does not always
 * say so. */
static cog_status done(int ok)
{
  return ok ? COG_OK : COG_ENOMEM;
}

static cog_status hash(EVP_MD_CTX *ctx, const cog_str *parts, size_t nparts,
                       unsigned char *out)
{
  size_t i;
  for (i = 0; i < nparts; i++)
    if (!EVP_DigestUpdate(ctx, parts[i].p, parts[i].n))
      return COG_ENOMEM;
  return done(EVP_DigestFinal_ex(ctx, out, NULL));
}

static cog_status sha256(cog_digest *d, const cog_str *parts, size_t nparts,
                         unsigned char *out)
{
  if (d->work == NULL)
    return COG_ECRYPTO;
  if (!EVP_DigestInit_ex(d->work, d->sha256, NULL))
    return COG_ENOMEM;
  return hash(d->work, parts, nparts, out);
}

/* A failure leaves its story in the queue, where the next reader would take
 * it for his own. To pop just that, the queue would have to be marked before
 * every hash, at a tenth of a signature's cost; so it is emptied. */
static cog_status checked(cog_status status)
{
  if (status != COG_OK)
    ERR_clear_error();
  return status;
}

cog_status cog_sha256(cog_digest *d, const cog_str *parts, size_t nparts,
                      unsigned char out[COG_SHA256_SIZE])
{
  return checked(sha256(d, parts, nparts, out));
}

static size_t total(const cog_str *parts, size_t nparts)
{
  size_t i, n = 0;
  for (i = 0; i < nparts; i++)
    n += parts[i].n;
  return n;
}

/* RFC 2104: longer keys are hashed, shorter ones padded with zeros. */
static cog_status key_block(cog_digest *d, const cog_str *parts, size_t nparts,
                            unsigned char block[BLOCK_SIZE])
{
  size_t i;
  memset(block, 0, BLOCK_SIZE);
  if (total(parts, nparts) > BLOCK_SIZE)
    return sha256(d, parts, nparts, block);
  for (i = 0; i < nparts; i++) {
    if (parts[i].n > 0) /* memcpy may not see a NULL */
      memcpy(block, parts[i].p, parts[i].n);
    block += parts[i].n;
  }
  return COG_OK;
}

/* The state after one block of key XOR pad, in a context made at need. */
static cog_status set_state(cog_digest *d, EVP_MD_CTX **ctx,
                            const unsigned char block[BLOCK_SIZE],
                            unsigned char pad)
{
  unsigned char padded[BLOCK_SIZE];
  size_t i;
  int ok;
  if (d->sha256 == NULL)
    return COG_ECRYPTO;
  if (*ctx == NULL && (*ctx = EVP_MD_CTX_new()) == NULL)
    return COG_ENOMEM;
  for (i = 0; i < BLOCK_SIZE; i++)
    padded[i] = block[i] ^ pad;
  ok = EVP_DigestInit_ex(*ctx, d->sha256, NULL) &&
       EVP_DigestUpdate(*ctx, padded, BLOCK_SIZE);
  OPENSSL_cleanse(padded, sizeof padded);
  return done(ok);
}

static cog_status set_key(cog_digest *d, cog_hmac_key *k, const cog_str *parts,
                          size_t nparts)
{
  unsigned char block[BLOCK_SIZE];
  cog_status status = key_block(d, parts, nparts, block);
  if (status == COG_OK)
    status = set_state(d, &k->inner, block, 0x36);
  if (status == COG_OK)
    status = set_state(d, &k->outer, block, 0x5c);
  OPENSSL_cleanse(block, sizeof block);
  return status;
}

/* OpenSSL wipes a digest's state when it lets go of it. */
void cog_hmac_key_close(cog_hmac_key *k)
{
  EVP_MD_CTX_free(k->inner);
  EVP_MD_CTX_free(k->outer);
  k->inner = k->outer = NULL;
}

cog_status cog_hmac_key_set(cog_digest *d, cog_hmac_key *k,
                            const cog_str *parts, size_t nparts)
{
  cog_status status = set_key(d, k, parts, nparts);
  if (status != COG_OK)
    cog_hmac_key_close(k);
  return checked(status);
}

/* Where there is a state there is a digest: cog_hmac_key_set made it. */
static cog_status resume(cog_digest *d, const EVP_MD_CTX *state,
                         const cog_str *parts, size_t nparts,
                         unsigned char *out)
{
  if (!EVP_MD_CTX_copy_ex(d->work, state))
    return COG_ENOMEM;
  return hash(d->work, parts, nparts, out);
}

cog_status cog_hmac_with(cog_digest *d, const cog_hmac_key *k,
                         const cog_str *parts, size_t nparts,
                         unsigned char out[COG_SHA256_SIZE])
{
  unsigned char inner[COG_SHA256_SIZE];
  cog_str inner_part = {(const char *)inner, sizeof inner};
  cog_status status = resume(d, k->inner, parts, nparts, inner);
  if (status == COG_OK)
    status = resume(d, k->outer, &inner_part, 1, out);
  OPENSSL_cleanse(inner, sizeof inner);
  return checked(status);
}

/* Starting afresh overwrites the state and keeps the context; without memory
 * for that, what the context holds is wiped and let go. */
static void forget(cog_digest *d, EVP_MD_CTX *ctx)
{
  if (ctx == NULL || EVP_DigestInit_ex(ctx, d->sha256, NULL))
    return;
  EVP_MD_CTX_reset(ctx);
  ERR_clear_error();
}

cog_status cog_hmac(cog_digest *d, cog_str key, const cog_str *parts,
                    size_t nparts, unsigned char out[COG_SHA256_SIZE])
{
  cog_status status = cog_hmac_key_set(d, &d->once, &key, 1);
  if (status == COG_OK)
    status = cog_hmac_with(d, &d->once, parts, nparts, out);
  forget(d, d->once.inner);
  forget(d, d->once.outer);
  forget(d, d->work);
  return status;
}

cog_status cog_digest_init(cog_digest *d)
{
  ERR_set_mark();
  d->sha256 = fetch_sha256();
  d->work = EVP_MD_CTX_new();
  ERR_pop_to_mark();
  if (d->sha256 == NULL)
    return COG_ECRYPTO;
  return d->work != NULL ? COG_OK : COG_ENOMEM;
}

void cog_digest_close(cog_digest *d)
{
  const EVP_MD *md = d->sha256;
  EVP_MD_CTX *work = d->work;
  d->sha256 = NULL;
  d->work = NULL;
  cog_hmac_key_close(&d->once);
  EVP_MD_CTX_free(work);
  release_sha256(md);
}

void cog_hex(char *out, const unsigned char *p, size_t n)
{
  static const char digits[] = "0123456789abcdef";
  size_t i;
  for (i = 0; i < n; i++) {
    *out++ = digits[p[i] >> 4];
    *out++ = digits[p[i] & 15];
  }
}

/* The last one or two bytes, padded to a group of four. */
static void base64_tail(char *out, const unsigned char *p, size_t n,
                        const char *digits)
{
  unsigned second = n > 1 ? p[1] : 0;
  out[0] = digits[p[0] >> 2];
  out[1] = digits[(p[0] & 3u) << 4 | second >> 4];
  out[2] = n > 1 ? digits[(second & 15) << 2] : '=';
  out[3] = '=';
}

void cog_base64(char *out, const unsigned char *p, size_t n)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/";
  for (; n >= 3; n -= 3, p += 3, out += 4) {
    out[0] = digits[p[0] >> 2];
    out[1] = digits[(p[0] & 3) << 4 | p[1] >> 4];
    out[2] = digits[(p[1] & 15) << 2 | p[2] >> 6];
    out[3] = digits[p[2] & 63];
  }
  if (n > 0)
    base64_tail(out, p, n, digits);
}

size_t cog_base64url(char *out, const unsigned char *p, size_t n)
{
  size_t i, padding = (3 - n % 3) % 3, size = COG_BASE64_SIZE(n) - padding;
  cog_base64(out, p, n);
  for (i = 0; i < size; i++)
    out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
  return size;
}
