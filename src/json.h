/*
 * json.h: requests. A Lua table, checked and written as JSON along a shape
 * of the model, without an intermediate table.
 */
#ifndef COGNITO_JSON_H
#define COGNITO_JSON_H

#include "model.h"
#include "place.h"

/* How deep lists and objects may be nested; in the document of a reply as deep
 * again. */
#define COG_JSON_DEEPEST 64

/*
 * Appends the value at stack index `value` as the shape wants it. Returns 1,
 * or 0 with one string pushed: what is wrong, which names the place and
 * never shows the value. Raises only for lack of memory.
 */
int cog_json_value(lua_State *L, cog_buffer *out, uint16_t shape, int value,
                   const cog_place *at);

/* The same for one member of an object, with its name and comma. */
int cog_json_member(lua_State *L, cog_buffer *out, const cog_member *m,
                    int value, const cog_place *at);

/* Whether every key of the table at `t` is a member's name, given how many
 * members were found there. When not, a sentence that names the wrong one
 * and the nearest right one is pushed. */
int cog_json_known(lua_State *L, const cog_shape *s, int t, int present,
                   const cog_place *at);

/* Says that a member is missing, unless a misspelt one explains it. */
int cog_json_missing(lua_State *L, const cog_shape *s, int t,
                     const cog_member *m, const cog_place *at);

#endif
