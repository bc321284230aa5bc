/***
 * The signals that ask a command to stop, for Lua.
 * @module cognito.core
 */
#include "lua_signals.h"

#include "signals.h"

/*** From now on SIGINT, SIGTERM and SIGHUP are noted instead of ending the
process, unless they are ignored here: `caught_signal` tells. A further SIGINT
or SIGTERM ends the process at once; its exit status is 128 and the signal's
number. To write to where nobody reads is an error of writing from now on
(SIGPIPE is ignored).
@function catch_signals
*/
static int catch_signals(lua_State *L)
{
  (void)L;
  cog_catch_signals();
  return 0;
}

/*** The signal that was noted since `catch_signals`.
@function caught_signal
@treturn[1] integer its number: 2 for SIGINT
@treturn[2] nil while there is none
*/
static int caught_signal(lua_State *L)
{
  int which = cog_caught_signal();
  if (which == 0)
    return 0;
  lua_pushinteger(L, which);
  return 1;
}

static const luaL_Reg functions[] = {{"catch_signals", catch_signals},
                                     {"caught_signal", caught_signal},
                                     {NULL, NULL}};

void cog_signal_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
