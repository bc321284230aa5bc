/*
 * reply.h: replies. The service's JSON to a Lua table with our names, or to
 * an error.
 */
#ifndef COGNITO_REPLY_H
#define COGNITO_REPLY_H

#include "compat.h"
#include "http_reply.h"
#include "model.h"

/*
 * Pushes what core.parse returns, always three values: result, nil, meta or
 * nil, err, meta. `response` is the stack index of a table; one that is not of
 * the promised form raises.
 */
int cog_parse(lua_State *L, const cog_operation *op, int response);

/* The same for a reply in C, which must stay as it is meanwhile. */
int cog_parse_reply(lua_State *L, const cog_operation *op,
                    const cog_reply *reply);

#endif
