/*
 * lua_error.h: errors as Lua tables: `code`, `kind`, `message`, and the fields
 * that a caller adds.
 */
#ifndef COGNITO_LUA_ERROR_H
#define COGNITO_LUA_ERROR_H

#include "compat.h"

/* Replaces the message on top, which may hold any bytes, by an error. */
void cog_make_error(lua_State *L, const char *code, const char *kind);

/* Push nil and an error, and return 2. The field is the argument that is to
 * blame; NULL: none is. */
int cog_refuse(lua_State *L, const char *code, const char *kind,
               const char *field, const char *message);
int cog_refuse_parameter(lua_State *L, const char *field, const char *message);

#endif
