/*
 * lua_files.h: files that other processes read and write, too, for Lua.
 */
#ifndef COGNITO_LUA_FILES_H
#define COGNITO_LUA_FILES_H

#include "compat.h"

/* Adds write_private, lock, file_facts and check_owned to the module table on top. */
void cog_file_functions(lua_State *L);

#endif
