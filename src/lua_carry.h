/*
 * lua_carry.h: exchanges over an http object.
 */
#ifndef COGNITO_LUA_CARRY_H
#define COGNITO_LUA_CARRY_H

#include "compat.h"
#include "lua_exchange.h"

/* Methods of http objects. Their upvalues: the metatables of http objects and
 * of exchanges. */
extern const luaL_Reg cog_carry_methods[];

/* Sends a prepared exchange over the http object at `http` and waits for its
 * reply, with the settings that cog_take_send_settings finds at `settings`; 0
 * for the object's own. Returns 1, or 0 with nil and an error pushed. Raises
 * when there is no such object. */
int cog_http_carry(lua_State *L, int metatable, int http, cog_exchange *x,
                   int settings);

#endif
