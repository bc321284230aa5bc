/*
 * protocol.h: the functions that cognito.wire and cognito.core share.
 */
#ifndef COGNITO_PROTOCOL_H
#define COGNITO_PROTOCOL_H

#include "compat.h"

/* Pushes a new module table with build, parse, sign, secret_hash and the
 * questions about the model in it, then the signer that they share. Raises when the process carries another OpenSSL than
 * the one this was built for. */
void cog_push_protocol(lua_State *L);

#endif
