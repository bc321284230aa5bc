/*
 * lua_http_options.h: tables of options, as C sees them.
 */
#ifndef COGNITO_LUA_HTTP_OPTIONS_H
#define COGNITO_LUA_HTTP_OPTIONS_H

#include "compat.h"
#include "http_settings.h"

/* The settings of core.http from the table (or nil, or nothing) at `index`.
 * Raises for unknown and mistyped ones. Strings belong to the table. */
cog_http_settings cog_read_http_settings(lua_State *L, int index);

/* The options of one exchange from the table, or nil, at `index`. */
cog_send_settings cog_read_send_settings(lua_State *L, int index,
                                         const cog_http_settings *defaults);

/* The same from the stack: timeout, connect_timeout, max_idle and timings from
 * index `first` on, each nil for the default. */
cog_send_settings cog_take_send_settings(lua_State *L, int first,
                                         const cog_http_settings *defaults);

#endif
