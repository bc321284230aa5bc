/*
 * scalar.c: the values that hold no other values.
 */
#include "scalar.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "digest.h"
#include "utf8.h"

/* Every append but those of whole strings goes through here: growing
 * raises, so a refusal can only be an overflow, of more than the 4 MiB that a
 * request has. */
void cog_append(lua_State *L, cog_buffer *out, const char *p, size_t n)
{
  if (!cog_add(out, p, n))
    luaL_error(L, "not enough memory"); /* unreachable: growing raises */
}

int cog_too_large(lua_State *L, const cog_place *at)
{
  return cog_wrong(L, at,
                   "makes the request larger than 4 MiB, more than the "
                   "service takes");
}

/* ---- strings ---- */

static void escape(lua_State *L, cog_buffer *out, unsigned char c)
{
  static const char hex[] = "0123456789abcdef";
  static const char named[] = "\"\\\b\f\n\r\t";
  static const char letter[] = "\"\\bfnrt";
  const char *found = c == 0 ? NULL : strchr(named, c);
  if (found != NULL) {
    char two[2] = {'\\', letter[found - named]};
    cog_append(L, out, two, sizeof two);
  } else {
    char six[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    cog_append(L, out, six, sizeof six);
  }
}

/* Copies runs of plain bytes and stops at what must be escaped or judged. */
static int put_string(lua_State *L, cog_buffer *out, cog_str s,
                      const cog_place *at, int nul)
{
  const unsigned char *p = (const unsigned char *)s.p;
  size_t i = 0, run = 0;
  if (out->len > COG_MAX_REQUEST || s.n > COG_MAX_REQUEST - out->len)
    return cog_too_large(L, at);
  cog_append(L, out, "\"", 1);
  while (i < s.n) {
    if (p[i] >= 0x80) {
      size_t len = cog_utf8_length((cog_str){s.p + i, s.n - i});
      if (len == 0)
        return cog_wrong(L, at, "must be valid UTF-8");
      i += len;
    } else if (p[i] >= 0x20 && p[i] != '"' && p[i] != '\\')
      i++;
    else if (p[i] == 0 && !nul)
      return cog_wrong(L, at, "must not contain a NUL byte");
    else {
      cog_append(L, out, s.p + run, i - run);
      escape(L, out, p[i]);
      run = ++i;
    }
  }
  cog_append(L, out, s.p + run, s.n - run);
  cog_append(L, out, "\"", 1);
  return 1;
}

int cog_put_string(lua_State *L, cog_buffer *out, cog_str s,
                   const cog_place *at)
{
  return put_string(L, out, s, at, 0);
}

int cog_put_text(lua_State *L, cog_buffer *out, cog_str s, const cog_place *at)
{
  return put_string(L, out, s, at, 1);
}

static size_t characters(cog_str s)
{
  size_t i, n = 0;
  for (i = 0; i < s.n; i++)
    n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
  return n;
}

static int string_value(lua_State *L, cog_buffer *out, const cog_shape *shape,
                        int value, const cog_place *at)
{
  cog_str s;
  if (lua_type(L, value) != LUA_TSTRING)
    return cog_wrong_type(L, at, "a string", value);
  s.p = lua_tolstring(L, value, &s.n);
  if (shape->min > 0 && s.n < (size_t)shape->min * 4 &&
      characters(s) < (size_t)shape->min)
    return cog_too_short(L, at, shape->min, "characters");
  return cog_put_string(L, out, s, at);
}

static int blob_value(lua_State *L, cog_buffer *out, const cog_shape *shape,
                      int value, const cog_place *at)
{
  cog_str s;
  char *to;
  if (lua_type(L, value) != LUA_TSTRING)
    return cog_wrong_type(L, at, "a string of bytes", value);
  s.p = lua_tolstring(L, value, &s.n);
  if (shape->min > 0 && s.n < (size_t)shape->min)
    /* unreachable: no blob has a minimum */
    return cog_too_short(L, at, shape->min, "bytes");
  if (out->len > COG_MAX_REQUEST || s.n > (COG_MAX_REQUEST - out->len) / 2)
    return cog_too_large(L, at);
  cog_append(L, out, "\"", 1);
  to = cog_room(out, COG_BASE64_SIZE(s.n)); /* growing raises */
  cog_base64(to, (const unsigned char *)s.p, s.n);
  out->len += COG_BASE64_SIZE(s.n);
  cog_append(L, out, "\"", 1);
  return 1;
}

/* ---- numbers ---- */

static int below_min(lua_State *L, const cog_shape *shape, const cog_place *at)
{
  lua_pushfstring(L, "must be at least %d", (int)shape->min);
  cog_wrong(L, at, lua_tostring(L, -1));
  lua_remove(L, -2);
  return 0;
}

/* Whole numbers, exact: lua_Number holds them up to 2^53, lua_Integer all
 * of them where Lua has integers. */
static int whole(lua_State *L, int value, long long *to)
{
  lua_Number n;
#if LUA_VERSION_NUM >= 503
  if (lua_isinteger(L, value)) {
    *to = (long long)lua_tointeger(L, value);
    return 1;
  }
#endif
  n = lua_tonumber(L, value);
  if (!(n >= -9007199254740992.0 && n <= 9007199254740992.0) || n != floor(n))
    return 0;
  *to = (long long)n;
  return 1;
}

static void add_integer(lua_State *L, cog_buffer *out, long long n)
{
  char digits[32];
  int len = snprintf(digits, sizeof digits, "%lld", n);
  cog_append(L, out, digits, (size_t)len);
}

/* The shortest form that reads back as the same number. printf writes the
 * locale's decimal point; JSON knows only one. */
static void add_number(lua_State *L, cog_buffer *out, double n)
{
  char digits[40];
  int precision, len, i;
  for (precision = 15; precision <= 17; precision++) {
    len = snprintf(digits, sizeof digits, "%.*g", precision, n);
    if (strtod(digits, NULL) == n)
      break;
  }
  for (i = 0; i < len; i++)
    if (strchr("0123456789+-e", digits[i]) == NULL)
      digits[i] = '.';
  cog_append(L, out, digits, (size_t)len);
}

static int integer_value(lua_State *L, cog_buffer *out, const cog_shape *shape,
                         int value, const cog_place *at)
{
  long long n;
  if (lua_type(L, value) != LUA_TNUMBER)
    return cog_wrong_type(L, at, "a whole number", value);
  if (!whole(L, value, &n))
    return cog_wrong(L, at, "must be a whole number");
  if (shape->type == COG_INTEGER && (n < INT32_MIN || n > INT32_MAX))
    return cog_wrong(L, at, "does not fit into 32 bits");
  if (shape->min != COG_NO_MIN && n < shape->min)
    return below_min(L, shape, at);
  add_integer(L, out, n);
  return 1;
}

int cog_put_number(lua_State *L, cog_buffer *out, int value,
                   const cog_place *at)
{
  double n;
  long long i;
  if (lua_type(L, value) != LUA_TNUMBER)
    /* unreachable: of a document, it is a number */
    return cog_wrong_type(L, at, "a number", value);
  n = (double)lua_tonumber(L, value);
  if (!(n >= -DBL_MAX && n <= DBL_MAX))
    return cog_wrong(L, at, "must be a finite number");
  if (whole(L, value, &i))
    add_integer(L, out, i);
  else
    add_number(L, out, n);
  return 1;
}

int cog_put_boolean(lua_State *L, cog_buffer *out, int value,
                    const cog_place *at)
{
  if (lua_type(L, value) != LUA_TBOOLEAN)
    return cog_wrong_type(L, at, "true or false", value);
  if (lua_toboolean(L, value))
    cog_append(L, out, "true", 4);
  else
    cog_append(L, out, "false", 5);
  return 1;
}

int cog_put_scalar(lua_State *L, cog_buffer *out, const cog_shape *shape,
                   int value, const cog_place *at)
{
  switch (shape->type) {
  case COG_STRING:
    return string_value(L, out, shape, value, at);
  case COG_BLOB:
    return blob_value(L, out, shape, value, at);
  case COG_BOOLEAN:
    return cog_put_boolean(L, out, value, at);
  case COG_INTEGER:
  case COG_LONG: /* unreachable: no operation takes one */
    return integer_value(L, out, shape, value, at);
  default: /* unreachable: no operation takes a time */
    return cog_put_number(L, out, value, at);
  }
}
