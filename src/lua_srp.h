/*
 * lua_srp.h: a sign-in by SRP, for Lua.
 */
#ifndef COGNITO_LUA_SRP_H
#define COGNITO_LUA_SRP_H

#include "compat.h"

/* Adds srp to the module table at -2, with the signer at -1 for its hashes.
 * Leaves the stack as it is. */
void cog_srp_functions(lua_State *L);

#endif
