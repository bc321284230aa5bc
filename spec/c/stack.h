/*
 * stack.h: who called: return addresses, and the libraries they lie in.
 */
#ifndef TORTURE_STACK_H
#define TORTURE_STACK_H

#include <stdio.h>

#define STACK_DEPTH 32

typedef struct stack {
  int n;
  void *at[STACK_DEPTH];
} stack;

void stack_take(stack *s);

/* Whether stack_take is at work. */
int stack_unwinding(void);

/* The library that the innermost frame of interest lies in: "libcurl",
 * "OpenSSL", "lua-cjson", the file's name for any other; NULL when that is
 * our own code, in C or in Lua. libc and Lua itself only carry out. */
const char *stack_owner(const stack *s);

/* Whether an address lies in our C code; in libcurl or OpenSSL. */
int stack_is_ours(const void *at);
int stack_is_foreign(const void *at);

/* The place in our C code that called that library; NULL when none did. */
const void *stack_door(const stack *s);

/* Where that library was entered, as far as it names its functions. */
const char *stack_entry(const stack *s, char *room, size_t size);

/* Whether OpenSSL looks up an algorithm there: what it finds it keeps for the
 * life of the process. */
int stack_in_fetch(const stack *s);

void stack_print(FILE *out, const stack *s);

#endif
