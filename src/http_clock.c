/*
 * http_clock.c: see http_clock.h.
 */
#include "http_clock.h"

#include <time.h>

double cog_clock(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
