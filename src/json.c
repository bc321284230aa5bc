/*
 * json.c: Lua values to JSON along a shape of the model.
 *
 * The writer checks type, required members, minimum, UTF-8, NUL, and lists
 * for holes. Maximum lengths, patterns and enumerations are the service's to
 * judge, as in the AWS SDKs: it changes them without notice.
 *
 * Tables are read raw: a metamethod could raise, or yield across C.
 */
#include "json.h"

#include "ascii.h"
#include "json_reader.h"
#include "nearest.h"
#include "scalar.h"

/* ---- tables ---- */

static size_t count_keys(lua_State *L, int t)
{
  size_t n = 0;
  lua_pushnil(L);
  while (lua_next(L, t) != 0) {
    lua_pop(L, 1);
    n++;
  }
  return n;
}

/* A table with n keys, of which 1 to n are all there, has no holes and
 * nothing but a list in it. */
static int is_list(lua_State *L, int t, size_t n)
{
  size_t i;
  for (i = 1; i <= n; i++) {
    int hole;
    lua_rawgeti(L, t, (int)i);
    hole = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (hole)
      return 0;
  }
  return 1;
}

static int is_member(const cog_member *m, const char *name)
{
  return strcmp(cog_names + m->name, name) == 0;
}

/* Whether a list is one of names and values: attributes of users. */
static int is_of_pairs(const cog_shape *list)
{
  const cog_shape *pair = &cog_shapes[list->first];
  const cog_member *m = &cog_members[pair->first];
  return pair->type == COG_STRUCTURE && pair->count == 2 &&
         is_member(m, "name") && is_member(m + 1, "value");
}

#define LIST_OF_PAIRS                                                         \
  "a list of { name =, value = }, or a table from names to values"

/* The name at the top but one, the value on top. */
static int put_pair(lua_State *L, cog_buffer *out, const cog_member *m,
                    const cog_place *at)
{
  cog_place here = {at, {NULL, 0}, 0};
  int key = lua_gettop(L) - 1;
  if (lua_type(L, key) != LUA_TSTRING)
    return cog_wrong(L, at, "must be " LIST_OF_PAIRS);
  here.name.p = lua_tolstring(L, key, &here.name.n);
  cog_append(L, out, "{", 1);
  if (!cog_json_member(L, out, &m[0], key, &here) ||
      !cog_json_member(L, out, &m[1], key + 1, &here))
    return 0;
  cog_append(L, out, "}", 1);
  return 1;
}

/* A list of names and values, given as a table from names to values. */
static int pairs_value(lua_State *L, cog_buffer *out, const cog_shape *shape,
                       int value, const cog_place *at)
{
  const cog_member *m = &cog_members[cog_shapes[shape->first].first];
  const char *comma = "";
  cog_append(L, out, "[", 1);
  lua_pushnil(L);
  while (lua_next(L, value) != 0) { /* name value */
    cog_append(L, out, comma, strlen(comma));
    if (!put_pair(L, out, m, at)) { /* name value message */
      lua_insert(L, -3);
      lua_pop(L, 2);
      return 0;
    }
    comma = ",";
    lua_pop(L, 1);
  }
  cog_append(L, out, "]", 1);
  return 1;
}

static int list_value(lua_State *L, cog_buffer *out, const cog_shape *shape,
                      int value, const cog_place *at)
{
  cog_place here = {at, {NULL, 0}, 0};
  size_t i, n;
  if (!lua_istable(L, value))
    return cog_wrong_type(L, at, is_of_pairs(shape) ? LIST_OF_PAIRS : "a list",
                          value);
  n = count_keys(L, value);
  if (n > COG_MAX_REQUEST)
    return cog_too_large(L, at);
  if (!is_list(L, value, n) && is_of_pairs(shape))
    return pairs_value(L, out, shape, value, at);
  if (!is_list(L, value, n))
    return cog_wrong(L, at,
                     "must be a list: values under 1, 2, 3, … without "
                     "holes and without other keys");
  if (shape->min > 0 && n < (size_t)shape->min)
    return cog_too_short(L, at, shape->min, "entries");
  cog_append(L, out, "[", 1);
  for (i = 1; i <= n; i++) {
    if (i > 1)
      cog_append(L, out, ",", 1);
    here.index = (int)i;
    lua_rawgeti(L, value, (int)i);
    if (!cog_json_value(L, out, shape->first, lua_gettop(L), &here)) {
      lua_remove(L, -2);
      return 0;
    }
    lua_pop(L, 1);
  }
  cog_append(L, out, "]", 1);
  return 1;
}

