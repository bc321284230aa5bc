/*
 * process.c: what a whole process costs.
 *
 *     process RUNS COMMAND [ARGUMENT...]
 *
 * prints for each run: CPU and wall microseconds, and the most memory it had
 * at a time, in KiB.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double micro(struct timeval t)
{
  return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static void run(char **command)
{
  struct rusage used;
  double begun = now();
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execvp(command[0], command);
    _exit(127);
  }
  bench_must(wait4(pid, &status, 0, &used) == pid && status == 0, command[0]);
  printf("%.0f %.0f %ld\n", micro(used.ru_utime) + micro(used.ru_stime),
         now() - begun, used.ru_maxrss);
}

int main(int argc, char **argv)
{
  int runs;
  bench_must(argc > 2, "process RUNS COMMAND [ARGUMENT...]:");
  for (runs = atoi(argv[1]); runs > 0; runs--)
    run(argv + 2);
  return 0;
}
