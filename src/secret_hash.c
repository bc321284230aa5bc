/*
 * secret_hash.c: see secret_hash.h.
 */
#include "secret_hash.h"

#include <openssl/crypto.h>

cog_status cog_secret_hash(cog_digest *d, cog_str username, cog_str client_id,
                           cog_str client_secret,
                           char out[COG_SECRET_HASH_SIZE])
{
  cog_str message[2];
  unsigned char hash[COG_SHA256_SIZE];
  cog_status status;
  message[0] = username;
  message[1] = client_id;
  status = cog_hmac(d, client_secret, message, 2, hash);
  if (status != COG_OK)
    return status;
  cog_base64(out, hash, sizeof hash);
  OPENSSL_cleanse(hash, sizeof hash);
  return COG_OK;
}
