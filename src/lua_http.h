/*
 * lua_http.h: http objects for Lua.
 */
#ifndef COGNITO_LUA_HTTP_H
#define COGNITO_LUA_HTTP_H

#include "compat.h"

/* Raises for a libcurl that is too old. */
void cog_http_check(lua_State *L);

/* Adds http, now, clock and sleep to the module table on top. Leaves the
 * stack as it is. */
void cog_http_functions(lua_State *L);

/* Pushes the metatable of this module's http objects, by which
 * cog_http_send knows them; `module` is the table's stack index. */
void cog_http_metatable(lua_State *L, int module);

/* http:send with the values at these stack indices; `metatable` may be an
 * upvalue's index, `options` 0 for none. Raises when the first is not an
 * http object of this module. Pushes a response, or nil and an error;
 * returns how many values that is. */
int cog_http_call(lua_State *L, int metatable, int http, int request,
                  int options);

/* Adds libcurl, libcurl_ssl and features to the table on top. */
void cog_http_info(lua_State *L);

#endif
