/*
 * http_sockets.c: which sockets are watched for what, and who waits for them.
 */
#include "http_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const cog_waiter nothing = {NULL, NULL};

void cog_sockets_init(cog_sockets *s)
{
  cog_poller_init(&s->poller);
  s->all = NULL;
  s->room = s->refused = 0;
}

/* NULL without memory. Descriptors are small numbers: the system gives the
 * lowest that is free. */
static cog_socket *socket_of(cog_sockets *s, int fd)
{
  size_t at = (size_t)fd, room = 2 * at + 16;
  cog_socket *all;
  if (at < s->room)
    return &s->all[at];
  all = realloc(s->all, room * sizeof *all);
  if (all == NULL)
    return NULL;
  memset(all + s->room, 0, (room - s->room) * sizeof *all);
  s->all = all;
  s->room = room;
  return &all[at];
}

/* In one call where that is possible: another thread may be starting a
 * program. */
static int open_socket(int family, int type, int protocol)
{
#ifdef SOCK_CLOEXEC
  return socket(family, type | SOCK_CLOEXEC, protocol);
#else
  int fd = socket(family, type, protocol);
  if (fd >= 0)
    fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
#endif
}

/* The system retransmits an unacknowledged request for a quarter of an hour,
 * long after the caller has given it up and closed the socket: it could arrive
 * when the caller has concluded that it never did. So the system gives up,
 * too (RFC 5482, tcp(7)). */
static void give_up_in_time(int fd)
{
#ifdef TCP_USER_TIMEOUT
  unsigned milliseconds = 30000;
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds,
             sizeof milliseconds);
#else
  (void)fd;
#endif
}

static int watch(cog_sockets *s, int fd, cog_socket *socket, int events)
{
  if (!cog_poller_watch(&s->poller, fd, socket->watched, events))
    return 0;
  socket->watched = (unsigned char)events;
  return 1;
}

int cog_sockets_open(cog_sockets *s, int family, int type, int protocol)
{
  int fd = open_socket(family, type, protocol);
  cog_socket *socket;
  if (fd < 0) {
    s->refused += errno == EMFILE || errno == ENFILE;
    return -1;
  }
  give_up_in_time(fd);
  socket = socket_of(s, fd);
  if (socket == NULL) {
    close(fd);
    return -1;
  }
  /* libcurl 7.88 closes a socket that never got connected without a call to
   * cog_sockets_close. */
  watch(s, fd, socket, 0);
  socket->waiter = nothing;
  return fd;
}

int cog_descriptors_are_short(void)
{
  int fd = open("/", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return errno == EMFILE || errno == ENFILE;
  close(fd);
  return 0;
}

/* Closing alone would not do: a process that was forked may have it open,
 * and what the poller knows of it would outlive the number. A connection that
 * fails because there is no descriptor for its certificates frees one here. */
int cog_sockets_close(cog_sockets *s, int fd)
{
  cog_socket *socket = socket_of(s, fd);
  s->refused += cog_descriptors_are_short() != 0;
  if (socket != NULL) {
    watch(s, fd, socket, 0);
    socket->waiter = nothing;
  }
  return close(fd);
}

int cog_sockets_want(cog_sockets *s, int fd, int events, cog_waiter waiter)
{
  cog_socket *socket = socket_of(s, fd);
  if (socket == NULL || !watch(s, fd, socket, events))
    return 0;
  socket->waiter = waiter;
  return 1;
}

int cog_sockets_wait(cog_sockets *s, double seconds)
{
  return cog_poller_wait(&s->poller, seconds);
}

cog_ready cog_sockets_ready(const cog_sockets *s, int i, cog_waiter *waiter)
{
  cog_ready ready = cog_poller_ready(&s->poller, i);
  *waiter = s->all[ready.socket].waiter;
  return ready;
}

void cog_sockets_free(cog_sockets *s)
{
  cog_poller_close(&s->poller);
  free(s->all);
  cog_sockets_init(s);
}

void cog_sockets_forget(cog_sockets *s)
{
  cog_poller_forget(&s->poller);
  cog_sockets_free(s);
}
