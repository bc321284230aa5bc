/*
 * json_reader.c: JSON (RFC 8259) to Lua values, along a shape of the model.
 *
 * lua-cjson reads neither [] apart from {} nor whole numbers beyond 2^53,
 * and it remembers the decimal point of the locale that it was loaded in. So
 * replies have a reader of their own, which knows no locale.
 */
#include "json_reader.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "place.h"
#include "scratch.h"
#include "secret.h"

#define DEEPEST 64   /* nested lists and objects */
#define ANY     (-1) /* the type of what the model does not know */

typedef struct reader {
  lua_State *L;
  const char *p, *end;
  int depth;
  int mark;           /* stack index of the list mark, nil until needed */
  int contradicts;    /* a sentence is on top */
  cog_buffer text;    /* a string without its escapes */
  cog_scratch digits; /* of a number */
} reader;

static int read_value(reader *r, uint16_t shape, const cog_place *at);

static int type_of(uint16_t shape)
{
  return shape == COG_NONE ? ANY : cog_shapes[shape].type;
}

/* ---- shapes ---- */

static const char *name_of(int type)
{
  switch (type) {
  case COG_STRUCTURE:
  case COG_MAP:
    return "an object";
  case COG_LIST:
    return "a list";
  default:
    return "a single value";
  }
}

static int contradict(reader *r, const cog_place *at, const char *is, int type)
{
  lua_pushfstring(r->L, "is %s, not %s", is, name_of(type));
  cog_wrong(r->L, at, lua_tostring(r->L, -1));
  r->contradicts = 1;
  return 0;
}

static int holds_values(int type)
{
  return type == COG_STRUCTURE || type == COG_MAP || type == COG_LIST;
}

/* ---- text ---- */

