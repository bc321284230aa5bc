/*
 * http_sockets.h: the sockets of libcurl's connections, from opening to
 * closing.
 *
 * A connection at rest is silent. One that is not was closed by the server,
 * or carries a reply that nobody asked for: some versions of libcurl (7.88
 * among them) use it all the same. The former costs a call; the latter would
 * be taken for the reply to the next request, and so on for ever. So before
 * libcurl chooses a connection, those that are not silent are hung up.
 */
#ifndef COGNITO_HTTP_SOCKETS_H
#define COGNITO_HTTP_SOCKETS_H

#include <poll.h>

typedef struct cog_sockets {
  struct pollfd *list; /* those at work as ~fd, which poll passes over */
  nfds_t n, room;
} cog_sockets;

/* A socket that programs this process starts do not inherit; -1 when there
 * is none to be had. */
int cog_sockets_open(cog_sockets *s, int family, int type, int protocol);
int cog_sockets_close(cog_sockets *s, int fd);

/* Tells whether a socket is at rest. Others than ours are passed over. */
void cog_sockets_rest(cog_sockets *s, int fd, int at_rest);

/* Hangs up on those at rest that are not silent. */
void cog_sockets_check(cog_sockets *s);

/* Forgets all of them. */
void cog_sockets_free(cog_sockets *s);

#endif
