/*
 * http_sockets.c: which sockets are watched for what, which are idle, and what
 * to do when one of those speaks.
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

/* The state of a socket: what is watched, and this. */
#define WATCHED (COG_POLL_READ | COG_POLL_WRITE)
#define OURS    4
#define AT_REST 8
#define HEARD   16 /* was watched for reading: it is connected */
#define DEAD    32 /* was hung up on, and libcurl has not closed it yet */

void cog_sockets_init(cog_sockets *s)
{
  cog_poller_init(&s->poller);
  s->states = NULL;
  s->room = s->opened = s->refused = s->dead = 0;
}

/* NULL without memory. Descriptors are small numbers: the system gives the
 * lowest that is free. */
static unsigned char *state_of(cog_sockets *s, int fd)
{
  size_t at = (size_t)fd, room = 2 * at + 16;
  unsigned char *states;
  if (at < s->room)
    return &s->states[at];
  states = realloc(s->states, room);
  if (states == NULL)
    return NULL;
  memset(states + s->room, 0, room - s->room);
  s->states = states;
  s->room = room;
  return &states[at];
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

static int watch(cog_sockets *s, int fd, unsigned char *state, int events)
{
  if (!cog_poller_watch(&s->poller, fd, *state & WATCHED, events))
    return 0;
  *state = (unsigned char)((*state & ~WATCHED) | events);
  return 1;
}

static void forget(cog_sockets *s, int fd, unsigned char *state)
{
  watch(s, fd, state, 0);
  s->dead -= (*state & DEAD) != 0;
  *state = 0;
}

int cog_sockets_open(cog_sockets *s, int family, int type, int protocol)
{
  int fd = open_socket(family, type, protocol);
  unsigned char *state;
  if (fd < 0) {
    s->refused += errno == EMFILE || errno == ENFILE;
    return -1;
  }
  give_up_in_time(fd);
  state = state_of(s, fd);
  if (state == NULL) {
    close(fd);
    return -1;
  }
  if (*state & OURS)
    forget(s, fd, state); /* closed without a word, see is_gone */
  *state = OURS;
  s->opened++;
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
  unsigned char *state = state_of(s, fd);
  s->refused += cog_descriptors_are_short() != 0;
  if (state != NULL && *state & OURS)
    forget(s, fd, state);
  return close(fd);
}

/* libcurl 7.88 closes a socket that never got connected without a call to
 * cog_sockets_close, and says afterwards that it waits for nothing there. By
 * then the number may belong to another file: it must not count as an idle
 * connection, on which we would hang up. */
static int is_gone(int fd, unsigned char state)
{
  struct sockaddr_storage peer;
  socklen_t size = sizeof peer;
  return !(state & HEARD) &&
         getpeername(fd, (struct sockaddr *)&peer, &size) != 0;
}

int cog_sockets_want(cog_sockets *s, int fd, int events)
{
  unsigned char *state = state_of(s, fd);
  if (state == NULL)
    return 0;
  *state &= (unsigned char)~AT_REST;
  if (events & COG_POLL_READ)
    *state |= HEARD;
  if (events == 0 && *state & OURS) {
    if (is_gone(fd, *state)) {
      forget(s, fd, state);
      return 1;
    }
    *state |= AT_REST;
    events = COG_POLL_READ;
  }
  return watch(s, fd, state, events);
}

/* A libcurl that looks takes a connection for dead when its end can be read;
 * the bytes before the end would hide it from 7.88. One that does not look
 * can send nothing on it. */
static void hang_up(cog_sockets *s, int fd, unsigned char *state)
{
  char bytes[4096];
  shutdown(fd, SHUT_RDWR);
  while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
    continue;
  s->dead += (*state & DEAD) == 0;
  *state |= DEAD;
  watch(s, fd, state, 0); /* its end could be read for ever */
}

int cog_sockets_wait(cog_sockets *s, double seconds)
{
  int i, n = cog_poller_wait(&s->poller, seconds);
  for (i = 0; i < n; i++) {
    int fd = cog_poller_ready(&s->poller, i).socket;
    unsigned char *state = state_of(s, fd);
    if (state != NULL && *state & AT_REST)
      hang_up(s, fd, state);
  }
  return n;
}

cog_ready cog_sockets_ready(const cog_sockets *s, int i)
{
  cog_ready ready = cog_poller_ready(&s->poller, i);
  if (s->states[ready.socket] & AT_REST)
    ready.events = 0;
  return ready;
}

void cog_sockets_free(cog_sockets *s)
{
  cog_poller_close(&s->poller);
  free(s->states);
  cog_sockets_init(s);
}

void cog_sockets_forget(cog_sockets *s)
{
  cog_poller_forget(&s->poller);
  cog_sockets_free(s);
}
