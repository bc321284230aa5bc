/*
 * lua_http_outcome.h: what became of a transfer, as Lua tables.
 */
#ifndef COGNITO_LUA_HTTP_OUTCOME_H
#define COGNITO_LUA_HTTP_OUTCOME_H

#include "compat.h"
#include "http_transfer.h"

/* Pushes a response, or nil and an error; returns how many values. */
int cog_push_outcome(lua_State *L, const cog_transfer *t);

/* Pushes nil and the error of a transfer that failed; `timings` may be NULL.
 * Returns 2. */
int cog_push_fault(lua_State *L, const cog_outcome *o,
                   const cog_timings *timings);

void cog_push_http_error(lua_State *L, cog_fault fault, int sent,
                         const char *message);

#endif
