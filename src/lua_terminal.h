/*
 * lua_terminal.h: the terminal of a command, and what is typed there, for Lua.
 */
#ifndef COGNITO_LUA_TERMINAL_H
#define COGNITO_LUA_TERMINAL_H

#include "compat.h"

/* Adds is_open, no_core_dumps, is_terminal, terminal_width, read_secret and
 * read_line to the module table on top. */
void cog_terminal_functions(lua_State *L);

#endif
