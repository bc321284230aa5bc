/*
 * bench.c: arguments and clocks.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void bench_must(int condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "%s failed\n", what);
  exit(1);
}

bench bench_arguments(int argc, char **argv)
{
  bench b;
  int n;
  bench_must(argc >= 5,
             "PROGRAM URL CA_PATH CALLS OPERATION [MODE] [HEADERS]:");
  b.url = argv[1];
  n = sscanf(b.url, "https://%63[^/]", b.host);
  bench_must(n == 1, "URL");
  b.ca_path = argv[2];
  b.calls = atol(argv[3]);
  b.operation = argv[4];
  b.mode = argc > 5 ? argv[5] : "";
  b.headers = argc > 6 ? argv[6] : "";
  return b;
}

static double seconds(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void bench_run_all(long calls, void (*all)(void *arg, long calls), void *arg)
{
  double cpu, wall;
  if (calls > 1)
    all(arg, calls / 10 + 1);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  wall = seconds(CLOCK_MONOTONIC);
  all(arg, calls);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  wall = seconds(CLOCK_MONOTONIC) - wall;
  printf("%.3f %.3f\n", cpu / (double)calls * 1e6, wall / (double)calls * 1e6);
}

typedef struct repeated {
  void (*once)(void *arg);
  void *arg;
} repeated;

static void repeat(void *arg, long calls)
{
  const repeated *r = arg;
  while (calls-- > 0)
    r->once(r->arg);
}

void bench_run(long calls, void (*once)(void *arg), void *arg)
{
  repeated r;
  r.once = once;
  r.arg = arg;
  bench_run_all(calls, repeat, &r);
}
