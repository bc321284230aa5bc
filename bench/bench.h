/*
 * bench.h: what the C programs of the bench share. Each is run as
 *
 *     PROGRAM URL CA_PATH CALLS OPERATION [MODE] [HEADERS]
 *
 * and prints the CPU and the wall time of one call in microseconds. MODE is
 * the program's own; HEADERS are lines to send besides those that every
 * request has.
 */
#ifndef BENCH_H
#define BENCH_H

typedef struct bench {
  const char *url, *ca_path;
  char host[64]; /* of the URL, with its port */
  long calls;
  const char *operation;
  const char *mode, *headers; /* "" where there are none */
} bench;

/* Reads the arguments, or ends the program. */
bench bench_arguments(int argc, char **argv);

/* Ends the program with a sentence unless the condition holds. */
void bench_must(int condition, const char *what);

/* Calls once(arg) so many times, after some calls to warm up, unless there
 * is only one to make, and prints what a call took. */
void bench_run(long calls, void (*once)(void *arg), void *arg);

/* The same where `arg` makes all the calls. */
void bench_run_all(long calls, void (*all)(void *arg, long calls), void *arg);

#endif
