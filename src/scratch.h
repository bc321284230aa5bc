/*
 * scratch.h: the Lua side of buffer.h. A buffer in a C local that spills
 * into a userdata on the Lua stack.
 */
#ifndef COGNITO_SCRATCH_H
#define COGNITO_SCRATCH_H

#include "buffer.h"
#include "compat.h"

#define COG_SCRATCH_SIZE 1024

typedef struct cog_scratch {
  cog_buffer b;
  char first[COG_SCRATCH_SIZE];
} cog_scratch;

/* Pushes one slot, which keeps the spilled memory alive and must stay on
 * the stack for as long as the buffer is used. Growing raises a Lua error
 * when memory runs out. */
void cog_scratch_init(lua_State *L, cog_scratch *s);

#endif
