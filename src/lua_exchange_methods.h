/*
 * lua_exchange_methods.h: exchange and caller, as the modules offer them.
 */
#ifndef COGNITO_LUA_EXCHANGE_METHODS_H
#define COGNITO_LUA_EXCHANGE_METHODS_H

#include "compat.h"

/* Adds exchange and caller to the module table. The stack: module, signer,
 * supply; it stays so. */
void cog_exchange_functions(lua_State *L);

/* Pushes the metatable of this module's exchanges; `module` is the table's
 * stack index. */
void cog_exchange_metatable(lua_State *L, int module);

#endif
