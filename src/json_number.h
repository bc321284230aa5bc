/*
 * json_number.h: numbers of JSON as Lua's, exact where Lua can be, whatever
 * the locale.
 *
 * All return 0, and push nothing, where there is no number or one that no
 * double holds. `digits` is room to work in, on the caller's stack or Lua's.
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
