/*
 * secret.h: a buffer.h for texts that hold passwords, codes or tokens. All of
 * it lies in a userdata on the Lua stack, and none on the C stack, where a
 * Lua error would leave it: after one it is garbage like any Lua string, and
 * the host's allocator may wipe it. Where nothing goes wrong, it is wiped as
 * soon as it is of no more use, and so is what it grew out of.
 */
#ifndef COGNITO_SECRET_H
#define COGNITO_SECRET_H

#include "buffer.h"
#include "compat.h"

/* Pushes one slot, which must stay on the stack for as long as the buffer is
 * used. Growing raises a Lua error when memory runs out; a buffer that
 * stays empty takes none. */
void cog_secret_init(lua_State *L, cog_buffer *b);

/* Wipes all that the buffer held, and empties it. */
void cog_secret_wipe(cog_buffer *b);

#endif
