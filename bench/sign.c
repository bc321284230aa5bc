/*
 * sign.c: one signature by the shortest way.
 */
#include "request.h"

static void call(void *arg)
{
  request_sign(arg);
}

int main(int argc, char **argv)
{
  bench b = bench_arguments(argc, argv);
  request r;
  request_init(&r, &b);
  bench_run(b.calls, call, &r);
  return 0;
}
