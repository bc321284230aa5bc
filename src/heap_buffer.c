/*
 * heap_buffer.c: see heap_buffer.h.
 */
#include "heap_buffer.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#define KEEP_AT_MOST 65536 /* bytes kept for the next exchange */

/* Not realloc, which would leave a copy behind. */
int cog_heap_grow(cog_buffer *b, size_t need)
{
  size_t cap = b->cap < 512 ? 1024 : b->cap * 2;
  size_t len = b->len;
  char *data;
  if (cap < need)
    cap = need;
  data = malloc(cap);
  if (data == NULL)
    return 0;
  if (len > 0)
    memcpy(data, b->data, len);
  cog_heap_free(b);
  b->data = data;
  b->cap = cap;
  b->len = len;
  return 1;
}

void cog_heap_init(cog_buffer *b)
{
  memset(b, 0, sizeof *b);
  b->grow = cog_heap_grow;
}

void cog_heap_empty(cog_buffer *b)
{
  if (b->cap > KEEP_AT_MOST)
    cog_heap_free(b);
  else if (b->len > 0)
    OPENSSL_cleanse(b->data, b->len);
  b->len = 0;
}

void cog_heap_free(cog_buffer *b)
{
  if (b->data == NULL)
    return;
  OPENSSL_cleanse(b->data, b->len);
  free(b->data);
  b->data = NULL;
  b->cap = b->len = 0;
}
