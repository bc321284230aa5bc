/*
 * lua_http_options.c: options from Lua, each checked before anything is
 * acquired for them. A wrong type or an unknown name is a programming mistake
 * and raises.
 */
#include "lua_http_options.h"

#include "ascii.h"
#include "nearest.h"

#define LONGEST          86400.0 /* seconds; more is a mistake in the unit */
#define LARGEST          1073741824.0 /* bytes of one reply */
#define MOST_CONNECTIONS 65536        /* ports of one address */

/* ---- tables of options ---- */

typedef enum option_kind {
  OPTION_SECONDS, /* double: more than nothing */
  OPTION_IDLE,    /* double: 0 allowed */
  OPTION_BYTES,   /* double, whole */
  OPTION_COUNT,   /* double, whole */
  OPTION_FLAG,    /* int */
  OPTION_PATH,    /* const char *, not empty */
  OPTION_PROXY    /* const char *, "" allowed */
} option_kind;

typedef struct option {
  const char *name;
  option_kind kind;
  size_t offset; /* in the structure that is filled in */
} option;

static int wrong(lua_State *L, const option *o, const char *expected)
{
  return luaL_error(L, "option '%s': %s expected", o->name, expected);
}

static double read_number(lua_State *L, const option *o, double least,
                          double most, const char *expected)
{
  lua_Number n = lua_tonumber(L, -1);
  if (lua_type(L, -1) != LUA_TNUMBER || !(n >= least && n <= most))
    wrong(L, o, expected);
  return (double)n;
}

static double read_whole(lua_State *L, const option *o, double most,
                         const char *expected)
{
  double n = read_number(L, o, 1, most, expected);
  if (n != (double)(long)n)
    wrong(L, o, expected);
  return n;
}

static const char *read_text(lua_State *L, const option *o, size_t least,
                             const char *expected)
{
  size_t n;
  const char *s;
  if (lua_type(L, -1) != LUA_TSTRING)
    wrong(L, o, expected);
  s = lua_tolstring(L, -1, &n);
  if (n < least || strlen(s) != n)
    wrong(L, o, expected);
  return s;
}

/* The option's value is on top. */
static void read_option(lua_State *L, const option *o, void *settings)
{
  char *at = (char *)settings + o->offset;
  switch (o->kind) {
  case OPTION_SECONDS:
    *(double *)(void *)at =
        read_number(L, o, 0.001, LONGEST, "seconds from 0.001 to 86400");
    return;
  case OPTION_IDLE:
    *(double *)(void *)at =
        read_number(L, o, 0, LONGEST, "seconds from 0 to 86400");
    return;
  case OPTION_BYTES:
    *(double *)(void *)at =
        read_whole(L, o, LARGEST, "a whole number of bytes, at most 2^30,");
    return;
  case OPTION_COUNT:
    *(double *)(void *)at =
        read_whole(L, o, MOST_CONNECTIONS, "a whole number from 1 to 65536");
    return;
  case OPTION_FLAG:
    if (lua_type(L, -1) != LUA_TBOOLEAN)
      wrong(L, o, "true or false");
    *(int *)(void *)at = lua_toboolean(L, -1);
    return;
  case OPTION_PATH:
    *(const char **)(void *)at =
        read_text(L, o, 1, "a path as a string without NUL");
    return;
  case OPTION_PROXY:
    *(const char **)(void *)at =
        read_text(L, o, 0, "a proxy's URL as a string without NUL");
    return;
  }
}

static int unknown(lua_State *L, const option *options, const char *name,
                   size_t len)
{
  cog_nearest nearest;
  const option *o;
  cog_nearest_init(&nearest, name, len);
  for (o = options; o->name != NULL; o++)
    cog_nearest_offer(&nearest, o->name);
  if (nearest.best == NULL)
    return luaL_error(L, "unknown option '%s'", name);
  return luaL_error(L, "unknown option '%s'; did you mean '%s'?", name,
                    nearest.best);
}

static const option *find(lua_State *L, const option *options)
{
  const option *o;
  const char *name;
  size_t len;
  if (lua_type(L, -2) != LUA_TSTRING)
    luaL_error(L, "options must have names as keys");
  name = lua_tolstring(L, -2, &len);
  for (o = options; o->name != NULL; o++)
    if (cog_is_text((cog_str){name, len}, o->name))
      return o;
  unknown(L, options, name, len);
  return NULL;
}

static void read_options(lua_State *L, int index, const option *options,
                         void *settings)
{
  if (lua_isnoneornil(L, index))
    return;
  luaL_checktype(L, index, LUA_TTABLE);
  index = lua_absindex(L, index);
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
    read_option(L, find(L, options), settings);
}

#define OF_HTTP(name) offsetof(cog_http_settings, name)
static const option http_options[] = {
    {"connect_timeout", OPTION_SECONDS, OF_HTTP(connect_timeout)},
    {"timeout", OPTION_SECONDS, OF_HTTP(timeout)},
    {"max_response", OPTION_BYTES, OF_HTTP(max_response)},
    {"max_connections", OPTION_COUNT, OF_HTTP(max_connections)},
    {"new_connections", OPTION_COUNT, OF_HTTP(new_connections)},
    {"allow_http", OPTION_FLAG, OF_HTTP(allow_http)},
    {"ca_file", OPTION_PATH, OF_HTTP(ca_file)},
    {"ca_path", OPTION_PATH, OF_HTTP(ca_path)},
    {"proxy", OPTION_PROXY, OF_HTTP(proxy)},
    {NULL, OPTION_FLAG, 0}};

cog_http_settings cog_read_http_settings(lua_State *L, int index)
{
  cog_http_settings s = {3.1, 10, 1048576, 0, 0, 0, NULL, NULL, NULL};
  read_options(L, index, http_options, &s);
  return s;
}

#define OF_SEND(name) offsetof(cog_send_settings, name)
static const option send_options[] = {
    {"timeout", OPTION_SECONDS, OF_SEND(timeout)},
    {"connect_timeout", OPTION_SECONDS, OF_SEND(connect_timeout)},
    {"max_idle", OPTION_IDLE, OF_SEND(max_idle)},
    {"timings", OPTION_FLAG, OF_SEND(timings)},
    {"all_headers", OPTION_FLAG, OF_SEND(all_headers)},
    {"direct", OPTION_FLAG, OF_SEND(direct)},
    {NULL, OPTION_FLAG, 0}};

cog_send_settings cog_read_send_settings(lua_State *L, int index,
                                         const cog_http_settings *defaults)
{
  cog_send_settings s = {
      defaults->connect_timeout, defaults->timeout, COG_MAX_IDLE, 0, 0, 0};
  if (index != 0)
    read_options(L, index, send_options, &s);
  return s;
}

cog_send_settings cog_take_send_settings(lua_State *L, int first,
                                         const cog_http_settings *defaults)
{
  cog_send_settings s = cog_read_send_settings(L, 0, defaults);
  int i;
  for (i = 0; i < 4; i++) {
    lua_pushvalue(L, first + i);
    if (!lua_isnil(L, -1))
      read_option(L, &send_options[i], &s);
    lua_pop(L, 1);
  }
  return s;
}
