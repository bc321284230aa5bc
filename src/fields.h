/*
 * fields.h: a table's fields, taken onto the stack at once.
 *
 * Almost every function of Lua's API may collect garbage, and a finalizer may
 * then change any table and free any string that only that table held. So
 * values are taken from the caller's tables in one go, in which nothing is
 * allocated, and from then on the stack holds them.
 */
#ifndef COGNITO_FIELDS_H
#define COGNITO_FIELDS_H

#include "buffer.h"
#include "compat.h"

typedef struct cog_field {
  cog_str name;
  int type; /* for cog_check_fields */
} cog_field;

#define COG_FIELD(name, type)                                                 \
  {                                                                           \
    {name, sizeof(name) - 1}, type                                            \
  }

#define COG_COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* Pushes n values, nil for those that the table at index t does not have, and
 * returns the index of the first. Allocates nothing (but stack), so two calls
 * one after the other see the same state of the caller's tables. Keys with
 * other names are passed over, or given to `unknown` (which raises). */
int cog_take_fields(lua_State *L, int t, const cog_field *fields, int n,
                    void (*unknown)(lua_State *L, int key));

/* Raises for a value from `first` on that is neither nil nor of its type:
 * "what.name must be a string, not a number". */
void cog_check_fields(lua_State *L, int first, const char *what,
                      const cog_field *fields, int n);

/* The string at a stack index, which must keep it; p NULL when it is none. */
cog_str cog_string_at(lua_State *L, int i);

#endif
