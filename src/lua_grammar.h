/*
 * lua_grammar.h: the grammar of URLs, HTTP and UTF-8 for Lua.
 */
#ifndef COGNITO_LUA_GRAMMAR_H
#define COGNITO_LUA_GRAMMAR_H

#include "compat.h"

/* Adds the functions of URLs, headers and UTF-8 to the module table on top. */
void cog_grammar_functions(lua_State *L);

#endif
