/*
 * http_sockets.h: the sockets of connections, from opening to closing, who
 * waits for each, and the poller that watches them.
 *
 * While a connection is made libcurl waits for its socket; once it stands, the
 * connection does: for its reply, and, idle, for a sign that it is of no more
 * use. Both are reading, so an exchange does not change what is watched: to
 * stop watching and begin again would cost two system calls each time.
 */
#ifndef COGNITO_HTTP_SOCKETS_H
#define COGNITO_HTTP_SOCKETS_H

#include <stddef.h>

#include "poller.h"

/* The owner of a socket: one of the two, or neither. */
typedef struct cog_waiter {
  void *multi;
  void *connection;
} cog_waiter;

typedef struct cog_socket {
  cog_waiter waiter;
  unsigned char watched; /* of COG_POLL_READ and COG_POLL_WRITE */
} cog_socket;

typedef struct cog_sockets {
  cog_poller poller;
  cog_socket *all; /* by descriptor */
  size_t room;
  size_t refused; /* descriptors, so far, to open one or beside one */
} cog_sockets;

/* None, and nothing to watch them with. */
void cog_sockets_init(cog_sockets *s);

/* A socket that programs this process starts do not inherit; -1 when there
 * is none to be had. */
int cog_sockets_open(cog_sockets *s, int family, int type, int protocol);
int cog_sockets_close(cog_sockets *s, int fd);

/* Whether this process, or the system, has no descriptor left. */
int cog_descriptors_are_short(void);

/* Tells who waits for what, of COG_POLL_READ and COG_POLL_WRITE. Returns 0
 * when the system refuses. */
int cog_sockets_want(cog_sockets *s, int fd, int events, cog_waiter waiter);

/* Waits at most so many seconds. Returns how many are ready, -1 when they
 * cannot be watched. */
int cog_sockets_wait(cog_sockets *s, double seconds);

/* The i-th that is ready, and who waits for it. */
cog_ready cog_sockets_ready(const cog_sockets *s, int i, cog_waiter *waiter);

/* Stops watching. After a fork, in the child, `forget`, which touches
 * nothing that is the parent's. */
void cog_sockets_free(cog_sockets *s);
void cog_sockets_forget(cog_sockets *s);

#endif
