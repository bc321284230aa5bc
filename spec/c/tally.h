/*
 * tally.h: the results of the runs of torture.c, counted and reported.
 */
#ifndef TORTURE_TALLY_H
#define TORTURE_TALLY_H

#include "heap.h"

typedef enum outcome {
  RIGHT,
  WRONG, /* the wrong error, or none at all where one is due */
  STUCK, /* later it fails without a fault */
  LEFT,  /* memory is left after the end */
  ENDED, /* somebody called exit */
  CRASHED,
  HUNG
} outcome;

typedef struct plan {
  heap_source source;
  heap_fault fault;
  const char *name;
} plan;

/* One run. */
typedef struct finding {
  int fired; /* there was a request to refuse */
  int done;
  outcome outcome;
  char text[200];
  stack fault;     /* who was refused */
  stack end;       /* who ended the process */
  size_t lua_left; /* bytes */
  heap_left left;
} finding;

void tally_add(const char *file, const plan *p, long n, const finding *f);

/* The line of a scenario that is through. */
void tally_scenario(const char *file);

/* The sum. Returns the exit status. */
int tally_finish(void);

#endif
