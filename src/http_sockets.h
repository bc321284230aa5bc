/*
 * http_sockets.h: the sockets of libcurl's connections, from opening to
 * closing, and the poller that watches them.
 *
 * An idle connection is silent. One that speaks was closed by the server, or
 * carries an unsolicited reply, and some versions of libcurl (see
 * http_version.h) use it all the same. The former costs a call; the latter
 * would be taken for the reply to the next request, and so on for ever. So a
 * connection that speaks is hung up, above all before libcurl chooses one: if
 * it still does, it cannot send.
 *
 * Idle connections stay watched for that. To stop watching and begin again for
 * every exchange would cost two system calls, a tenth of a call.
 */
#ifndef COGNITO_HTTP_SOCKETS_H
#define COGNITO_HTTP_SOCKETS_H

#include <stddef.h>

#include "poller.h"

typedef struct cog_sockets {
  cog_poller poller;
  unsigned char *states; /* by descriptor */
  size_t room;
  size_t opened;  /* so far */
  size_t refused; /* descriptors, so far, to open one or beside one */
  size_t dead;    /* hung up on, and still open for libcurl */
} cog_sockets;

/* None, and nothing to watch them with. */
void cog_sockets_init(cog_sockets *s);

/* A socket that programs this process starts do not inherit; -1 when there
 * is none to be had. */
int cog_sockets_open(cog_sockets *s, int family, int type, int protocol);
int cog_sockets_close(cog_sockets *s, int fd);

/* Whether this process, or the system, has no descriptor left. */
int cog_descriptors_are_short(void);

/* Tells what libcurl waits for, of COG_POLL_READ and COG_POLL_WRITE; a
 * socket of ours for which it waits no more is idle. libcurl's internal
 * sockets, which may close without notice, are then no more watched. Returns 0
 * when the system refuses. */
int cog_sockets_want(cog_sockets *s, int fd, int events);

/* Waits at most so many seconds, and hangs up on idle ones that are not
 * silent. Returns how many are ready, -1 when they cannot be watched. */
int cog_sockets_wait(cog_sockets *s, double seconds);

/* The i-th that is ready; without events when libcurl does not wait for it. */
cog_ready cog_sockets_ready(const cog_sockets *s, int i);

/* Stops watching. After a fork, in the child, `forget`, which touches
 * nothing that is the parent's. */
void cog_sockets_free(cog_sockets *s);
void cog_sockets_forget(cog_sockets *s);

#endif
