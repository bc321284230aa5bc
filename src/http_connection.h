/*
 * http_connection.h: a connection that libcurl makes, with all that this
 * takes (names, addresses, proxies, TLS), and that carries bytes of ours.
 */
#ifndef COGNITO_HTTP_CONNECTION_H
#define COGNITO_HTTP_CONNECTION_H

#include <curl/curl.h>

#include "http_multi.h"
#include "http_settings.h"
#include "http_target.h"

typedef struct cog_connection cog_connection;

struct cog_connection {
  void *user; /* what it was made for, and serves; NULL: it is idle */
  void *host; /* whose it is: see http_pool.h */
  cog_connection *prev, *next; /* idle ones of the same host */
  double idle_since;           /* on cog_clock */
  int used;                    /* has carried a reply */
  int attached;                /* its handle is, for good */
  int hoards;                  /* see http_version.h */

  CURL *curl;
  cog_multi *multi;     /* where the handle is */
  curl_socket_t socket; /* CURL_SOCKET_BAD: it does not stand */
  int watched;          /* of COG_POLL_READ and COG_POLL_WRITE */
  double made_at;       /* on cog_clock: when libcurl was given it to make */
  cog_target target;
  cog_buffer authorization; /* the header that its proxy wants; empty: none */
  char words[CURL_ERROR_SIZE]; /* libcurl's own */
};

/* NULL without memory. */
cog_connection *cog_connection_new(const cog_target *target);

/* Has libcurl begin; its message tells when it has ended. */
CURLcode cog_connection_make(cog_connection *c, cog_multis *m,
                             const cog_http_settings *s,
                             double connect_timeout, double timeout);

/* libcurl has made it: from now on it carries bytes. */
CURLcode cog_connection_stand(cog_connection *c);

/* Move what can be moved without waiting; CURLE_AGAIN when that is nothing.
 * Reading nothing without an error is the connection's end. */
CURLcode cog_connection_read(cog_connection *c, char *to, size_t room,
                             size_t *n);
CURLcode cog_connection_write(cog_connection *c, cog_str bytes, size_t *n);

/* Whether that end was an orderly one: of TLS, too, where there is TLS. */
int cog_connection_has_ended(const cog_connection *c);

/* Whether nothing came that was not asked for, the connection's end least of
 * all. `space` is for what did. */
int cog_connection_is_silent(cog_connection *c, char *space, size_t room);

/* Sets the events it waits for; 0 when the system refuses to watch it. */
int cog_connection_watch(cog_connection *c, int events);

/* The connection of a handle of libcurl's. */
cog_connection *cog_connection_of(CURL *easy);

/* How many connections libcurl opened to make it. */
long cog_connection_opened(const cog_connection *c);

/* Seconds from made_at to some moment; 0 when it was not reached. */
double cog_connection_seconds(const cog_connection *c, CURLINFO moment);

/* Closes it. After a fork, in the child: lets go of it without a call to
 * libcurl. */
void cog_connection_free(cog_connection *c);
void cog_connection_forget(cog_connection *c);

#endif
