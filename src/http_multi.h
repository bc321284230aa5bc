/*
 * http_multi.h: a curl multi handle and the poller that drives it. It knows
 * easy handles, but not what they are for.
 */
#ifndef COGNITO_HTTP_MULTI_H
#define COGNITO_HTTP_MULTI_H

#include <curl/curl.h>

#include "http_sockets.h"

/* Sets an option unless one before it failed; `rc` is the caller's. */
#define COG_SET(easy, option, value)                                          \
  (rc == CURLE_OK ? (void)(rc = curl_easy_setopt(easy, option, value))        \
                  : (void)0)

typedef struct cog_multi {
  CURLM *curl;        /* NULL: not open */
  CURLSH *sessions;   /* of TLS, for the connections to come */
  double deadline;    /* when libcurl wants to be called; negative: never */
  const char *broken; /* why it is of no more use; close and open it */
  cog_sockets sockets;
} cog_multi;

/* Seconds of a monotonic clock. */
double cog_clock(void);

/* Before anything else. */
void cog_multi_init(cog_multi *m);

/* Opens what is not open; 0 without memory or descriptors. */
int cog_multi_open(cog_multi *m, long keep_open, long max_connections);

/* No easy handle that it adopted may be there any more. */
void cog_multi_close(cog_multi *m);

/* After a fork, in the child: lets go of everything, touching nothing that
 * is the parent's. */
void cog_multi_forget(cog_multi *m);

/* Gives a new easy handle the functions that open and close sockets, and the
 * TLS sessions of those before it. */
CURLcode cog_multi_adopt(cog_multi *m, CURL *easy);

/* Ends the exchange of this handle if it is under way. */
void cog_multi_remove(cog_multi *m, CURL *easy);

/* Seconds until libcurl wants to be called; negative: no such time. */
double cog_multi_timeout(const cog_multi *m);

/* Waits for sockets, at most so many seconds and not beyond the deadline,
 * and does what is to be done, for at most `budget` seconds, though always
 * one socket. Returns the seconds it worked, not counting the wait. */
double cog_multi_serve(cog_multi *m, double seconds, double budget);

/* Lets libcurl begin what was added, now. */
void cog_multi_begin(cog_multi *m);

/* Looks after the idle connections. */
void cog_multi_tend(cog_multi *m);

#endif
