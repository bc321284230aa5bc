/*
 * scratch.c: buffers for C functions called from Lua.
 */
#include "scratch.h"

static int spill(cog_buffer *b, size_t need)
{
  lua_State *L = b->owner;
  size_t cap = b->cap * 2 > need ? b->cap * 2 : need;
  char *data = lua_newuserdatauv(L, cap, 0);
  memcpy(data, b->data, b->len);
  lua_replace(L, b->slot); /* the old spill, if any, is garbage from here */
  b->data = data;
  b->cap = cap;
  return 1;
}

void cog_scratch_init(lua_State *L, cog_scratch *s)
{
  luaL_checkstack(L, 2, "no room for a buffer");
  lua_pushnil(L); /* the slot */
  s->b.data = s->first;
  s->b.len = 0;
  s->b.cap = sizeof s->first;
  s->b.grow = spill;
  s->b.owner = L;
  s->b.slot = lua_gettop(L);
}
