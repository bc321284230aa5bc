/*
 * context.h: what a context fills in where the caller left something out.
 */
#ifndef COGNITO_CONTEXT_H
#define COGNITO_CONTEXT_H

#include "build.h"
#include "compat.h"
#include "fields.h"
#include "json.h"
#include "model.h"

/* One call of build. */
typedef struct cog_call {
  lua_State *L;
  cog_signer *signer;
  const cog_operation *op;
  int params; /* stack index */
  const cog_context *c;
  cog_request *out;
} cog_call;

/* Whether a context can fill the member in, and `false` leaves it out. */
int cog_fillable(const cog_call *b, const cog_member *m);

/* Pushes the value to send for a member, nil for none, and says whether the
 * caller's table has it. Returns -1, with a sentence instead of the value,
 * where it cannot be sent. */
int cog_push_param(cog_call *b, const cog_member *m, const cog_place *at);

/* Pushes t[key] without asking a metatable. */
void cog_raw_field(lua_State *L, int t, const char *key);

#endif
