/*
 * lua_dpop.h: proofs of possession, for Lua.
 */
#ifndef COGNITO_LUA_DPOP_H
#define COGNITO_LUA_DPOP_H

#include "compat.h"

/* Adds dpop_proof to the module table on top. */
void cog_dpop_functions(lua_State *L);

#endif
