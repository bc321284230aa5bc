/*
 * lua_random.h: chance for Lua, better than math.random.
 */
#ifndef COGNITO_LUA_RANDOM_H
#define COGNITO_LUA_RANDOM_H

#include "compat.h"

#define COG_UUID_SIZE 36

/* Bytes for ids yet to be made: OpenSSL takes as long for one id as for all
 * of these. Nothing secret is made of them. */
typedef struct cog_supply cog_supply;

/* Pushes one. */
void cog_push_supply(lua_State *L);

/* Writes a random UUID of version 4 and no NUL. Raises when OpenSSL fails. */
void cog_uuid(lua_State *L, cog_supply *s, char to[COG_UUID_SIZE]);

/* Adds random, random_bytes and uuid to the module table below the supply on
 * top. Leaves the stack as it is. */
void cog_random_functions(lua_State *L);

#endif
