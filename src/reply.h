/*
 * reply.h: replies. The service's JSON to a Lua table with our names, or to
 * an error.
 */
#ifndef COGNITO_REPLY_H
#define COGNITO_REPLY_H

#include "compat.h"
#include "model.h"

/* Pushes the decode function of a lua-cjson instance of our own, so that
 * nobody's settings change ours, nor ours anybody's. */
void cog_push_decoder(lua_State *L);

/*
 * Pushes what core.parse returns, always three values: result, nil, meta or
 * nil, err, meta. `decoder` and `response` are stack indices; a response
 * that is not of the promised form raises.
 */
int cog_parse(lua_State *L, const cog_operation *op, int decoder,
              int response);

#endif
