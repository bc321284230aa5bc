/*
 * lua_signer.h: the signer, with its digests and its keys, as a userdata.
 */
#ifndef COGNITO_LUA_SIGNER_H
#define COGNITO_LUA_SIGNER_H

#include "compat.h"
#include "sigv4.h"

/* Pushes a userdata that holds the signer and wipes it when collected.
 * Raises when OpenSSL or memory fails. */
cog_signer *cog_push_signer(lua_State *L);

/* Raises what stands behind a status, unless it is COG_OK. */
void cog_crypto_check(lua_State *L, cog_status status);

#endif
