/*
 * http_carrier.h: what carries transfers, from beginning to outcome: the hosts'
 * connections, the sockets and the clock.
 */
#ifndef COGNITO_HTTP_CARRIER_H
#define COGNITO_HTTP_CARRIER_H

#include "http_queue.h"

#define COG_SPACE 16384 /* bytes received at once: a record of TLS */

/* Its parts are http_carrier.c's and http_turn.c's. */
typedef struct cog_carrier {
  const cog_http_settings *settings;
  cog_multis multis;
  cog_pool pool;
  cog_queue waiting;     /* until their host has a connection for them */
  cog_queue flying;      /* on a connection, or until it is made */
  size_t keep_open;      /* connections, at most */
  size_t made;           /* connections begun */
  double connections;    /* opened */
  size_t freed;          /* connections that became idle, or were closed */
  size_t eager;          /* transfers that are */
  double earliest;       /* when a transfer's time is over, or before that */
  const char *broken;    /* why no socket can be watched */
  char space[COG_SPACE]; /* wiped after each use */
} cog_carrier;

/* 0 without memory or descriptors. */
int cog_carrier_open(cog_carrier *c, const cog_http_settings *settings);

/* Ends all it carries, for this reason, and closes all connections. */
void cog_carrier_close(cog_carrier *c, const char *why);

/* After a fork, in the child: the connections are still the parent's. libcurl
 * would say good-bye on them, epoll would remove them from the parent's set. So
 * the child leaves libcurl's handles alone, leaks them, and makes its own. */
void cog_carrier_forget(cog_carrier *c, const char *why);

/* Begins a transfer. It leaves for the queue `goal` with its outcome, perhaps
 * now. */
void cog_carrier_begin(cog_carrier *c, cog_transfer *t);

/* The same, and libcurl goes as far as it can at once. Returns whether there
 * will be a new connection. */
int cog_carrier_begin_alone(cog_carrier *c, cog_transfer *t);

/* Ends a transfer that it carries, or that is yet to be begun. */
void cog_carrier_abort(cog_carrier *c, cog_transfer *t, const char *why);

/* The transfer of this id that it carries; NULL: there is none. */
cog_transfer *cog_carrier_find(const cog_carrier *c, long id);

/* How many it carries. */
size_t cog_carrier_load(const cog_carrier *c);

/* One look at the sockets and the clock: waits at most so many seconds, and
 * works for at most `budget`, though always on one socket. Returns the seconds
 * it worked. */
double cog_carrier_turn(cog_carrier *c, double seconds, double budget);

/* Seconds until there is work even if no socket is ready; negative: no such
 * time. */
double cog_carrier_time_left(const cog_carrier *c);

/* ---- between the two files ---- */

/* Lets a transfer go on over its connection. */
void cog_carrier_advance(cog_carrier *c, cog_transfer *t);

/* Something came on an idle connection. */
void cog_carrier_heard(cog_carrier *c, cog_connection *idle);

/* Lets libcurl make connections: see cog_multi_act. */
void cog_carrier_serve(cog_carrier *c, cog_multi *m, curl_socket_t socket,
                       int events);

/* Those that wait for a connection to their host, in line, as far as some have
 * become idle or were closed. */
void cog_carrier_begin_waiting(cog_carrier *c);

/* Its time is over. */
void cog_carrier_expire(cog_carrier *c, cog_transfer *t, double now);

/* Gives up all that watches sockets; the next transfer gets it anew. */
void cog_carrier_start_over(cog_carrier *c);

#endif
