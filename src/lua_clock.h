/*
 * lua_clock.h: time for Lua, finer than os.time.
 */
#ifndef COGNITO_LUA_CLOCK_H
#define COGNITO_LUA_CLOCK_H

#include "compat.h"

/* Adds now, clock and sleep to the module table on top. */
void cog_clock_functions(lua_State *L);

/* The argument as seconds, 0 or more. */
double cog_check_seconds(lua_State *L, int index);

#endif
