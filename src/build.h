/*
 * build.h: from an operation's parameters to the request that goes out.
 */
#ifndef COGNITO_BUILD_H
#define COGNITO_BUILD_H

#include "compat.h"
#include "http_request.h"
#include "model.h"
#include "sigv4.h"

/* Where requests go. */
typedef struct cog_origin {
  cog_str url;  /* ends with the path */
  cog_str host; /* with its port, as the header has it */
  cog_str path; /* as it goes into the request line */
} cog_origin;

/* What core.build is given besides the parameters. Absent strings have p
 * NULL; absent tables have stack index 0. */
typedef struct cog_context {
  const cog_origin *origin; /* NULL: endpoint and region make it */
  cog_str endpoint, region;
  cog_str client_id, user_pool_id, client_secret, hash_username;
  cog_str access_key_id, secret_access_key, session_token;
  int has_credentials;
  int analytics;
  double time;
} cog_context;

/* Reads the table at stack index t, time and credentials only for a signed
 * operation. Pushes what it holds: the strings stay valid for as long as the
 * stack does, whatever becomes of the table. Raises for fields of a wrong
 * type. */
void cog_context_read(lua_State *L, int t, int is_signed, cog_context *c);

/* Reads credentials alone, a table or nil; pushes them likewise. */
void cog_context_credentials(lua_State *L, int t, cog_context *c);

/* The URL of the service as the context has it, in `room`, which must be
 * empty, and `origin`, which points there. 0 when it has none that can be
 * used. */
int cog_find_origin(const cog_context *c, cog_buffer *room,
                    cog_origin *origin);

/*
 * Writes the request of an operation, which must be empty. Returns 0, or 2
 * with nil and an error pushed; then the request is of no use. `params` is a
 * stack index; what is wrong in a way that only a programmer can mend raises.
 *
 * The request's buffer has to grow or raise. Finalizers may run meanwhile: they
 * must not find the request.
 */
int cog_build(lua_State *L, cog_signer *signer, const cog_operation *op,
              int params, const cog_context *context, cog_request *out);

#endif
