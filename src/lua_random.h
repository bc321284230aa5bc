/*
 * lua_random.h: chance for Lua, better than math.random.
 */
#ifndef COGNITO_LUA_RANDOM_H
#define COGNITO_LUA_RANDOM_H

#include "compat.h"

/* Adds random, random_bytes and uuid to the module table on top. */
void cog_random_functions(lua_State *L);

#endif