static void skip_blanks(reader *r)
{
  while (r->p < r->end &&
         (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
    r->p++;
}

/* Whether the next byte that is not blank is this one, and passes it. */
static int accept(reader *r, char c)
{
  skip_blanks(r);
  if (r->p == r->end || *r->p != c)
    return 0;
  r->p++;
  return 1;
}

static int accept_word(reader *r, const char *word)
{
  size_t n = strlen(word);
  if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
    return 0;
  r->p += n;
  return 1;
}

/* ---- strings ---- */

static int hex_digit(char c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* The four digits of \uXXXX; -1 when they are not. */
static long read_hex(reader *r)
{
  long code = 0;
  int i;
  if (r->end - r->p < 4)
    return -1;
  for (i = 0; i < 4; i++) {
    int digit = hex_digit(*r->p++);
    if (digit < 0)
      return -1;
    code = code * 16 + digit;
  }
  return code;
}

static void add_utf8(cog_buffer *b, long c)
{
  char bytes[4];
  size_t n = 0;
  if (c < 0x80)
    bytes[n++] = (char)c;
  else if (c < 0x800)
    bytes[n++] = (char)(0xc0 | c >> 6);
  else if (c < 0x10000) {
    bytes[n++] = (char)(0xe0 | c >> 12);
    bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
  } else {
    bytes[n++] = (char)(0xf0 | c >> 18);
    bytes[n++] = (char)(0x80 | (c >> 12 & 0x3f));
    bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
  }
  if (c >= 0x80)
    bytes[n++] = (char)(0x80 | (c & 0x3f));
  cog_add(b, bytes, n);
}

/* Half a surrogate pair is no character. One of them spoils one character,
 * not the reply. */
static int add_unicode(reader *r)
{
  long code = read_hex(r), low;
  const char *after = r->p;
  if (code < 0)
    return 0;
  if (code >= 0xd800 && code < 0xdc00 && accept_word(r, "\\u")) {
    low = read_hex(r);
    if (low < 0)
      return 0;
    if (low >= 0xdc00 && low < 0xe000)
      code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
    else
      r->p = after; /* a character of its own */
  }
  add_utf8(&r->text, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  return 1;
}

static int add_escape(reader *r)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char bytes[] = "\"\\/\b\f\n\r\t";
  const char *found;
  if (r->p == r->end)
    return 0;
  if (*r->p == 'u') {
    r->p++;
    return add_unicode(r);
  }
  found = *r->p == '\0' ? NULL : strchr(letters, *r->p);
  if (found == NULL)
    return 0;
  r->p++;
  cog_addc(&r->text, bytes[found - letters]);
  return 1;
}

/* The bytes up to the next quote or backslash. */
static cog_str plain_run(reader *r)
{
  cog_str run = {r->p, 0};
  while (r->p < r->end && *r->p != '"' && *r->p != '\\')
    r->p++;
  run.n = (size_t)(r->p - run.p);
  return run;
}

/* Behind the opening quote. Most strings have no escapes and are not copied;
 * the others lie in the scratch until the next one is read. */
static int read_text(reader *r, cog_str *to)
{
  cog_str run = plain_run(r);
  if (r->p < r->end && *r->p == '"') {
    r->p++;
    *to = run;
    return 1;
  }
  for (r->text.len = 0; r->p < r->end; run = plain_run(r)) {
    cog_adds(&r->text, run);
    if (r->p == r->end)
      break;
    if (*r->p++ == '"') {
      *to = (cog_str){r->text.data, r->text.len};
      return 1;
    }
    if (!add_escape(r))
      return 0;
  }
  return 0;
}

/* ---- numbers ---- */

typedef struct number {
  cog_str digits; /* without sign and point, in the scratch */
  int negative;
  int whole;         /* written without point and exponent */
  long long integer; /* when it fits */
  int fits;
  long exponent;
} number;

static size_t add_digits(reader *r)
{
  const char *from = r->p;
  while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
    r->p++;
  cog_add(&r->digits.b, from, (size_t)(r->p - from));
  return (size_t)(r->p - from);
}

static int read_exponent(reader *r, number *n)
{
  long value = 0;
  int negative = 0;
  const char *from;
  if (r->p == r->end || (*r->p != 'e' && *r->p != 'E'))
    return 1;
  n->whole = 0;
  if (++r->p < r->end && (*r->p == '+' || *r->p == '-'))
    negative = *r->p++ == '-';
  for (from = r->p; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++)
    value = value < 100000 ? value * 10 + (*r->p - '0') : value;
  n->exponent += negative ? -value : value;
  return r->p > from;
}

/* The grammar of RFC 8259, section 6. */
static int read_digits(reader *r, number *n)
{
  const char *from = r->p;
  size_t count, fraction;
  memset(n, 0, sizeof *n);
  n->whole = 1;
  r->digits.b.len = 0;
  if (*r->p == '-') {
    n->negative = 1;
    from = ++r->p;
  }
  count = add_digits(r);
  if (count == 0 || (count > 1 && *from == '0'))
    return 0;
  if (r->p < r->end && *r->p == '.') {
    r->p++;
    n->whole = 0;
    fraction = add_digits(r);
    if (fraction == 0 || fraction > 1000000)
      return 0;
    n->exponent = -(long)fraction;
  }
  return read_exponent(r, n);
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
static double to_double(reader *r, const number *n)
{
  char exponent[32];
  int len = snprintf(exponent, sizeof exponent, "e%ld", n->exponent);
  double value;
  cog_add(&r->digits.b, exponent, (size_t)len + 1); /* and its NUL */
  value = strtod(r->digits.b.data, NULL);
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

static int push_number(reader *r, number *n)
{
  double value;
  n->digits = (cog_str){r->digits.b.data, r->digits.b.len};
  sum_up(n);
  if (n->whole && is_exact(n)) {
    lua_pushinteger(r->L, (lua_Integer)n->integer);
    return 1;
  }
  value = to_double(r, n);
  if (!(fabs(value) <= DBL_MAX))
    return 0;
  push_double(r->L, value);
  return 1;
}

static int read_number(reader *r, int type)
{
  const char *from = r->p;
  number n;
  if (!read_digits(r, &n))
    return 0;
  if (type != COG_STRING)
    return push_number(r, &n);
  lua_pushlstring(r->L, from, (size_t)(r->p - from));
  return 1;
}

/* The text on top where the model has a number: stays when it is none. */
static void number_in_text(reader *r)
{
  const char *p = r->p, *end = r->end;
  number n;
  size_t len;
  r->p = lua_tolstring(r->L, -1, &len);
  r->end = r->p + len;
  if (len > 0 && len < 32 && read_digits(r, &n) && r->p == r->end &&
      push_number(r, &n))
    lua_remove(r->L, -2);
  r->p = p;
  r->end = end;
}

/* ---- scalars ---- */

/* Bytes travel as base64; what does not decode is left as it came. */
static void push_blob(lua_State *L, cog_str text)
{
  cog_buffer bytes;
  int len;
  cog_secret_init(L, &bytes);
  if (text.n % 4 != 0 || text.n == 0 || text.n > INT_MAX ||
      (len = EVP_DecodeBlock((unsigned char *)cog_room(&bytes, text.n / 4 * 3),
                             (const unsigned char *)text.p, (int)text.n)) < 0)
    lua_pushlstring(L, text.p, text.n);
  else
    lua_pushlstring(L, bytes.data,
                    (size_t)len - (text.p[text.n - 1] == '=') -
                        (text.p[text.n - 2] == '='));
  cog_secret_wipe(&bytes);
  lua_remove(L, -2);
}

static int is_text(cog_str s, const char *text)
{
  return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

static int read_string(reader *r, int type, const cog_place *at)
{
  cog_str s;
  if (!read_text(r, &s))
    return 0;
  if (holds_values(type))
    return contradict(r, at, "a string", type);
  if (type == COG_BLOB)
    push_blob(r->L, s);
  else if (type == COG_BOOLEAN && (is_text(s, "true") || is_text(s, "false")))
    lua_pushboolean(r->L, is_text(s, "true"));
  else
    lua_pushlstring(r->L, s.p, s.n);
  if (type == COG_INTEGER || type == COG_LONG || type == COG_TIMESTAMP)
    number_in_text(r);
  return 1;
}

static int push_boolean(reader *r, int type, int value)
{
  if (type == COG_STRING)
    lua_pushstring(r->L, value ? "true" : "false");
  else
    lua_pushboolean(r->L, value);
  return 1;
}

static int read_word(reader *r, int type, const cog_place *at)
{
  if (accept_word(r, "null")) {
    if (type == COG_DOCUMENT)
      lua_pushlightuserdata(r->L, NULL); /* cjson.null */
    else
      lua_pushnil(r->L);
    return 1;
  }
  if (*r->p != 't' && *r->p != 'f' && *r->p != '-' &&
      (*r->p < '0' || *r->p > '9'))
    return 0;
  if (holds_values(type))
    return contradict(r, at, "a single value", type);
  if (accept_word(r, "true"))
    return push_boolean(r, type, 1);
  if (accept_word(r, "false"))
    return push_boolean(r, type, 0);
  return read_number(r, type);
}

/* ---- lists ---- */

static void mark_list(reader *r)
{
  if (lua_isnil(r->L, r->mark)) {
    cog_push_list_mark(r->L);
    lua_replace(r->L, r->mark);
  }
  lua_pushvalue(r->L, r->mark);
  lua_setmetatable(r->L, -2);
}

/* Behind the opening bracket, with the table on top. Nulls leave no holes. */
static int read_elements(reader *r, uint16_t shape, const cog_place *at)
{
  cog_place here = {at, {NULL, 0}, 0};
  int n = 0;
  do {
    here.index++;
    if (!read_value(r, shape, &here))
      return 0;
    if (lua_isnil(r->L, -1))
      lua_pop(r->L, 1);
    else
      lua_rawseti(r->L, -2, ++n);
  } while (accept(r, ','));
  return accept(r, ']');
}

static int read_list(reader *r, uint16_t shape, const cog_place *at)
{
  int type = type_of(shape);
  lua_newtable(r->L);
  if (type == COG_DOCUMENT)
    mark_list(r);
  if (accept(r, ']')) /* some write an empty map so */
    return type == ANY || type == COG_DOCUMENT || holds_values(type)
               ? 1
               : contradict(r, at, "a list", type);
  if (type != COG_LIST && type != COG_DOCUMENT && type != ANY)
    return contradict(r, at, "a list", type);
  return read_elements(r, type == COG_LIST ? cog_shapes[shape].first : shape,
                       at);
}

/* ---- objects ---- */

/* The member of this wire name; the service writes them in the order of its
 * own, so the search goes on where the last one ended. */
static const cog_member *find_member(const cog_shape *s, cog_str name, int *at)
{
  int i;
  for (i = 0; i < s->count; i++) {
    int k = (*at + i) % s->count;
    const cog_member *m = &cog_members[s->first + k];
    const char *wire = cog_names + m->wire;
    if (strncmp(wire, name.p, name.n) == 0 && wire[name.n] == '\0') {
      *at = k + 1;
      return m;
    }
  }
  return NULL;
}

/* Pushes the key of an entry, and says which shape its value has. */
static int read_key(reader *r, uint16_t *shape, int *from, cog_str *name)
{
  int type = type_of(*shape);
  const cog_member *m = NULL;
  if (!accept(r, '"') || !read_text(r, name) || !accept(r, ':'))
    return 0;
  if (type == COG_STRUCTURE)
    m = find_member(&cog_shapes[*shape], *name, from);
  if (m == NULL)
    lua_pushlstring(r->L, name->p, name->n);
  else
    lua_pushstring(r->L, cog_names + m->name);
  name->p = lua_tolstring(r->L, -1, &name->n);
  *shape = m != NULL               ? m->shape
           : type == COG_MAP       ? cog_shapes[*shape].first
           : type == COG_STRUCTURE ? COG_NONE
                                   : *shape;
  return 1;
}

/* Members of the reply itself have no enclosing name. */
static const cog_place *inner(const cog_place *at)
{
  return at->up != NULL || at->name.p != NULL ? at : NULL;
}

/* Behind the opening brace, with the table on top. */
static int read_entries(reader *r, uint16_t shape, const cog_place *at)
{
  cog_place here = {inner(at), {NULL, 0}, 0};
  int from = 0;
  do {
    uint16_t of = shape;
    if (!read_key(r, &of, &from, &here.name) || !read_value(r, of, &here))
      return 0;
    lua_rawset(r->L, -3); /* a null removes what stood there before */
  } while (accept(r, ','));
  return accept(r, '}');
}

static int read_object(reader *r, uint16_t shape, const cog_place *at)
{
  int type = type_of(shape);
  int fits = type != COG_LIST &&
             (holds_values(type) || type == ANY || type == COG_DOCUMENT);
  lua_newtable(r->L);
  if (accept(r, '}')) /* some write an empty list so */
    return fits || type == COG_LIST ? 1 : contradict(r, at, "an object", type);
  return fits ? read_entries(r, shape, at)
              : contradict(r, at, "an object", type);
}

/* ---- values ---- */

static int read_nested(reader *r, uint16_t shape, const cog_place *at)
{
  int done;
  if (++r->depth > DEEPEST)
    return 0;
  luaL_checkstack(r->L, 8, "a reply nested too deep");
  done = *r->p++ == '{' ? read_object(r, shape, at) : read_list(r, shape, at);
  r->depth--;
  return done;
}

static int read_value(reader *r, uint16_t shape, const cog_place *at)
{
  skip_blanks(r);
  if (r->p == r->end)
    return 0;
  switch (*r->p) {
  case '{':
  case '[':
    return read_nested(r, shape, at);
  case '"':
    r->p++;
    return read_string(r, type_of(shape), at);
  default:
    return read_word(r, type_of(shape), at);
  }
}

static int read_all(reader *r, uint16_t shape)
{
  static const cog_place top = {NULL, {NULL, 0}, 0};
  if (!read_value(r, shape, &top))
    return 0;
  skip_blanks(r);
  return r->p == r->end;
}

cog_read cog_read_json(lua_State *L, cog_str text, uint16_t shape, size_t *at)
{
  reader r;
  int top = lua_gettop(L), done;
  luaL_checkstack(L, 8, "no room for a reply");
  r.L = L;
  r.p = text.p;
  r.end = text.p + text.n;
  r.depth = r.contradicts = 0;
  lua_pushnil(L);
  r.mark = lua_gettop(L);
  cog_secret_init(L, &r.text);
  cog_scratch_init(L, &r.digits);
  accept_word(&r,
              "\xef\xbb\xbf"); /* a byte order mark, RFC 8259 section 8.1 */
  done = read_all(&r, shape);
  cog_secret_wipe(&r.text);
  if (at != NULL)
    *at = (size_t)(r.p - text.p);
  if (done || r.contradicts)
    lua_replace(L, top + 1);
  lua_settop(L, top + (done || r.contradicts));
  return done            ? COG_READ_DONE
         : r.contradicts ? COG_READ_OTHER_SHAPE
                         : COG_READ_NO_JSON;
}

/* ---- the mark of lists ---- */

void cog_push_list_mark(lua_State *L)
{
  static const char key = 0;
  lua_pushlightuserdata(L, (void *)&key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1))
    return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushliteral(L, "array");
  lua_setfield(L, -2, "__jsontype");
  lua_pushlightuserdata(L, (void *)&key);
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

int cog_list_mark(lua_State *L, int table)
{
  int mark = -1;
  if (!luaL_getmetafield(L, table, "__jsontype"))
    return mark;
  if (lua_type(L, -1) == LUA_TSTRING) {
    const char *word = lua_tostring(L, -1);
    mark = strcmp(word, "array") == 0    ? 1
           : strcmp(word, "object") == 0 ? 0
                                         : -1;
  }
  lua_pop(L, 1);
  return mark;
}
