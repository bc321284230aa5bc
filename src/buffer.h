/*
 * buffer.h: a byte buffer that starts on the C stack and spills into a Lua
 * userdata, so that no path, not even a Lua error, leaves memory behind.
 *
 * Code that must not know Lua (sigv4.c) appends through the same functions:
 * the buffer asks its `grow` function for room, and only grow knows where
 * the room comes from.
 */
#ifndef COGNITO_BUFFER_H
#define COGNITO_BUFFER_H

#include <stddef.h>
#include <string.h>

/* A counted piece of memory that it does not own. */
typedef struct cog_str {
  const char *p;
  size_t n;
} cog_str;

#define COG_STR(literal) ((cog_str){(literal), sizeof(literal) - 1})

typedef struct cog_buffer cog_buffer;
struct cog_buffer {
  char *data;
  size_t len;
  size_t cap;
  /* Makes cap at least `need`, keeping the first len bytes; 0 when it can
   * not. It may also leave by a Lua error, so a caller that appends must
   * hold nothing that a longjmp would leak. */
  int (*grow)(cog_buffer *b, size_t need);
  void *owner; /* grow's own: the lua_State */
  int slot;    /* grow's own: the stack index that keeps the spill alive */
};

/* Room for n more bytes; NULL when there is none. */
static inline char *cog_room(cog_buffer *b, size_t n)
{
  if (n > b->cap - b->len &&
      (n > (size_t)-1 / 2 - b->len || !b->grow(b, b->len + n)))
    return NULL;
  return b->data + b->len;
}

/* The append functions return 1, or 0 when there is no room. */
static inline int cog_add(cog_buffer *b, const char *p, size_t n)
{
  char *to = cog_room(b, n);
  if (to == NULL)
    return 0;
  if (n > 0)
    memcpy(to, p, n);
  b->len += n;
  return 1;
}

static inline int cog_addc(cog_buffer *b, char c)
{
  char *to = cog_room(b, 1);
  if (to == NULL)
    return 0;
  *to = c;
  b->len++;
  return 1;
}

static inline int cog_adds(cog_buffer *b, cog_str s)
{
  return cog_add(b, s.p, s.n);
}

#endif
