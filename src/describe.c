/*
 * describe.c: questions about the model.
 */
#include "describe.h"

#include <string.h>

#include "nearest.h"

static const char *const effects[] = {"read", "repeat", "once", "message"};

static const char *const types[] = {
    "structure", "list",    "map",  "string",    "blob",
    "boolean",   "integer", "long", "timestamp", "document"};

/* Under which member the app client's secret, or its hash, travels. */
static const char *const secrets[] = {NULL,
                                      "secret_hash",
                                      "auth_parameters",
                                      "challenge_responses",
                                      "client_secret",
                                      "secret"};

const cog_operation *cog_find_operation(const char *name, size_t len)
{
  size_t low = 0, high = cog_operation_count;
  if (strlen(name) != len) /* Lua's strings may hold a NUL */
    return NULL;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const cog_operation *op = &cog_operations[middle];
    int order = strcmp(name, cog_names + op->name);
    if (order == 0)
      return op;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

const cog_operation *cog_check_operation(lua_State *L, int arg)
{
  const char *name;
  size_t len;
  const cog_operation *op;
  cog_nearest nearest;
  int i;
  luaL_checktype(L, arg, LUA_TSTRING);
  name = lua_tolstring(L, arg, &len);
  op = cog_find_operation(name, len);
  if (op != NULL)
    return op;
  cog_nearest_init(&nearest, name, len);
  for (i = 0; i < cog_operation_count; i++)
    cog_nearest_offer(&nearest, cog_names + cog_operations[i].name);
  if (nearest.best != NULL)
    lua_pushfstring(L, "no operation '%s'; did you mean '%s'?", name,
                    nearest.best);
  else
    lua_pushfstring(L, "no operation '%s'", name);
  luaL_argerror(L, arg, lua_tostring(L, -1));
  return NULL; /* unreachable: luaL_argerror does not return */
}

static int has_value(lua_State *L, int params, const cog_rule *rule)
{
  int found;
  lua_pushstring(L, cog_names + rule->member);
  lua_rawget(L, params);
  found = lua_type(L, -1) == LUA_TSTRING &&
          strcmp(lua_tostring(L, -1), cog_names + rule->value) == 0;
  lua_pop(L, 1);
  return found;
}

const char *cog_effect_of(lua_State *L, const cog_operation *op, int params)
{
  int i;
  for (i = 0; i < op->nrules; i++)
    if (has_value(L, params, &cog_rules[op->rule + i]))
      return effects[cog_rules[op->rule + i].effect];
  return effects[op->effect];
}

/* ---- descriptions ---- */

static void set_string(lua_State *L, const char *key, const char *value)
{
  lua_pushstring(L, value);
  lua_setfield(L, -2, key);
}

static void set_true(lua_State *L, const char *key, int value)
{
  if (value) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, key);
  }
}

static void push_members(lua_State *L, const cog_shape *s);

/* Sets what a shape says in the table on top. */
static void set_shape(lua_State *L, uint16_t shape)
{
  const cog_shape *s = &cog_shapes[shape];
  luaL_checkstack(L, 6, "a shape nested too deep");
  set_string(L, "type", types[s->type]);
  set_true(L, "sensitive", s->sensitive);
  if (s->min != COG_NO_MIN) {
    lua_pushinteger(L, s->min);
    lua_setfield(L, -2, "min");
  }
  if (s->type == COG_STRUCTURE) {
    push_members(L, s);
    lua_setfield(L, -2, "members");
  } else if (s->type == COG_LIST || s->type == COG_MAP) {
    lua_newtable(L);
    set_shape(L, s->first);
    lua_setfield(L, -2, s->type == COG_LIST ? "element" : "value");
  }
}

static void push_members(lua_State *L, const cog_shape *s)
{
  int i;
  lua_createtable(L, s->count, 0);
  for (i = 0; i < s->count; i++) {
    const cog_member *m = &cog_members[s->first + i];
    lua_newtable(L);
    set_string(L, "name", cog_names + m->name);
    set_string(L, "wire_name", cog_names + m->wire);
    set_true(L, "required", m->required);
    set_shape(L, m->shape);
    set_true(L, "sensitive", m->sensitive);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_rules(lua_State *L, const cog_operation *op)
{
  int i;
  lua_createtable(L, op->nrules, 0);
  for (i = 0; i < op->nrules; i++) {
    const cog_rule *rule = &cog_rules[op->rule + i];
    lua_newtable(L);
    set_string(L, "member", cog_names + rule->member);
    set_string(L, "value", cog_names + rule->value);
    set_string(L, "effect", effects[rule->effect]);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_errors(lua_State *L, const cog_operation *op)
{
  int i;
  lua_createtable(L, op->nerrors, 0);
  for (i = 0; i < op->nerrors; i++) {
    lua_pushstring(L, cog_names + cog_errors[op->errors + i]);
    lua_rawseti(L, -2, i + 1);
  }
}

static void set_structure(lua_State *L, const char *key, uint16_t shape)
{
  if (shape == COG_NONE)
    lua_newtable(L);
  else
    push_members(L, &cog_shapes[shape]);
  lua_setfield(L, -2, key);
}

void cog_push_description(lua_State *L, const cog_operation *op)
{
  lua_newtable(L);
  set_string(L, "name", cog_names + op->name);
  set_string(L, "wire_name", cog_names + op->wire);
  set_string(L, "effect", effects[op->effect]);
  set_string(L, "secret", secrets[op->secret]);
  lua_pushboolean(L, op->is_signed);
  lua_setfield(L, -2, "signed");
  set_structure(L, "input", op->input);
  set_structure(L, "output", op->output);
  push_rules(L, op);
  lua_setfield(L, -2, "rules");
  push_errors(L, op);
  lua_setfield(L, -2, "errors");
}
