/*
 * json_number.h: numbers of JSON as Lua's, exact where Lua can be, whatever
 * the locale.
 *
 * All return 1, or push nothing and return 0 where there is no number, -1
 * where no double holds it. `digits` is room to work in, on the caller's stack
 * or Lua's.
 */
#ifndef COGNITO_JSON_NUMBER_H
#define COGNITO_JSON_NUMBER_H

#include "compat.h"
#include "json_text.h"

/* Pushes the number that begins here. */
int cog_json_number(lua_State *L, cog_json *j, cog_buffer *digits);

/* Pushes it as it is written. */
int cog_json_number_as_text(lua_State *L, cog_json *j, cog_buffer *digits);

/* Pushes the number that is all of a text. */
int cog_json_number_in_text(lua_State *L, cog_str text, cog_buffer *digits);

#endif
