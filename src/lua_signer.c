/*
 * lua_signer.c: see lua_signer.h.
 */
#include "lua_signer.h"

#include <string.h>

void cog_crypto_check(lua_State *L, cog_status status)
{
  if (status == COG_ENOMEM)
    luaL_error(L, "not enough memory");
  if (status != COG_OK)
    luaL_error(L, "OpenSSL cannot compute HMAC-SHA-256 here, or there is not "
                  "enough memory");
}

static int signer_gc(lua_State *L)
{
  cog_signer_close(lua_touserdata(L, 1));
  return 0;
}

cog_signer *cog_push_signer(lua_State *L)
{
  cog_signer *s = lua_newuserdatauv(L, sizeof *s, 0);
  memset(s, 0, sizeof *s);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, signer_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  cog_crypto_check(L, cog_signer_init(s));
  return s;
}
