/*
 * heap_buffer.h: a buffer.h on the heap, used for one exchange after another.
 *
 * It holds passwords on the way out and tokens on the way in, so all that it
 * lets go of is wiped first. No Lua here.
 */
#ifndef COGNITO_HEAP_BUFFER_H
#define COGNITO_HEAP_BUFFER_H

#include "buffer.h"

void cog_heap_init(cog_buffer *b);

/* Its `grow`: leaves no copy behind. */
int cog_heap_grow(cog_buffer *b, size_t need);

/* Wipes what the buffer holds; keeps its memory unless that is large. */
void cog_heap_empty(cog_buffer *b);

/* Wipes and frees all of it. The buffer can be used again. */
void cog_heap_free(cog_buffer *b);

#endif