static int map_entry(lua_State *L, cog_buffer *out, uint16_t shape,
                     const cog_place *at)
{
  cog_place here = {at, {NULL, 0}, 0};
  int key = lua_gettop(L) - 1;
  if (lua_type(L, key) != LUA_TSTRING)
    return cog_wrong(L, at, "must be a map: every key must be a string");
  here.name.p = lua_tolstring(L, key, &here.name.n);
  if (!(cog_shapes[shape].type == COG_DOCUMENT
            ? cog_put_text
            : cog_put_string)(L, out, here.name, &here))
    return 0;
  cog_append(L, out, ":", 1);
  return cog_json_value(L, out, shape, key + 1, &here);
}

static int map_value(lua_State *L, cog_buffer *out, const cog_shape *shape,
                     int value, const cog_place *at)
{
  int n = 0;
  if (!lua_istable(L, value))
    return cog_wrong_type(L, at, "a map of strings", value);
  cog_append(L, out, "{", 1);
  lua_pushnil(L);
  while (lua_next(L, value) != 0) { /* key value */
    if (n++ > 0)
      cog_append(L, out, ",", 1);
    if (!map_entry(L, out, shape->first, at)) { /* key value message */
      lua_insert(L, -3);
      lua_pop(L, 2);
      return 0;
    }
    lua_pop(L, 1);
  }
  if (shape->min > 0 && n < shape->min)
    return cog_too_short(L, at, shape->min, "entries");
  cog_append(L, out, "}", 1);
  return 1;
}

/* Top-level parameters have no enclosing name. */
static const cog_place *inner(const cog_place *at)
{
  return at->up != NULL || at->name.p != NULL ? at : NULL;
}

int cog_json_known(lua_State *L, const cog_shape *s, int t, int present,
                   const cog_place *at)
{
  cog_nearest nearest;
  const char *name;
  size_t len;
  int i;
  if (count_keys(L, t) == (size_t)present)
    return 1;
  for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      lua_pop(L, 2);
      return cog_wrong(L, at, "must have names as keys");
    }
    name = lua_tolstring(L, -2, &len);
    for (i = 0; i < s->count; i++)
      if (cog_is_text((cog_str){name, len},
                      cog_names + cog_members[s->first + i].name))
        break;
    if (i < s->count)
      continue;
    cog_nearest_init(&nearest, name, len);
    for (i = 0; i < s->count; i++)
      cog_nearest_offer(&nearest, cog_names + cog_members[s->first + i].name);
    {
      cog_place here = {inner(at), {name, len}, 0};
      if (nearest.best != NULL)
        lua_pushfstring(L, "is not a parameter; did you mean '%s'?",
                        nearest.best);
      else
        lua_pushliteral(L, "is not a parameter");
      cog_wrong(L, &here, lua_tostring(L, -1));
    }
    lua_insert(L, -4); /* message key value text */
    lua_pop(L, 3);
    return 0;
  }
  return 1;
}

int cog_json_missing(lua_State *L, const cog_shape *s, int t,
                     const cog_member *m, const cog_place *at)
{
  cog_place here = {inner(at), {NULL, 0}, 0};
  if (!cog_json_known(L, s, t, -1, at))
    return 0;
  here.name.p = cog_names + m->name;
  here.name.n = strlen(here.name.p);
  return cog_wrong(L, &here, "is required");
}

