/*
 * lua_sign.h: signing and hashing as Lua functions.
 */
#ifndef COGNITO_LUA_SIGN_H
#define COGNITO_LUA_SIGN_H

#include "compat.h"
#include "sigv4.h"

#define COG_SECRET_HASH_SIZE COG_SHA256_BASE64 /* characters, no NUL */

/* Pushes a userdata that holds the signer and wipes it when collected.
 * Raises when OpenSSL or memory fails. */
cog_signer *cog_push_signer(lua_State *L);

/* Raises what stands behind a status that is not COG_OK. */
int cog_crypto_failed(lua_State *L, cog_status status);

/* Adds sign, secret_hash, sha256 and hmac_sha256 to the module table at -2,
 * all with the signer at -1 as their upvalue. Leaves the stack as it is. */
void cog_sign_functions(lua_State *L);

/* Base64 of HMAC-SHA-256 under the app client's secret over username and
 * client id (Cognito developer guide, "Computing secret hash values"). */
cog_status cog_secret_hash(cog_signer *s, cog_str username, cog_str client_id,
                           cog_str client_secret,
                           char out[COG_SECRET_HASH_SIZE + 1]);

#endif
