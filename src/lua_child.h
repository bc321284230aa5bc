/*
 * lua_child.h: programs that run beside this one, for Lua.
 */
#ifndef COGNITO_LUA_CHILD_H
#define COGNITO_LUA_CHILD_H

#include "compat.h"

/* Adds start to the module table on top. */
void cog_child_functions(lua_State *L);

#endif
