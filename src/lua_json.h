/*
 * lua_json.h: JSON documents of any form, for Lua.
 */
#ifndef COGNITO_LUA_JSON_H
#define COGNITO_LUA_JSON_H

#include "compat.h"

/* Adds read_json, write_json, list and null to the module table on top. */
void cog_json_functions(lua_State *L);

#endif
