/*
 * compat.h: Lua 5.1 to 5.5 and LuaJIT in one place.
 *
 * The sources are written against the Lua 5.4 API; what older versions lack
 * is defined here under the 5.4 name, and nowhere else.
 */
#ifndef COGNITO_COMPAT_H
#define COGNITO_COMPAT_H

#include <stddef.h>

#include <lua.h>
#include <lauxlib.h>

/* Every module exports its luaopen_ function and nothing else. */
#if defined(_WIN32)
#define COG_EXPORT __declspec(dllexport)
#elif defined(__GNUC__)
#define COG_EXPORT __attribute__((visibility("default")))
#else
#define COG_EXPORT
#endif

#if defined(__GNUC__)
#define COG_UNUSED __attribute__((unused))
#define COG_USED   __attribute__((used))
#else
#define COG_UNUSED
#define COG_USED
#endif

/* These raise, which their declarations do not say: compilers and analyzers
 * would follow a check that failed into the code behind it. */
#if defined(__GNUC__)
int lua_error(lua_State *L) __attribute__((noreturn));
int luaL_error(lua_State *L, const char *format, ...)
    __attribute__((noreturn));
int luaL_argerror(lua_State *L, int arg, const char *message)
    __attribute__((noreturn));
#endif

#if LUA_VERSION_NUM == 501

#ifndef LUA_OK
#define LUA_OK 0
#endif

#define lua_rawlen(L, i) lua_objlen(L, i)

/* A 5.1 userdata has an environment table instead of user values. */
#define lua_newuserdatauv(L, size, n) lua_newuserdata(L, size)

static COG_UNUSED int cog_absindex(lua_State *L, int i)
{
  return (i > 0 || i <= LUA_REGISTRYINDEX) ? i : lua_gettop(L) + i + 1;
}
#define lua_absindex cog_absindex

static COG_UNUSED void cog_setfuncs(lua_State *L, const luaL_Reg *l, int nup)
{
  luaL_checkstack(L, nup + 1, "too many upvalues");
  for (; l->name != NULL; l++) {
    int i;
    for (i = 0; i < nup; i++)
      lua_pushvalue(L, -nup);
    lua_pushcclosure(L, l->func, nup);
    lua_setfield(L, -(nup + 2), l->name);
  }
  lua_pop(L, nup);
}
#undef luaL_setfuncs
#define luaL_setfuncs cog_setfuncs

#elif LUA_VERSION_NUM < 504

#define lua_newuserdatauv(L, size, n) lua_newuserdata(L, size)

#endif

/* cog_setref, cog_getref: the one Lua value that a userdata keeps alive.
 * The value must be a table: 5.1 knows nothing else in that place. */
#if LUA_VERSION_NUM == 501
#define cog_setref(L, i) lua_setfenv(L, i)
#define cog_getref(L, i) lua_getfenv(L, i)
#elif LUA_VERSION_NUM < 504
#define cog_setref(L, i) lua_setuservalue(L, i)
#define cog_getref(L, i) ((void)lua_getuservalue(L, i))
#else
#define cog_setref(L, i) ((void)lua_setiuservalue(L, i, 1))
#define cog_getref(L, i) ((void)lua_getiuservalue(L, i, 1))
#endif

#endif
