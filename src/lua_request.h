/*
 * lua_request.h: tables of requests, as C sees them.
 */
#ifndef COGNITO_LUA_REQUEST_H
#define COGNITO_LUA_REQUEST_H

#include "compat.h"
#include "http_request.h"

/* Fills `r` in from the request at `index`. Raises where a type is
 * wrong; returns 1 when done, or 0 with the complaint about the contents
 * pushed as a string. */
int cog_read_request(lua_State *L, int index, cog_request *r, int allow_http);

#endif
