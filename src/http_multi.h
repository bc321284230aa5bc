/*
 * http_multi.h: what makes connections: curl multi handles over one poller.
 * They know easy handles, but not what they are for.
 *
 * An easy handle stays where its connection was made for as long as that
 * lives. libcurl looks a connection up among all of its multi handle each time
 * that bytes are sent or received, one after another, so each multi handle has
 * but a few.
 */
#ifndef COGNITO_HTTP_MULTI_H
#define COGNITO_HTTP_MULTI_H

#include <curl/curl.h>

#include "http_sockets.h"

/* Sets an option unless one before it failed; `rc` is the caller's. */
#define COG_SET(easy, option, value)                                          \
  (rc == CURLE_OK ? (void)(rc = curl_easy_setopt(easy, option, value))        \
                  : (void)0)

typedef struct cog_multi cog_multi;
typedef struct cog_multis cog_multis;

struct cog_multi {
  CURLM *curl;
  cog_multis *home;
  cog_multi *next;
  size_t n;           /* easy handles in it */
  double deadline;    /* when libcurl wants to be called; negative: never */
  const char *broken; /* why it is of no more use */
};

struct cog_multis {
  cog_multi *first;
  CURLSH *shared; /* TLS sessions and addresses, for the connections to come */
  cog_sockets sockets;
};

/* Before anything else. */
void cog_multis_init(cog_multis *m);

/* Opens what is not open, and one multi handle; 0 without memory or
 * descriptors. */
int cog_multis_open(cog_multis *m);

/* No easy handle may be there any more. */
void cog_multis_close(cog_multis *m);

/* After a fork, in the child: lets go of everything, touching nothing that
 * is the parent's. */
void cog_multis_forget(cog_multis *m);

/* Gives a new easy handle the functions that open and close sockets, and what
 * those before it have learned; then begins with it. NULL: it could not. */
CURLcode cog_multis_adopt(cog_multis *m, CURL *easy);
cog_multi *cog_multis_add(cog_multis *m, CURL *easy);

/* Ends what this handle is about; its connection is closed. */
void cog_multi_remove(cog_multi *m, CURL *easy);

/* When libcurl wants to be called next; negative: at no time. */
double cog_multis_deadline(const cog_multis *m);

/* Lets libcurl do what there is to be done: for a socket, or, without one
 * (CURL_SOCKET_TIMEOUT), what is due. */
void cog_multi_act(cog_multi *m, curl_socket_t socket, int events);

/* A handle that has ended to connect, and how; NULL: none. */
CURL *cog_multi_next(cog_multi *m, CURLcode *rc);

/* Closes those that are of no more use and have no handle; one stays. */
void cog_multis_sweep(cog_multis *m);

#endif
