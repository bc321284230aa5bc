/*
 * describe.h: the model as Lua tables, for tools, documentation and tests.
 */
#ifndef COGNITO_DESCRIBE_H
#define COGNITO_DESCRIBE_H

#include "compat.h"
#include "model.h"

/* NULL when there is no operation of that snake_case name. */
const cog_operation *cog_find_operation(const char *name, size_t len);

/* The same for the name at a stack index; raises, with the nearest right
 * name, where there is none. */
const cog_operation *cog_check_operation(lua_State *L, int arg);

/* What carrying out an operation twice would do, given its parameters. */
const char *cog_effect_of(lua_State *L, const cog_operation *op, int params);

/* Pushes everything the model knows of an operation. */
void cog_push_description(lua_State *L, const cog_operation *op);

#endif
