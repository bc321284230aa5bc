/*
 * secret.c: see secret.h.
 */
#include "secret.h"

#include <openssl/crypto.h>

#define FIRST_SIZE 512 /* most requests, and most strings of replies */

static int grow(cog_buffer *b, size_t need)
{
  lua_State *L = b->owner;
  size_t twice = b->cap == 0 ? FIRST_SIZE : b->cap * 2;
  size_t cap = twice > need ? twice : need;
  size_t len = b->len;
  char *data = lua_newuserdatauv(L, cap, 0);
  if (len > 0)
    memcpy(data, b->data, len);
  cog_secret_wipe(b);
  lua_replace(L, b->slot);
  b->data = data;
  b->len = len;
  b->cap = cap;
  return 1;
}

void cog_secret_init(lua_State *L, cog_buffer *b)
{
  static char nothing[1]; /* never written to */
  luaL_checkstack(L, 2, "no room for a buffer");
  lua_pushnil(L); /* the slot */
  b->data = nothing;
  b->len = b->cap = 0;
  b->grow = grow;
  b->owner = L;
  b->slot = lua_gettop(L);
}

/* The length may have been more before. */
void cog_secret_wipe(cog_buffer *b)
{
  if (b->cap > 0)
    OPENSSL_cleanse(b->data, b->cap);
  b->len = 0;
}