int cog_json_member(lua_State *L, cog_buffer *out, const cog_member *m,
                    int value, const cog_place *at)
{
  const char *wire = cog_names + m->wire;
  if (out->data[out->len - 1] != '{')
    cog_append(L, out, ",", 1);
  cog_append(L, out, "\"", 1);
  cog_append(L, out, wire, strlen(wire));
  cog_append(L, out, "\":", 2);
  return cog_json_value(L, out, m->shape, value, at);
}

static int structure_value(lua_State *L, cog_buffer *out,
                           const cog_shape *shape, int value,
                           const cog_place *at)
{
  cog_place here = {at, {NULL, 0}, 0};
  int i, present = 0;
  if (!lua_istable(L, value))
    return cog_wrong_type(L, at, "a table", value);
  cog_append(L, out, "{", 1);
  for (i = 0; i < shape->count; i++) {
    const cog_member *m = &cog_members[shape->first + i];
    here.name.p = cog_names + m->name;
    here.name.n = strlen(here.name.p);
    lua_pushlstring(L, here.name.p, here.name.n);
    lua_rawget(L, value);
    if (!lua_isnil(L, -1)) {
      present++;
      if (!cog_json_member(L, out, m, lua_gettop(L), &here)) {
        lua_remove(L, -2);
        return 0;
      }
    } else if (m->required) {
      lua_pop(L, 1);
      return cog_json_missing(L, shape, value, m, at);
    }
    lua_pop(L, 1);
  }
  cog_append(L, out, "}", 1);
  return cog_json_known(L, shape, value, present, at);
}

/* ---- free-form documents ---- */

static size_t depth(const cog_place *at)
{
  size_t n = 0;
  for (; at != NULL; at = at->up)
    n++;
  return n;
}

static int document_table(lua_State *L, cog_buffer *out, uint16_t shape,
                          int value, const cog_place *at)
{
  static const cog_shape any = {COG_MAP, 0, 0, 0, COG_NO_MIN};
  cog_shape like = any;
  size_t n = count_keys(L, value);
  int mark;
  if (depth(at) > COG_JSON_DEEPEST)
    return cog_wrong(L, at,
                     "is nested more than 64 tables deep, or refers to "
                     "itself");
  like.first = shape;
  mark = cog_list_mark(L, value);
  /* An empty table is an object: most documents of this service are. */
  if (mark == 1 || (mark < 0 && n > 0 && is_list(L, value, n)))
    return list_value(L, out, &like, value, at);
  return map_value(L, out, &like, value, at);
}

static int put_text(lua_State *L, cog_buffer *out, int value,
                    const cog_place *at)
{
  cog_str s;
  s.p = lua_tolstring(L, value, &s.n);
  return cog_put_text(L, out, s, at);
}

static int document_value(lua_State *L, cog_buffer *out, uint16_t shape,
                          int value, const cog_place *at)
{
  switch (lua_type(L, value)) {
  case LUA_TSTRING:
    return put_text(L, out, value, at);
  case LUA_TNUMBER:
    return cog_put_number(L, out, value, at);
  case LUA_TBOOLEAN:
    return cog_put_boolean(L, out, value, at);
  case LUA_TTABLE:
    return document_table(L, out, shape, value, at);
  case LUA_TLIGHTUSERDATA: /* cjson.null */
    if (lua_touserdata(L, value) == NULL) {
      cog_append(L, out, "null", 4);
      return 1;
    }
    break;
  default:
    break;
  }
  return cog_wrong_type(L, at, "a value that JSON knows", value);
}

int cog_json_value(lua_State *L, cog_buffer *out, uint16_t shape, int value,
                   const cog_place *at)
{
  const cog_shape *s = &cog_shapes[shape];
  luaL_checkstack(L, 8, "a table nested too deep");
  if (out->len > COG_MAX_REQUEST)
    return cog_too_large(L, at);
  switch (s->type) {
  case COG_STRUCTURE:
    return structure_value(L, out, s, value, at);
  case COG_LIST:
    return list_value(L, out, s, value, at);
  case COG_MAP:
    return map_value(L, out, s, value, at);
  case COG_DOCUMENT:
    return document_value(L, out, shape, value, at);
  default:
    return cog_put_scalar(L, out, s, value, at);
  }
}
