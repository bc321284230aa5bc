/*
 * lua_process.h: programs, run from Lua.
 */
#ifndef COGNITO_LUA_PROCESS_H
#define COGNITO_LUA_PROCESS_H

#include "compat.h"

/* Adds run to the module table on top. */
void cog_process_functions(lua_State *L);

#endif
