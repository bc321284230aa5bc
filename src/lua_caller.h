/*
 * lua_caller.h: what is the same for every request of a client, compiled.
 */
#ifndef COGNITO_LUA_CALLER_H
#define COGNITO_LUA_CALLER_H

#include "build.h"
#include "compat.h"

/* The headers that go with every request of a client, unsigned, as they stand
 * in one: see http_request.h. */
typedef struct cog_client_headers {
  cog_str lines;
  size_t count;
  int has_id, has_attempt; /* the program has set these itself */
} cog_client_headers;

/* Pushes the metatable of callers. */
void cog_push_caller_metatable(lua_State *L);

/* Pushes a caller made of the table at index `t`, whose `headers` are a list of
 * pairs; the stack has the metatable at index `metatable`. Raises for fields of
 * a wrong type, and for what is no header. */
void cog_push_caller(lua_State *L, int t, int metatable);

/* The context of the caller at `index`, and its headers; raises for anything
 * else. Pushes one value, which has to stay. The strings are valid for as long
 * as the caller. */
cog_context cog_check_caller(lua_State *L, int index, int metatable,
                             const cog_client_headers **headers);

#endif
