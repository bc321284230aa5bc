/*
 * lua_process.h: programs, run from Lua.
 */
#ifndef COGNITO_LUA_PROCESS_H
#define COGNITO_LUA_PROCESS_H

#include "compat.h"

/* Pushes the words of a command, a table at index `words`, and an array of
 * them that ends with NULL. It lives as long as what was pushed. */
char **cog_push_argv(lua_State *L, int words);

/* Adds run to the module table on top. */
void cog_process_functions(lua_State *L);

#endif
