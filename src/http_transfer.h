/*
 * http_transfer.h: one exchange over one easy handle, used again and again.
 * What http.c needs to know; everybody else uses http.h.
 */
#ifndef COGNITO_HTTP_TRANSFER_H
#define COGNITO_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "http.h"
#include "http_multi.h"

/* A transfer is in exactly one queue; in none once its http is closed. */
typedef struct cog_queue {
  cog_transfer *first, *last;
  size_t n;
} cog_queue;

struct cog_transfer {
  cog_queue *queue;
  cog_transfer *prev, *next;
  cog_http *http; /* NULL once closed */

  CURL *easy;  /* NULL after a fork: the handle is the parent's */
  int guarded; /* libcurl asks on_request before it sends */
  int plain, direct, max_idle; /* what the handle is set to */
  CURLU *parsed_url;           /* and this; the handle holds it, too */
  char *parsed_from;

  long id;
  int awaited; /* by cog_http_send: not for cog_http_take */
  cog_send_settings settings;

  cog_buffer request; /* method NUL url NUL (header NUL)* body */
  size_t url, headers, body;
  size_t header_count;
  struct curl_slist *nodes; /* points into request; room for node_room */
  size_t node_room;
  size_t body_read; /* by the read callback */

  cog_buffer reply; /* (name:value LF)* body */
  size_t reply_head;
  size_t reply_lines;
  size_t received, max_response; /* bytes */
  size_t refused_before;         /* sockets, by the system */
  int head_ended, in_body;
  double length; /* as the headers have it; negative: they do not */
  int too_large;
  const char *malformed; /* what we object to, if anything */

  int requests; /* how often libcurl was about to send */
  int resend;   /* it wanted to do so again after bytes had left */
  long size_before;
  char words[CURL_ERROR_SIZE];
  cog_outcome outcome;
};

cog_multi *cog_http_multi_of(cog_http *h);

/* NULL without memory; the easy handle comes with cog_easy_prepare. */
cog_transfer *cog_transfer_new(cog_http *h);
void cog_transfer_free(cog_transfer *t);

/* Makes ready for a reply; keeps the settings. */
void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send);

/* Gives a new easy handle the functions to call. */
CURLcode cog_transfer_callbacks(cog_transfer *t);

/* http_easy.c: sets the handle up, made if there is none, for the request
 * at hand and t->settings. */
CURLcode cog_easy_prepare(cog_transfer *t);

/* Lets go of a URL that no handle holds. */
void cog_easy_forget_url(cog_transfer *t);

/* Whether bytes of the request have, or may have, left. */
int cog_transfer_is_sent(const cog_transfer *t);

/* Works the outcome out. */
void cog_transfer_finish(cog_transfer *t, CURLcode rc);

/* Ends it for a reason that libcurl does not know. */
void cog_transfer_abort(cog_transfer *t, const char *words);

/* Forgets what was sent and received. */
void cog_transfer_wipe(cog_transfer *t);

/* After a fork: lets go of the easy handle without a call to libcurl. */
void cog_transfer_forget(cog_transfer *t);

#endif
