/*
 * place.h: where in the parameters a value stands, and what is wrong there.
 */
#ifndef COGNITO_PLACE_H
#define COGNITO_PLACE_H

#include "buffer.h"
#include "compat.h"

/* Innermost first. */
typedef struct cog_place {
  const struct cog_place *up;
  cog_str name; /* a member or a map's key; name.p NULL in a list */
  int index;    /* in a list */
} cog_place;

/* Both push one sentence that begins with the place, like
 * "user_attributes[2].value must be …", and return 0. They name the place
 * and never show the value. */
int cog_wrong(lua_State *L, const cog_place *at, const char *what);
int cog_wrong_type(lua_State *L, const cog_place *at, const char *wanted,
                   int value);

/* "must have at least `min` characters"; the same contract. */
int cog_too_short(lua_State *L, const cog_place *at, int min, const char *of);

#endif
