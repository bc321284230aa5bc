/*
 * lua_caller.h: what is the same for every request of a client, compiled.
 */
#ifndef COGNITO_LUA_CALLER_H
#define COGNITO_LUA_CALLER_H

#include "build.h"
#include "compat.h"

/* Pushes the metatable of callers. */
void cog_push_caller_metatable(lua_State *L);

/* Pushes a caller made of the table at index `t`; the stack has the metatable
 * at index `metatable`. Raises for fields of a wrong type. */
void cog_push_caller(lua_State *L, int t, int metatable);

/* The context of the caller at `index`; raises for anything else. Pushes one
 * value, which has to stay. The strings are valid for as long as the caller. */
cog_context cog_check_caller(lua_State *L, int index, int metatable);

#endif
