/*
 * context.h: what core.build is given besides the parameters, and what it
 * makes of it where the caller left something out.
 */
#ifndef COGNITO_CONTEXT_H
#define COGNITO_CONTEXT_H

#include "compat.h"
#include "fields.h"
#include "json.h"
#include "model.h"
#include "sigv4.h"

/* Absent strings have p NULL; absent tables have stack index 0. */
typedef struct cog_context {
  cog_str endpoint, region;
  cog_str client_id, user_pool_id, client_secret, hash_username;
  cog_str access_key_id, secret_access_key, session_token;
  int has_credentials;
  int analytics;
  double time;
} cog_context;

/* One call of build. */
typedef struct cog_call {
  lua_State *L;
  cog_signer *signer;
  const cog_operation *op;
  int params; /* stack index */
  cog_context c;
} cog_call;

/* Reads the table at stack index t, time and credentials only for a signed
 * operation. Pushes what it holds: the strings stay valid for as long as the
 * stack does, whatever becomes of the table. Raises for fields of a wrong
 * type. */
void cog_context_read(lua_State *L, int t, int is_signed, cog_context *c);

/* Whether a context can fill the member in, and `false` leaves it out. */
int cog_fillable(const cog_call *b, const cog_member *m);

/* Pushes the value to send for a member, nil for none, and says whether the
 * caller's table has it. Returns -1, with a sentence instead of the value,
 * where it cannot be sent. */
int cog_push_param(cog_call *b, const cog_member *m, const cog_place *at);

/* Pushes t[key] without asking a metatable. */
void cog_raw_field(lua_State *L, int t, const char *key);

#endif
