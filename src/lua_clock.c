/***
 * Time for Lua, finer than os.time.
 * @module cognito.core
 */
#include "lua_clock.h"

#include <errno.h>
#include <time.h>

#include "signals.h"

#define LONGEST 1e9 /* seconds; fits every time_t */

/* NaN is refused: no comparison with it holds. */
double cog_check_seconds(lua_State *L, int index)
{
  lua_Number n = luaL_checknumber(L, index);
  luaL_argcheck(L, n >= 0, index, "seconds expected, 0 or more");
  return n < LONGEST ? (double)n : LONGEST;
}

static void push_clock(lua_State *L, clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec / 1e9);
}

/*** The time.
@function now
@treturn number seconds since 1970, with fractions
*/
static int clock_now(lua_State *L)
{
  push_clock(L, CLOCK_REALTIME);
  return 1;
}

/*** A monotonic clock.
@function clock
@treturn number seconds since some moment, with fractions
*/
static int clock_clock(lua_State *L)
{
  push_clock(L, CLOCK_MONOTONIC);
  return 1;
}

/*** Blocks for some time; less when a signal comes after `catch_signals`.
@function sleep
@tparam number seconds 0 or more
*/
static int clock_sleep(lua_State *L)
{
  double seconds = cog_check_seconds(L, 1);
  struct timespec left;
  left.tv_sec = (time_t)seconds;
  left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
  while (nanosleep(&left, &left) != 0 && errno == EINTR &&
         cog_caught_signal() == 0)
    ;
  return 0;
}

static const luaL_Reg functions[] = {{"now", clock_now},
                                     {"clock", clock_clock},
                                     {"sleep", clock_sleep},
                                     {NULL, NULL}};

void cog_clock_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
