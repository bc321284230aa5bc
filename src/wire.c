/***
 * Requests and replies without any I/O, for hosts that bring their own.
 * The same functions as in `cognito.core`, less HTTP; no libcurl.
 * @module cognito.wire
 */
#include "protocol.h"

COG_EXPORT int luaopen_cognito_wire(lua_State *L);

int luaopen_cognito_wire(lua_State *L)
{
  cog_push_protocol(L);
  lua_pop(L, 1);
  return 1;
}
