/*
 * http_easy.h: a libcurl handle for one exchange, and whether bytes of the
 * request have left through it.
 */
#ifndef COGNITO_HTTP_EASY_H
#define COGNITO_HTTP_EASY_H

#include <curl/curl.h>

#include "http_multi.h"
#include "http_reply.h"
#include "http_request.h"
#include "http_settings.h"
#include "http_target.h"

/* All zero to begin with. */
typedef struct cog_easy {
  CURL *curl; /* while in flight; NULL after a fork: it is the parent's */
  cog_target target;
  struct curl_slist *nodes; /* point into the request; room for node_room */
  size_t node_room;
  int requests;   /* how often libcurl was about to send */
  int resend;     /* it wanted to do so again after bytes had left */
  int late;       /* it was about to send after the exchange's time was over */
  double ends_at; /* on cog_clock: when that is */
  long size_before;
  char words[CURL_ERROR_SIZE]; /* libcurl's own */
} cog_easy;

/* Makes a handle that reports to `owner` (CURLINFO_PRIVATE). The handle keeps
 * pointers to all that it is given here and below. After a failure, too,
 * cog_easy_end has to follow. */
CURLcode cog_easy_open(cog_easy *e, cog_multi *m, const cog_http_settings *s,
                       void *owner);
CURLcode cog_easy_set_request(cog_easy *e, const cog_request *r,
                              const char *proxy, int direct);
CURLcode cog_easy_set_reply(cog_easy *e, cog_reply *r);

/* `seconds`: what the exchange may take; `fresh`: over a new connection. */
CURLcode cog_easy_set_times(cog_easy *e, const cog_send_settings *s,
                            double seconds, int fresh);

/* Whether bytes of the request have, or may have, left. */
int cog_easy_is_sent(const cog_easy *e);

/* How many connections the exchange opened. */
long cog_easy_connections(const cog_easy *e);

/* Seconds from the beginning to some moment; 0 when it was not reached. */
double cog_easy_seconds(const cog_easy *e, CURLINFO moment);

/* Lets go of the handle, if there is one; it is in no multi handle. */
void cog_easy_end(cog_easy *e);

/* After a fork: lets go of it without a call to libcurl. */
void cog_easy_forget(cog_easy *e);

void cog_easy_free(cog_easy *e);

#endif
