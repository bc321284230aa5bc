/*
 * lua_timings.h: how long the parts of an exchange took, as a table.
 */
#ifndef COGNITO_LUA_TIMINGS_H
#define COGNITO_LUA_TIMINGS_H

#include "compat.h"
#include "http_timings.h"

/* Pushes { name_lookup =, connect =, tls =, first_byte =, total = }. */
void cog_push_timings(lua_State *L, const cog_timings *t);

#endif
