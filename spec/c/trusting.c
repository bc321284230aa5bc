/*
 * trusting.c: a libcurl that does not look, to be preloaded: poll finds
 * nothing to read when it may not wait. With UNSEEN in the environment the http
 * object, which looks by epoll_wait and by a look at the bytes to come, sees
 * nothing either: it uses a connection whatever has become of it.
 */
#undef _FORTIFY_SOURCE /* with it the headers define functions of these names */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

typedef int poller(struct pollfd *, nfds_t, int);
typedef int waiter(int, struct epoll_event *, int, int);
typedef ssize_t receiver(int, void *, size_t, int);

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

__attribute__((visibility("default"))) ssize_t recv(int fd, void *to,
                                                    size_t room, int flags)
{
  receiver *system_recv;
  if (flags & MSG_PEEK && getenv("UNSEEN") != NULL) {
    errno = EAGAIN;
    return -1;
  }
  *(void **)&system_recv = dlsym(RTLD_NEXT, "recv");
  return system_recv(fd, to, room, flags);
}
