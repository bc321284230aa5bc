/*
 * poller.c: epoll and kqueue behind a few functions.
 */
#include "poller.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* For one more event, of so many bytes. */
static int make_room(cog_poller *p, size_t size)
{
  int room = p->room > 0 ? 2 * p->room : 8;
  void *ready;
  if (p->watched < p->room)
    return 1;
  ready = realloc(p->ready, (size_t)room * size);
  if (ready == NULL)
    return 0;
  p->ready = ready;
  p->room = room;
  return 1;
}

void cog_poller_init(cog_poller *p)
{
  p->fd = -1;
  p->ready = NULL;
  p->room = p->watched = 0;
}

void cog_poller_close(cog_poller *p)
{
  if (p->fd >= 0)
    close(p->fd);
  free(p->ready);
  cog_poller_init(p);
}

#if defined(__linux__)

#include <sys/epoll.h>

int cog_poller_open(cog_poller *p)
{
  p->fd = epoll_create1(EPOLL_CLOEXEC);
  return p->fd >= 0 && make_room(p, sizeof(struct epoll_event));
}

/* An epoll set is shared with the parent, and EPOLL_CTL_DEL would remove the
 * parent's sockets from it. Closing only drops our reference. */
void cog_poller_forget(cog_poller *p)
{
  cog_poller_close(p);
}

int cog_poller_watch(cog_poller *p, int socket, int had, int want)
{
  struct epoll_event event = {0};
  int op = want == 0  ? EPOLL_CTL_DEL
           : had == 0 ? EPOLL_CTL_ADD
                      : EPOLL_CTL_MOD;
  if (had == want)
    return 1;
  if (had == 0 && !make_room(p, sizeof event))
    return 0;
  event.events = (want & COG_POLL_READ ? (uint32_t)EPOLLIN : 0) |
                 (want & COG_POLL_WRITE ? (uint32_t)EPOLLOUT : 0);
  event.data.fd = socket;
  /* Removing what is gone already is no fault. */
  if (epoll_ctl(p->fd, op, socket, &event) != 0 && want != 0)
    return 0;
  p->watched += (want != 0) - (had != 0);
  return 1;
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

int cog_poller_wait(cog_poller *p, double seconds)
{
  int n = epoll_wait(p->fd, p->ready, p->room, milliseconds(seconds));
  return n >= 0 ? n : errno == EINTR ? 0 : -1;
}

cog_ready cog_poller_ready(const cog_poller *p, int i)
{
  const struct epoll_event *event = (const struct epoll_event *)p->ready + i;
  cog_ready ready;
  ready.socket = event->data.fd;
  /* After an error or a hang-up a read tells what happened. */
  ready.events =
      ((event->events & (EPOLLIN | EPOLLERR | EPOLLHUP)) ? COG_POLL_READ : 0) |
      ((event->events & EPOLLOUT) ? COG_POLL_WRITE : 0);
  return ready;
}

#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) ||    \
    defined(__OpenBSD__) || defined(__DragonFly__)

#include <fcntl.h>
#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>

int cog_poller_open(cog_poller *p)
{
  p->fd = kqueue();
  if (p->fd >= 0)
    fcntl(p->fd, F_SETFD, FD_CLOEXEC);
  return p->fd >= 0 && make_room(p, sizeof(struct kevent));
}

/* A child does not inherit a kqueue: by now the number may belong to another
 * descriptor. */
void cog_poller_forget(cog_poller *p)
{
  p->fd = -1;
  cog_poller_close(p);
}

static int filter(cog_poller *p, int socket, short which, int had, int want)
{
  struct kevent change;
  if ((had != 0) == (want != 0))
    return 1;
  if (want && !make_room(p, sizeof change))
    return 0;
  EV_SET(&change, (uintptr_t)socket, which, want ? EV_ADD : EV_DELETE, 0, 0,
         0);
  /* Removing what is gone already is no fault. */
  if (kevent(p->fd, &change, 1, NULL, 0, NULL) != 0 && want)
    return 0;
  p->watched += want ? 1 : -1;
  return 1;
}

int cog_poller_watch(cog_poller *p, int socket, int had, int want)
{
  return filter(p, socket, EVFILT_READ, had & COG_POLL_READ,
                want & COG_POLL_READ) &&
         filter(p, socket, EVFILT_WRITE, had & COG_POLL_WRITE,
                want & COG_POLL_WRITE);
}

int cog_poller_wait(cog_poller *p, double seconds)
{
  struct timespec limit = {0, 0};
  int n;
  if (seconds > INT_MAX)
    seconds = INT_MAX;
  if (seconds > 0) {
    limit.tv_sec = (time_t)seconds;
    limit.tv_nsec = (long)((seconds - (double)limit.tv_sec) * 1e9);
  }
  n = kevent(p->fd, NULL, 0, p->ready, p->room, seconds < 0 ? NULL : &limit);
  return n >= 0 ? n : errno == EINTR ? 0 : -1;
}

cog_ready cog_poller_ready(const cog_poller *p, int i)
{
  const struct kevent *event = (const struct kevent *)p->ready + i;
  cog_ready ready;
  ready.socket = (int)event->ident;
  ready.events =
      event->filter == EVFILT_WRITE ? COG_POLL_WRITE : COG_POLL_READ;
  return ready;
}

#else
#error "poller.c knows epoll and kqueue; this system has neither"
#endif
