/*
 * lua_whole_file.h: small files for Lua.
 */
#ifndef COGNITO_LUA_WHOLE_FILE_H
#define COGNITO_LUA_WHOLE_FILE_H

#include "compat.h"

/* Adds read_file to the module table on top. */
void cog_whole_file_functions(lua_State *L);

#endif
