/*
 * lua_signals.h: the signals that ask a command to stop, for Lua.
 */
#ifndef COGNITO_LUA_SIGNALS_H
#define COGNITO_LUA_SIGNALS_H

#include "compat.h"

/* Adds catch_signals and caught_signal to the module table on top. */
void cog_signal_functions(lua_State *L);

#endif
