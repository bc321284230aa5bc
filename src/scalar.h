/*
 * scalar.h: strings, bytes, numbers and booleans as JSON.
 */
#ifndef COGNITO_SCALAR_H
#define COGNITO_SCALAR_H

#include "model.h"
#include "place.h"

/* The service refuses far less; this keeps a mistake (a file read into the
 * wrong variable) from becoming a request. */
#define COG_MAX_REQUEST ((size_t)4 * 1024 * 1024)

/* Appends, or raises for lack of memory. */
void cog_append(lua_State *L, cog_buffer *out, const char *p, size_t n);

/* All of these append JSON and return 1, or return 0 with one sentence
 * pushed that says what is wrong. */
int cog_put_string(lua_State *L, cog_buffer *out, cog_str s,
                   const cog_place *at);

/* The same for documents, which may say NUL as \u0000. */
int cog_put_text(lua_State *L, cog_buffer *out, cog_str s,
                 const cog_place *at);
int cog_put_scalar(lua_State *L, cog_buffer *out, const cog_shape *shape,
                   int value, const cog_place *at);

/* Any finite number, whatever a shape would say. */
int cog_put_number(lua_State *L, cog_buffer *out, int value,
                   const cog_place *at);
int cog_put_boolean(lua_State *L, cog_buffer *out, int value,
                    const cog_place *at);

int cog_too_large(lua_State *L, const cog_place *at);

#endif
