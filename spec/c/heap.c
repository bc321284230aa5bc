/*
 * heap.c: see heap.h.
 */
#include "heap.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The real ones: glibc's, or AddressSanitizer's where it is linked. */
#define REAL(name)                                                            \
  (__interceptor_##name ? __interceptor_##name : __libc_##name)

#define DECLARE(type, name, ...)                                              \
  extern type __libc_##name(__VA_ARGS__);                                     \
  extern type __interceptor_##name(__VA_ARGS__) __attribute__((weak))

DECLARE(void *, malloc, size_t size);
DECLARE(void *, calloc, size_t n, size_t size);
DECLARE(void *, realloc, void *block, size_t size);
DECLARE(void, free, void *block);

/* Blocks that are left are counted here. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
  return "detect_leaks=0";
}

int heap_is_watched(void)
{
  return __interceptor_malloc != NULL;
}

/* No code may count on zeros, or on the bytes from before. */
static void spoil(void *at, int with, size_t size)
{
  if (!heap_is_watched())
    memset(at, with, size);
}

/* ---- the plan ---- */

static struct {
  heap_source source;
  heap_fault fault;
  long n; /* 0: refuse nothing */
  long count;
  int fired;
  stack who;
  pthread_t thread;
} plan;

void heap_arm(heap_source source, heap_fault fault, long n)
{
  plan.source = source;
  plan.fault = fault;
  plan.n = n;
  plan.count = 0;
  plan.fired = 0;
  plan.thread = pthread_self();
}

void heap_disarm(void)
{
  plan.n = 0;
}

int heap_is_armed(void)
{
  return plan.n != 0;
}

const stack *heap_fired(void)
{
  return plan.fired ? &plan.who : NULL;
}

static int held;

void heap_hold(int on)
{
  held = on;
}

static int is_own(void)
{
  return held || stack_unwinding();
}

/* libcurl's resolver has a thread, whose requests come when they like: counted
 * with the others, none would be the n-th twice. */
static int is_other_thread(void)
{
  return !pthread_equal(plan.thread, pthread_self());
}

int heap_refuse(heap_source source)
{
  if (plan.n == 0 || source != plan.source || is_own() || is_other_thread())
    return 0;
  plan.count++;
  if (plan.count < plan.n || (plan.count > plan.n && plan.fault != HEAP_DRY))
    return 0;
  if (!plan.fired)
    stack_take(&plan.who);
  plan.fired = 1;
  return 1;
}

/* ---- malloc's blocks ---- */

#define BUCKETS 16384
#define BLOCKS  200000

typedef struct block {
  struct block *next;
  void *at;
  size_t size;
  long moment;
  stack *who;
} block;

static block blocks[BLOCKS], *unused, *buckets[BUCKETS];
static size_t used;
static long moments;
static int tracing;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static block **bucket(const void *at)
{
  return &buckets[((uintptr_t)at >> 4) * 2654435761u % BUCKETS];
}

static block *new_block(void)
{
  block *b = unused;
  if (b != NULL)
    unused = b->next;
  else if (used < BLOCKS)
    b = &blocks[used++];
  else
    abort();
  return b;
}

static stack *taken(void)
{
  stack *who = tracing ? REAL(malloc)(sizeof *who) : NULL;
  if (who != NULL)
    stack_take(who);
  return who;
}

static void *note(void *at, size_t size)
{
  stack *who;
  block *b;
  if (at == NULL || is_own())
    return at;
  who = taken();
  pthread_mutex_lock(&lock);
  b = new_block();
  b->at = at;
  b->size = size;
  b->moment = ++moments;
  b->who = who;
  b->next = *bucket(at);
  *bucket(at) = b;
  pthread_mutex_unlock(&lock);
  return at;
}

/* Takes a block off the list of its bucket; NULL for what was never on it. */
static block *take_out(const void *at)
{
  block **from, *b;
  for (from = bucket(at); (b = *from) != NULL; from = &b->next)
    if (b->at == at) {
      *from = b->next;
      break;
    }
  return b;
}

/* The size, or -1 for what was there before us. */
static long forget(const void *at)
{
  long size = -1;
  block *b;
  if (stack_unwinding()) /* its blocks were not noted */
    return size;
  pthread_mutex_lock(&lock);
  b = take_out(at);
  if (b != NULL) {
    size = (long)b->size;
    REAL(free)(b->who);
    b->next = unused;
    unused = b;
  }
  pthread_mutex_unlock(&lock);
  return size;
}

void heap_trace(void)
{
  tracing = 1;
}

long heap_now(void)
{
  return moments;
}

void heap_left_since(long moment, heap_left *left)
{
  size_t i;
  memset(left, 0, sizeof *left);
  for (i = 0; i < BUCKETS; i++) {
    const block *b;
    for (b = buckets[i]; b != NULL; b = b->next) {
      if (b->moment <= moment)
        continue;
      left->bytes += b->size;
      if (left->n < (int)(sizeof left->first / sizeof *left->first) &&
          b->who != NULL)
        left->first[left->n] = *b->who;
      left->n++;
    }
  }
}

/* ---- malloc ---- */

void *malloc(size_t size)
{
  void *at = heap_refuse(HEAP_MALLOC) ? NULL : REAL(malloc)(size);
  if (at != NULL)
    spoil(at, 0xa5, size);
  return note(at, size);
}

void *calloc(size_t n, size_t size)
{
  return note(heap_refuse(HEAP_MALLOC) ? NULL : REAL(calloc)(n, size),
              n * size);
}

void free(void *at)
{
  long size;
  if (at == NULL)
    return;
  size = forget(at);
  if (size > 0)
    spoil(at, 0xdd, (size_t)size);
  REAL(free)(at);
}

void *realloc(void *at, size_t size)
{
  long before;
  void *to;
  if (at == NULL)
    return malloc(size);
  if (size == 0) {
    free(at);
    return NULL;
  }
  if (heap_refuse(HEAP_MALLOC))
    return NULL;
  before = forget(at); /* while no other thread may be given the block */
  to = REAL(realloc)(at, size);
  if (to == NULL && before >= 0)
    note(at, (size_t)before);
  return note(to, size);
}

/* ---- Lua's blocks ---- */

static size_t lua_bytes;

size_t heap_lua_bytes(void)
{
  return lua_bytes;
}

/* Since 5.2 Lua collects its garbage when it is refused memory, and then
 * repeats the very request. */
static int refuse_lua(const void *at, size_t old_size, size_t size)
{
  static struct {
    const void *at;
    size_t old_size, size;
  } refused;
  static int again;
  if (again && refused.at == at && refused.old_size == old_size &&
      refused.size == size) {
    again = 0;
    return plan.n != 0;
  }
  again = 0;
  if (!heap_refuse(HEAP_LUA))
    return 0;
  again = plan.fault == HEAP_REFUSED;
  refused.at = at;
  refused.old_size = old_size;
  refused.size = size;
  return 1;
}

/* Always moves, so that code that keeps an old pointer reads nonsense. */
static void *move(void *at, size_t old_size, size_t size)
{
  void *to = REAL(malloc)(size);
  if (to == NULL)
    return NULL;
  if (at != NULL) {
    memcpy(to, at, old_size < size ? old_size : size);
    spoil(at, 0xdd, old_size);
    REAL(free)(at);
  }
  lua_bytes += size;
  lua_bytes -= old_size;
  return to;
}

void *heap_lua(void *unused_data, void *at, size_t old_size, size_t size)
{
  (void)unused_data;
  if (at == NULL)
    old_size = 0; /* Lua says there what the block is for */
  if (size == 0) {
    if (at != NULL)
      spoil(at, 0xdd, old_size);
    REAL(free)(at);
    lua_bytes -= old_size;
    return NULL;
  }
  /* Lua counts on getting smaller blocks. */
  if (size > old_size && refuse_lua(at, old_size, size))
    return NULL;
  return move(at, old_size, size);
}
