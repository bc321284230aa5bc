/*
 * trusting.c: a libcurl that does not look, to be preloaded: poll finds
 * nothing to read when it may not wait. So every version uses a connection
 * whatever has become of it, as libcurl does from 8.22 on for a second. With
 * UNSEEN in the environment the http object, which looks by epoll_wait, does
 * not see it either.
 */
#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>

typedef int poller(struct pollfd *, nfds_t, int);
typedef int waiter(int, struct epoll_event *, int, int);

static int only_reads(const struct pollfd *fds, nfds_t n)
{
  nfds_t i;
  for (i = 0; i < n; i++)
    if (fds[i].events & POLLOUT)
      return 0;
  return n > 0;
}

__attribute__((visibility("default"))) int poll(struct pollfd *fds, nfds_t n,
                                                int timeout)
{
  poller *system_poll;
  nfds_t i;
  if (timeout == 0 && only_reads(fds, n)) {
    for (i = 0; i < n; i++)
      fds[i].revents = 0;
    return 0;
  }
  *(void **)&system_poll = dlsym(RTLD_NEXT, "poll");
  return system_poll(fds, n, timeout);
}

__attribute__((visibility("default"))) int
epoll_wait(int fd, struct epoll_event *events, int room, int timeout)
{
  waiter *system_wait;
  if (timeout == 0 && getenv("UNSEEN") != NULL)
    return 0;
  *(void **)&system_wait = dlsym(RTLD_NEXT, "epoll_wait");
  return system_wait(fd, events, room, timeout);
}
