/*
 * heap.h: the program's memory: every block is known, and any request for
 * one can be refused; so can any call that calls.c knows.
 *
 * malloc and its kin are replaced for the whole process, so libcurl, OpenSSL
 * and lua-cjson are under it as well. Other threads may run, such as the one in
 * which libcurl looks a name up; only requests of the thread that called
 * heap_arm count.
 */
#ifndef TORTURE_HEAP_H
#define TORTURE_HEAP_H

#include <stddef.h>

#include "stack.h"

/* The requests that count. */
typedef enum heap_source {
  HEAP_LUA,    /* for memory, of Lua */
  HEAP_MALLOC, /* for memory, of all others */
  HEAP_CALLS,  /* our calls of the system, libcurl and OpenSSL */
  HEAP_SLOW,   /* those that a signal may interrupt */
  HEAP_PIECES, /* those that may read or write a part */
  HEAP_THEIRS  /* calls of the system that libcurl and OpenSSL make */
} heap_source;

typedef enum heap_fault {
  HEAP_COLLECTED, /* refused once; Lua collects its garbage and asks again */
  HEAP_REFUSED,   /* refused also when Lua asks again */
  HEAP_DRY        /* this one and all that follow are refused */
} heap_fault;

/* Whether AddressSanitizer looks after the blocks. */
int heap_is_watched(void);

/* A lua_Alloc. */
void *heap_lua(void *unused, void *block, size_t old_size, size_t size);

/* Refuses the n-th request from now on; 0 refuses none. */
void heap_arm(heap_source source, heap_fault fault, long n);
void heap_disarm(void);
int heap_is_armed(void);

/* Between a one and a zero no request counts: they are the torture's own. */
void heap_hold(int on);

/* Whether this request, the next one of its source, is the one to refuse. */
int heap_refuse(heap_source source);

/* The caller that was refused; NULL when none was. */
const stack *heap_fired(void);

/* Keep the stack of every request from now on. */
void heap_trace(void);

/* A moment, to ask later what was allocated since and is still there. */
long heap_now(void);

typedef struct heap_left {
  size_t bytes;
  int n;
  stack first[8]; /* where the first ones came from, if they were traced */
} heap_left;

/* Blocks of malloc since then that are not free again. */
void heap_left_since(long moment, heap_left *left);

/* Bytes that Lua holds. */
size_t heap_lua_bytes(void);

#endif
