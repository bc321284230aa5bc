/*
 * lua_sign.h: Signature Version 4 as a Lua function.
 */
#ifndef COGNITO_LUA_SIGN_H
#define COGNITO_LUA_SIGN_H

#include "compat.h"

/* Adds sign to the module table at -2, with the signer at -1 as its upvalue.
 * Leaves the stack as it is. */
void cog_sign_functions(lua_State *L);

#endif
