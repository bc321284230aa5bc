/*
 * slow_dns.c: a name server that does not answer, to be preloaded: names
 * that end in ".slow" take SLOW_DNS milliseconds and then do not exist; names
 * that end in ".quick" lead to 127.0.0.1 at once. All others are the system's.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int resolver(const char *, const char *, const struct addrinfo *,
                     struct addrinfo **);

static int ends_in(const char *name, const char *end)
{
  size_t n = name != NULL ? strlen(name) : 0, m = strlen(end);
  return n > m && strcmp(name + n - m, end) == 0;
}

static void wait_out(void)
{
  const char *text = getenv("SLOW_DNS");
  long ms = text != NULL ? atol(text) : 0;
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0)
    continue;
}

__attribute__((visibility("default"))) int
getaddrinfo(const char *name, const char *service,
            const struct addrinfo *hints, struct addrinfo **found)
{
  resolver *system_resolver;
  if (ends_in(name, ".slow")) {
    wait_out();
    return EAI_NONAME;
  }
  *(void **)&system_resolver = dlsym(RTLD_NEXT, "getaddrinfo");
  return system_resolver(ends_in(name, ".quick") ? "127.0.0.1" : name, service,
                         hints, found);
}
