/*
 * lua_http.h: http objects for Lua.
 */
#ifndef COGNITO_LUA_HTTP_H
#define COGNITO_LUA_HTTP_H

#include "compat.h"
#include "http.h"

/* Raises for a libcurl that is too old. */
void cog_http_check(lua_State *L);

/* Adds http, now, clock and sleep to the module table on top, which has those
 * of lua_exchange.h already. Leaves the stack as it is. */
void cog_http_functions(lua_State *L);

/* Pushes the metatable of this module's http objects, by which
 * cog_check_http knows them; `module` is the table's stack index. */
void cog_http_metatable(lua_State *L, int module);

/* The http object at `index`, which must be open; raises for anything else.
 * `metatable` may be an upvalue's index. */
cog_http *cog_check_http(lua_State *L, int index, int metatable);

/* Pushes two values, by which cog_deliver can push an outcome of the http object
 * at `http`. To be called before the transfer is at hand. */
void cog_push_delivery(lua_State *L, int http);

/* Those two are on top: puts what http:send returns in their place, and
 * releases the transfer, even when Lua runs out of memory half-way. Returns
 * how many values it pushed. */
int cog_deliver(lua_State *L, cog_transfer *t);

/* Adds libcurl, libcurl_ssl and features to the table on top. */
void cog_http_info(lua_State *L);

#endif
