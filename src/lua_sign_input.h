/*
 * lua_sign_input.h: the arguments of core.sign, from Lua tables to cog_signing.
 */
#ifndef COGNITO_LUA_SIGN_INPUT_H
#define COGNITO_LUA_SIGN_INPUT_H

#include "compat.h"
#include "fields.h"
#include "scratch.h"
#include "sigv4.h"

typedef struct cog_sign_input {
  cog_signing in;   /* all of it but the headers */
  cog_str token;    /* n 0: none */
  cog_scratch host; /* what the Host header will say */
  int sign_body;
  int omit_token;
  int headers; /* stack index of the request's list, or of a nil */
} cog_sign_input;

/* Reads the request at stack index 1 and the options at 2. Their values are
 * unpacked onto the stack, which so holds every string that C points into,
 * whatever becomes of the tables. Returns 0, or pushes nil and an error and
 * returns 2; raises for a wrong type or an unknown option. */
int cog_sign_input_read(lua_State *L, cog_sign_input *r);

#endif
