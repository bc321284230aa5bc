/*
 * slow_sockets.c: a system that takes its time, to be preloaded: each socket of
 * IPv4 takes SLOW_SOCKETS milliseconds to be made.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

typedef int maker(int, int, int);

static void wait_out(void)
{
  const char *text = getenv("SLOW_SOCKETS");
  long ms = text != NULL ? atol(text) : 0;
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0)
    continue;
}

__attribute__((visibility("default"))) int socket(int family, int type,
                                                  int protocol)
{
  maker *system_socket;
  if (family == AF_INET)
    wait_out();
  *(void **)&system_socket = dlsym(RTLD_NEXT, "socket");
  return system_socket(family, type, protocol);
}
