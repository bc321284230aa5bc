/*
 * lua_carry.h: exchanges over an http object.
 */
#ifndef COGNITO_LUA_CARRY_H
#define COGNITO_LUA_CARRY_H

#include "compat.h"
#include "lua_exchange.h"

/* Adds methods of http objects. The stack: their table, the metatable of http
 * objects, which is popped. `module` is the index of the module's table. */
void cog_carry_functions(lua_State *L, int module);

/* Sends a prepared exchange over the http object at `http` and waits for its
 * reply, with the settings that cog_take_send_settings finds at `settings`; 0
 * for the object's own. Returns 1, or 0 with nil and an error pushed. Raises
 * when there is no such object. */
int cog_http_carry(lua_State *L, int metatable, int http, cog_exchange *x,
                   int settings);

#endif
