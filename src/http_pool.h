/*
 * http_pool.h: the hosts that connections lead to, and each one's idle
 * connections.
 */
#ifndef COGNITO_HTTP_POOL_H
#define COGNITO_HTTP_POOL_H

#include "http_connection.h"
#include "url.h"

typedef struct cog_host cog_host;

struct cog_host {
  cog_host *next;
  size_t given; /* bytes of `url` that are as the request's */
  cog_target target;
  cog_connection *newest, *oldest; /* of the idle ones, by idle_since */
  size_t open;                     /* idle or not */
  size_t transfers;                /* that go there, or wait for that */
  cog_url parts;                   /* of this: */
  char url[];                      /* scheme, host and port as given, and / */
};

/* All zero to begin with. */
typedef struct cog_pool {
  cog_host *hosts;
  size_t open; /* connections of all */
} cog_pool;

/* The host of a URL; NULL without memory. It lives as long as a connection of
 * it is open or a transfer counted there, and until the next one is made. */
cog_host *cog_pool_host(cog_pool *p, const char *url, int direct);

/* The URL, of this host, taken apart. */
cog_url cog_host_url(const cog_host *host, const char *url);

/* Counts a new connection of this host. */
void cog_pool_count(cog_pool *p, cog_host *host, cog_connection *c);

/* The one that became idle last, if that is less than so many seconds ago; it
 * is idle no more. NULL: there is none. */
cog_connection *cog_host_take(cog_host *host, double now, double max_idle);

void cog_host_keep(cog_host *host, double now, cog_connection *c);

/* The one that is idle for the longest time; NULL: none is idle. */
cog_connection *cog_pool_oldest(const cog_pool *p);

/* Forgets a connection that is about to be closed. */
void cog_pool_leave(cog_pool *p, cog_connection *c);

/* Forgets the hosts; no connection may be open. */
void cog_pool_free(cog_pool *p);

#endif
