/*
 * poller.c: epoll and kqueue behind five functions.
 */
#include "poller.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define BATCH 64 /* sockets reported at once */

void cog_poller_close(int poller)
{
  if (poller >= 0)
    close(poller);
}

#if defined(__linux__)

#include <sys/epoll.h>

int cog_poller_open(void)
{
  return epoll_create1(EPOLL_CLOEXEC);
}

/* An epoll set is shared with the parent, and EPOLL_CTL_DEL would remove the
 * parent's sockets from it. Closing only drops our reference. */
void cog_poller_forget(int poller)
{
  cog_poller_close(poller);
}

int cog_poller_watch(int poller, int socket, int had, int want)
{
  struct epoll_event event = {0};
  int op = want == 0  ? EPOLL_CTL_DEL
           : had == 0 ? EPOLL_CTL_ADD
                      : EPOLL_CTL_MOD;
  if (had == want)
    return 1;
  event.events = (want & COG_POLL_READ ? (uint32_t)EPOLLIN : 0) |
                 (want & COG_POLL_WRITE ? (uint32_t)EPOLLOUT : 0);
  event.data.fd = socket;
  /* Removing what is gone already is no fault. */
  return epoll_ctl(poller, op, socket, &event) == 0 || want == 0;
}

/* Rounded up: waking before the time would only mean waiting once more. */
static int milliseconds(double seconds)
{
  double ms = seconds * 1000;
  if (seconds < 0)
    return -1;
  if (ms >= INT_MAX)
    return INT_MAX;
  return (int)ms + ((int)ms < ms);
}

int cog_poller_wait(int poller, cog_ready *ready, int max, double seconds)
{
  struct epoll_event events[BATCH];
  int i, n;
  n = epoll_wait(poller, events, max < BATCH ? max : BATCH,
                 milliseconds(seconds));
  if (n < 0)
    return errno == EINTR ? 0 : -1;
  for (i = 0; i < n; i++) {
    /* After an error or a hang-up a read tells what happened. */
    int readable = (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
    int writable = (events[i].events & EPOLLOUT) != 0;
    ready[i].socket = events[i].data.fd;
    ready[i].events =
        (readable ? COG_POLL_READ : 0) | (writable ? COG_POLL_WRITE : 0);
  }
  return n;
}

#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) ||    \
    defined(__OpenBSD__) || defined(__DragonFly__)

#include <fcntl.h>
#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>

int cog_poller_open(void)
{
  int poller = kqueue();
  if (poller >= 0)
    fcntl(poller, F_SETFD, FD_CLOEXEC);
  return poller;
}

/* A child does not inherit a kqueue: by now the number may be somebody
 * else's descriptor. */
void cog_poller_forget(int poller)
{
  (void)poller;
}

static int filter(int poller, int socket, short which, int had, int want)
{
  struct kevent change;
  if ((had != 0) == (want != 0))
    return 1;
  EV_SET(&change, (uintptr_t)socket, which, want ? EV_ADD : EV_DELETE, 0, 0,
         0);
  /* Removing what is gone already is no fault. */
  return kevent(poller, &change, 1, NULL, 0, NULL) == 0 || !want;
}

int cog_poller_watch(int poller, int socket, int had, int want)
{
  return filter(poller, socket, EVFILT_READ, had & COG_POLL_READ,
                want & COG_POLL_READ) &&
         filter(poller, socket, EVFILT_WRITE, had & COG_POLL_WRITE,
                want & COG_POLL_WRITE);
}

int cog_poller_wait(int poller, cog_ready *ready, int max, double seconds)
{
  struct kevent events[BATCH];
  struct timespec limit = {0, 0};
  int i, n;
  if (seconds > INT_MAX)
    seconds = INT_MAX;
  if (seconds > 0) {
    limit.tv_sec = (time_t)seconds;
    limit.tv_nsec = (long)((seconds - (double)limit.tv_sec) * 1e9);
  }
  n = kevent(poller, NULL, 0, events, max < BATCH ? max : BATCH,
             seconds < 0 ? NULL : &limit);
  if (n < 0)
    return errno == EINTR ? 0 : -1;
  for (i = 0; i < n; i++) {
    ready[i].socket = (int)events[i].ident;
    ready[i].events =
        events[i].filter == EVFILT_WRITE ? COG_POLL_WRITE : COG_POLL_READ;
  }
  return n;
}

#else
#error "poller.c knows epoll and kqueue; this system has neither"
#endif
