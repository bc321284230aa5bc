/*
 * lua_modular.h: arithmetic modulo a large number, for the sandbox.
 */
#ifndef COGNITO_LUA_MODULAR_H
#define COGNITO_LUA_MODULAR_H

#include "compat.h"

/* Adds mod_power, mod_product and mod_sum to the module table on top. */
void cog_modular_functions(lua_State *L);

#endif
