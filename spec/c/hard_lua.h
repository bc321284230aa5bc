/*
 * hard_lua.h: included in front of every file of the hard Lua, which
 * scripts/hard_lua builds.
 */
#ifndef HARD_LUA_H
#define HARD_LUA_H

struct lua_State;

/* Whether to collect all garbage at this place, where Lua may. */
int hard_wants(struct lua_State *L);

#endif
