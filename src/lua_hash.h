/*
 * lua_hash.h: hashes as Lua functions.
 */
#ifndef COGNITO_LUA_HASH_H
#define COGNITO_LUA_HASH_H

#include "compat.h"

/* Adds secret_hash, sha1, sha256 and hmac_sha256 to the module table at -2,
 * all with the signer at -1 as their upvalue. Leaves the stack as it is. */
void cog_hash_functions(lua_State *L);

#endif
