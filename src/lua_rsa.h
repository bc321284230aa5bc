/*
 * lua_rsa.h: the key that signs the sandbox's tokens, for Lua.
 */
#ifndef COGNITO_LUA_RSA_H
#define COGNITO_LUA_RSA_H

#include "compat.h"

/* Adds rsa_key to the module table on top. */
void cog_rsa_functions(lua_State *L);

#endif
