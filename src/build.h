/*
 * build.h: from an operation's parameters to the request that goes out.
 */
#ifndef COGNITO_BUILD_H
#define COGNITO_BUILD_H

#include "compat.h"
#include "model.h"
#include "sigv4.h"

/*
 * Pushes what core.build returns and says how many values that is: the
 * request, or nil and an error. `params` and `context` are stack indices;
 * what is wrong in a way that only a programmer can mend raises.
 */
int cog_build(lua_State *L, cog_signer *signer, const cog_operation *op,
              int params, int context);

#endif
