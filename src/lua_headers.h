/*
 * lua_headers.h: a reply's headers, as Lua sees them. Repeated ones are joined
 * (RFC 9110, section 5.3).
 */
#ifndef COGNITO_LUA_HEADERS_H
#define COGNITO_LUA_HEADERS_H

#include "compat.h"
#include "http_reply.h"

/* Pushes the value of one, "" where there is none; its name in lower case. */
void cog_push_header(lua_State *L, const cog_reply *r, const char *name);

/* Pushes a table of them: all, or only those that the client reads. */
void cog_push_headers(lua_State *L, const cog_reply *r, int all);

#endif
