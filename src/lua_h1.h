/*
 * lua_h1.h: HTTP/1.1 for Lua code that has sockets of its own.
 */
#ifndef COGNITO_LUA_H1_H
#define COGNITO_LUA_H1_H

#include "compat.h"

/* Adds http1 to the module table at `module`. The metatable of exchanges is on
 * top, and stays there. */
void cog_h1_functions(lua_State *L, int module);

#endif
