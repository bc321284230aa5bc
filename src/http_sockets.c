/*
 * http_sockets.c: which connections are at rest, and what to do when one of
 * them speaks.
 */
#include "http_sockets.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int make_room(cog_sockets *s)
{
  nfds_t room = s->room > 0 ? 2 * s->room : 8;
  struct pollfd *list;
  if (s->n < s->room)
    return 1;
  list = realloc(s->list, room * sizeof *list);
  if (list == NULL)
    return 0;
  s->list = list;
  s->room = room;
  return 1;
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

int cog_sockets_open(cog_sockets *s, int family, int type, int protocol)
{
  int fd;
  if (!make_room(s))
    return -1;
  fd = open_socket(family, type, protocol);
  if (fd < 0)
    return -1;
  s->list[s->n].fd = ~fd;
  s->list[s->n].events = POLLIN;
  s->n++;
  return fd;
}

/* The one used last is mostly the one used next, so from the end. */
static struct pollfd *find(cog_sockets *s, int fd)
{
  nfds_t i;
  for (i = s->n; i > 0; i--)
    if (s->list[i - 1].fd == fd || s->list[i - 1].fd == ~fd)
      return &s->list[i - 1];
  return NULL;
}

int cog_sockets_close(cog_sockets *s, int fd)
{
  struct pollfd *socket = find(s, fd);
  if (socket != NULL)
    *socket = s->list[--s->n];
  return close(fd);
}

void cog_sockets_rest(cog_sockets *s, int fd, int at_rest)
{
  struct pollfd *socket = find(s, fd);
  if (socket != NULL)
    socket->fd = at_rest ? fd : ~fd;
}

/* Every libcurl takes a connection for dead when its end can be read; the
 * bytes before the end would hide it from 7.88. */
static void hang_up(int fd)
{
  char bytes[4096];
  shutdown(fd, SHUT_RDWR);
  while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
    continue;
}

void cog_sockets_check(cog_sockets *s)
{
  nfds_t i;
  if (s->n == 0 || poll(s->list, s->n, 0) <= 0)
    return;
  for (i = 0; i < s->n; i++)
    if (s->list[i].fd >= 0 && s->list[i].revents != 0)
      hang_up(s->list[i].fd);
}

void cog_sockets_free(cog_sockets *s)
{
  free(s->list);
  s->list = NULL;
  s->n = s->room = 0;
}
