/*
 * json_reader.h: JSON text to Lua values, along a shape of the model.
 */
#ifndef COGNITO_JSON_READER_H
#define COGNITO_JSON_READER_H

#include "buffer.h"
#include "compat.h"
#include "model.h"

typedef enum cog_read {
  COG_READ_DONE,       /* the value is on top */
  COG_READ_NO_JSON,    /* nothing was pushed */
  COG_READ_OTHER_SHAPE /* a sentence is on top that names the member */
} cog_read;

/*
 * Pushes the value that the text holds: members of structures under our
 * names, unknown ones under their own, nulls left out. Documents keep their
 * nulls as cjson.null, and their lists the mark below. COG_NONE is a value
 * of any shape.
 *
 * A scalar of another type is converted where its text says the same, and
 * left as it is otherwise: stand-ins of the service write dates as text, and
 * one of them must not cost a page of users.
 *
 * `at`, unless it is NULL, is set to where reading ended. `text` must be anchored on the stack. Raises only when memory runs out.
 */
cog_read cog_read_json(lua_State *L, cog_str text, uint16_t shape, size_t *at);

/* Pushes the metatable of lists in documents, by which an empty one is known
 * from an empty object. */
void cog_push_list_mark(lua_State *L);

/* What the metatable of the table at this index says: 1 a list, 0 an object,
 * -1 nothing. The field __jsontype is the one that dkjson reads. */
int cog_list_mark(lua_State *L, int table);

#endif
