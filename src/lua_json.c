/***
 * JSON documents of any form: lists and objects, nulls and whole numbers of
 * 64 bits are told apart, whatever the program's locale.
 * @module cognito.core
 */
#include "lua_json.h"

#include "json.h"
#include "json_reader.h"
#include "secret.h"

/* Any shape of the model that is a document. */
static uint16_t document(void)
{
  uint16_t shape = 0;
  while (cog_shapes[shape].type != COG_DOCUMENT)
    shape++;
  return shape;
}

/***
 * Reads JSON. Lists are marked as `list` marks them, `null` is `null`.
 * @function read_json
 * @tparam string text
 * @treturn[1] value
 * @treturn[2] nil when it is no JSON, or nested more than 64 deep
 * @treturn[2] integer the byte at which it stops to be
 */
static int json_read(lua_State *L)
{
  cog_str text;
  size_t at;
  text.p = luaL_checklstring(L, 1, &text.n);
  lua_settop(L, 1);
  if (cog_read_json(L, text, document(), &at) == COG_READ_DONE)
    return 1;
  lua_pushnil(L);
  lua_pushinteger(L, (lua_Integer)at + 1);
  return 2;
}

/***
 * Writes JSON. A table with the values 1 to n and nothing else is a list; an
 * empty one is an object unless it is marked as a list.
 * @function write_json
 * @param value a table, string, number, boolean or `null`
 * @treturn[1] string
 * @treturn[2] nil
 * @treturn[2] string what in it JSON cannot say
 */
static int json_write(lua_State *L)
{
  static const cog_place top = {NULL, {"value", 5}, 0};
  cog_buffer b;
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  cog_secret_init(L, &b);
  if (!cog_json_value(L, &b, document(), 1, &top)) {
    cog_secret_wipe(&b);
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushlstring(L, b.data, b.len);
  cog_secret_wipe(&b);
  return 1;
}

/***
 * Marks a table as a list. In documents (branding settings, credentials of
 * WebAuthn) the service tells `[]` from `{}`, and an empty table is `{}`.
 * Lists in the documents of replies are marked already. Any metatable whose
 * field `__jsontype` is "array" says the same, as dkjson's do.
 * @function list
 * @tparam[opt] table list a new one without it
 * @treturn table the same
 * @raise when it is no table
 */
static int json_list(lua_State *L)
{
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_newtable(L);
    lua_replace(L, 1);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  cog_push_list_mark(L);
  lua_setmetatable(L, 1);
  return 1;
}

static const luaL_Reg functions[] = {{"read_json", json_read},
                                     {"write_json", json_write},
                                     {"list", json_list},
                                     {NULL, NULL}};

void cog_json_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
  lua_pushlightuserdata(L, NULL); /* cjson.null, too */
  lua_setfield(L, -2, "null");
}
