/*
 * json_number.c: see json_number.h.
 */
#include "json_number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct number {
  cog_str digits; /* without sign and point, in the scratch */
  int negative;
  int whole;         /* written without point and exponent */
  long long integer; /* when it fits */
  int fits;
  long exponent;
} number;

static size_t add_digits(cog_json *j, cog_buffer *digits)
{
  const char *from = j->p;
  while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
    j->p++;
  cog_add(digits, from, (size_t)(j->p - from));
  return (size_t)(j->p - from);
}

static int read_exponent(cog_json *j, number *n)
{
  long value = 0;
  int negative = 0;
  const char *from;
  if (j->p == j->end || (*j->p != 'e' && *j->p != 'E'))
    return 1;
  n->whole = 0;
  if (++j->p < j->end && (*j->p == '+' || *j->p == '-'))
    negative = *j->p++ == '-';
  for (from = j->p; j->p < j->end && *j->p >= '0' && *j->p <= '9'; j->p++)
    value = value < 100000 ? value * 10 + (*j->p - '0') : value;
  n->exponent += negative ? -value : value;
  return j->p > from;
}

/* The grammar of RFC 8259, section 6. */
static int read_digits(cog_json *j, cog_buffer *digits, number *n)
{
  const char *from = j->p;
  size_t count, fraction;
  memset(n, 0, sizeof *n);
  n->whole = 1;
  digits->len = 0;
  if (*j->p == '-') {
    n->negative = 1;
    from = ++j->p;
  }
  count = add_digits(j, digits);
  if (count == 0 || (count > 1 && *from == '0'))
    return 0;
  if (j->p < j->end && *j->p == '.') {
    j->p++;
    n->whole = 0;
    fraction = add_digits(j, digits);
    if (fraction == 0 || fraction > 1000000)
      return 0;
    n->exponent = -(long)fraction;
  }
  return read_exponent(j, n);
}

static void sum_up(number *n)
{
  const unsigned long long most =
      0x7fffffffffffffffULL + (n->negative ? 1 : 0);
  unsigned long long sum = 0;
  size_t i;
  for (i = 0; i < n->digits.n; i++) {
    unsigned digit = (unsigned)(n->digits.p[i] - '0');
    if (sum > (most - digit) / 10)
      return;
    sum = sum * 10 + digit;
  }
  n->fits = 1;
  n->integer =
      !n->negative || sum == 0 ? (long long)sum : -(long long)(sum - 1) - 1;
}

/* Digits and exponent without a decimal point: strtod would look for the
 * locale's. */
static double to_double(const number *n, cog_buffer *digits)
{
  char exponent[32];
  int len = snprintf(exponent, sizeof exponent, "e%ld", n->exponent);
  double value;
  cog_add(digits, exponent, (size_t)len + 1); /* and its NUL */
  value = strtod(digits->data, NULL);
  return n->negative ? -value : value;
}

/* Lua 5.3 prints 3600.0 where a float is whole. */
static void push_double(lua_State *L, double value)
{
  if (value == floor(value) && value >= -9007199254740992.0 &&
      value <= 9007199254740992.0)
    lua_pushinteger(L, (lua_Integer)value);
  else
    lua_pushnumber(L, (lua_Number)value);
}

/* Whether Lua has this whole number. Before 5.3 all numbers are floats. */
static int is_exact(const number *n)
{
#if LUA_VERSION_NUM >= 503
  return n->fits && (lua_Integer)n->integer == n->integer;
#else
  return n->fits && n->integer <= 1LL << 53 && n->integer >= -(1LL << 53);
#endif
}

static int push_number(lua_State *L, number *n, cog_buffer *digits)
{
  double value;
  n->digits = (cog_str){digits->data, digits->len};
  sum_up(n);
  if (n->whole && is_exact(n)) {
    lua_pushinteger(L, (lua_Integer)n->integer);
    return 1;
  }
  value = to_double(n, digits);
  if (!(fabs(value) <= DBL_MAX))
    return -1;
  push_double(L, value);
  return 1;
}

int cog_json_number(lua_State *L, cog_json *j, cog_buffer *digits)
{
  number n;
  return read_digits(j, digits, &n) ? push_number(L, &n, digits) : 0;
}

int cog_json_number_as_text(lua_State *L, cog_json *j, cog_buffer *digits)
{
  const char *from = j->p;
  number n;
  if (!read_digits(j, digits, &n))
    return 0;
  lua_pushlstring(L, from, (size_t)(j->p - from));
  return 1;
}

int cog_json_number_in_text(lua_State *L, cog_str text, cog_buffer *digits)
{
  cog_json j = {text.p, text.p + text.n, {0}};
  number n;
  return text.n > 0 && text.n < 32 && read_digits(&j, digits, &n) &&
                 j.p == j.end
             ? push_number(L, &n, digits)
             : 0;
}
