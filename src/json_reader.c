/*
 * json_reader.c: JSON (RFC 8259) to Lua values, along a shape of the model.
 *
 * lua-cjson reads neither [] apart from {} nor whole numbers beyond 2^53,
 * and it remembers the decimal point of the locale that it was loaded in. So
 * replies have a reader of their own, which knows no locale.
 */
#include "json_reader.h"

#include <limits.h>
#include <string.h>

#include <openssl/evp.h>

#include "ascii.h"
#include "json.h"
#include "json_number.h"
#include "json_text.h"
#include "place.h"
#include "scratch.h"
#include "secret.h"

#define ANY          (-1) /* the type of what the model does not know */

#define MOST_AT_ONCE 8 /* members that a table is made for */

typedef struct reader {
  lua_State *L;
  cog_json json;
  int depth;
  int document_depth;
  int mark;           /* stack index of the list mark, nil until needed */
  int contradicts;    /* a sentence is on top */
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

static int complain(reader *r, const cog_place *at, const char *what)
{
  cog_wrong(r->L, at, what);
  r->contradicts = 1;
  return 0;
}

static int contradict(reader *r, const cog_place *at, const char *is, int type)
{
  lua_pushfstring(r->L, "is %s, not %s", is, name_of(type));
  return complain(r, at, lua_tostring(r->L, -1));
}

static int holds_values(int type)
{
  return type == COG_STRUCTURE || type == COG_MAP || type == COG_LIST;
}

/* ---- scalars ---- */

/* The text on top where the model has a number: stays when it is none. */
static void number_in_text(reader *r)
{
  cog_str text;
  text.p = lua_tolstring(r->L, -1, &text.n);
  if (cog_json_number_in_text(r->L, text, &r->digits.b) > 0)
    lua_remove(r->L, -2);
}

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

/* Some write a boolean as Python prints it, some as a number. */
static int boolean_in_text(cog_str s)
{
  return cog_is_word(s, "true") ? 1 : cog_is_word(s, "false") ? 0 : -1;
}

static void boolean_in_number(lua_State *L)
{
  lua_Number n = lua_tonumber(L, -1);
  if (n != 0 && n != 1)
    return;
  lua_pop(L, 1);
  lua_pushboolean(L, n == 1);
}

static int read_number(reader *r, int type, const cog_place *at)
{
  int read;
  if (type == COG_STRING)
    return cog_json_number_as_text(r->L, &r->json, &r->digits.b);
  read = cog_json_number(r->L, &r->json, &r->digits.b);
  if (read < 0)
    return complain(r, at, "is a number beyond all that a double holds");
  if (read > 0 && type == COG_BOOLEAN)
    boolean_in_number(r->L);
  return read;
}

static int read_string(reader *r, int type, const cog_place *at)
{
  cog_str s;
  if (!cog_json_string(&r->json, &s))
    return 0;
  if (holds_values(type))
    return contradict(r, at, "a string", type);
  if (type == COG_BLOB)
    push_blob(r->L, s);
  else if (type == COG_BOOLEAN && boolean_in_text(s) >= 0)
    lua_pushboolean(r->L, boolean_in_text(s));
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
  if (cog_json_accept_word(&r->json, "null")) {
    if (type == COG_DOCUMENT)
      lua_pushlightuserdata(r->L, NULL); /* cjson.null */
    else
      lua_pushnil(r->L);
    return 1;
  }
  if (*r->json.p != 't' && *r->json.p != 'f' && *r->json.p != '-' &&
      (*r->json.p < '0' || *r->json.p > '9'))
    return 0;
  if (holds_values(type))
    return contradict(r, at, "a single value", type);
  if (cog_json_accept_word(&r->json, "true"))
    return push_boolean(r, type, 1);
  if (cog_json_accept_word(&r->json, "false"))
    return push_boolean(r, type, 0);
  return read_number(r, type, at);
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
  } while (cog_json_accept(&r->json, ','));
  return cog_json_accept(&r->json, ']');
}

static int read_list(reader *r, uint16_t shape, const cog_place *at)
{
  int type = type_of(shape);
  lua_newtable(r->L);
  if (type == COG_DOCUMENT)
    mark_list(r);
  if (cog_json_accept(&r->json, ']')) /* some write an empty map so */
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
    if (cog_is_text(name, cog_names + m->wire)) {
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
  if (!cog_json_accept(&r->json, '"') || !cog_json_string(&r->json, name) ||
      !cog_json_accept(&r->json, ':'))
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
  } while (cog_json_accept(&r->json, ','));
  return cog_json_accept(&r->json, '}');
}

/* As many as a table has room for before it would have to grow, once and for
 * all in most replies. */
static int members_of(uint16_t shape, int type)
{
  int n = type == COG_STRUCTURE ? cog_shapes[shape].count : 0;
  return n < MOST_AT_ONCE ? n : MOST_AT_ONCE;
}

static int read_object(reader *r, uint16_t shape, const cog_place *at)
{
  int type = type_of(shape);
  int fits = type != COG_LIST &&
             (holds_values(type) || type == ANY || type == COG_DOCUMENT);
  lua_createtable(r->L, 0, members_of(shape, type));
  if (cog_json_accept(&r->json, '}')) /* some write an empty list so */
    return fits || type == COG_LIST ? 1 : contradict(r, at, "an object", type);
  return fits ? read_entries(r, shape, at)
              : contradict(r, at, "an object", type);
}

/* ---- values ---- */

/* The place that holds a nested one; the whole path would be a page long. */
static const cog_place *outer(const cog_place *at)
{
  const cog_place *p;
  size_t n = 0;
  for (p = at; p != NULL; p = p->up)
    n++;
  for (; n > 3; n--)
    at = at->up;
  return at;
}

static int read_nested(reader *r, uint16_t shape, const cog_place *at)
{
  int *depth = type_of(shape) == COG_DOCUMENT ? &r->document_depth : &r->depth;
  int done;
  if (++*depth > COG_JSON_DEEPEST)
    return complain(r, outer(at), "is nested more than 64 deep");
  luaL_checkstack(r->L, 8, "a reply nested too deep");
  done = *r->json.p++ == '{' ? read_object(r, shape, at)
                             : read_list(r, shape, at);
  --*depth;
  return done;
}

static int read_value(reader *r, uint16_t shape, const cog_place *at)
{
  cog_json_blanks(&r->json);
  if (r->json.p == r->json.end)
    return 0;
  switch (*r->json.p) {
  case '{':
  case '[':
    return read_nested(r, shape, at);
  case '"':
    r->json.p++;
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
  cog_json_blanks(&r->json);
  return r->json.p == r->json.end;
}

cog_read cog_read_json(lua_State *L, cog_str text, uint16_t shape, size_t *at)
{
  reader r;
  int top = lua_gettop(L), done;
  luaL_checkstack(L, 8, "no room for a reply");
  r.L = L;
  r.json.p = text.p;
  r.json.end = text.p + text.n;
  r.depth = r.document_depth = r.contradicts = 0;
  lua_pushnil(L);
  r.mark = lua_gettop(L);
  cog_secret_init(L, &r.json.plain);
  cog_scratch_init(L, &r.digits);
  cog_json_accept_word(
      &r.json, "\xef\xbb\xbf"); /* a byte order mark, RFC 8259 section 8.1 */
  done = read_all(&r, shape);
  cog_secret_wipe(&r.json.plain);
  if (at != NULL)
    *at = (size_t)(r.json.p - text.p);
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
