/*
 * secret_hash.h: what an app client with a secret sends along with a username
 * (Cognito developer guide, "Computing secret hash values"). No Lua here.
 */
#ifndef COGNITO_SECRET_HASH_H
#define COGNITO_SECRET_HASH_H

#include "digest.h"

#define COG_SECRET_HASH_SIZE COG_SHA256_BASE64 /* characters, no NUL */

/* Base64 of HMAC-SHA-256 under the app client's secret over username and
 * client id. */
cog_status cog_secret_hash(cog_digest *d, cog_str username, cog_str client_id,
                           cog_str client_secret,
                           char out[COG_SECRET_HASH_SIZE]);

#endif
