/*
 * http_transfer.h: one exchange over one easy handle, and the memory for it,
 * used again and again. What http.c needs to know; everybody else uses
 * http.h.
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

  CURL *easy; /* while in flight; NULL after a fork: it is the parent's */

  CURLU *parsed_url; /* the last exchange's URL, and what it says */
  char *parsed_from;
  int plain, loopback;

  long id;
  int awaited; /* by cog_http_send: not for cog_http_take */
  cog_send_settings settings;

  cog_buffer request; /* method NUL url NUL (header NUL)* body */
  size_t url, headers, body;
  size_t header_count;
  struct curl_slist *nodes; /* points into request; room for node_room */
  size_t node_room;

  cog_buffer reply; /* (name:value LF)* body */
  size_t reply_head;
  size_t reply_lines;
  size_t received, max_response; /* bytes */
  size_t refused_before;         /* sockets, by the system */
  int head_ended, chunked, in_body;
  int status;    /* of the head that came last */
  double length; /* as the headers have it; negative: they do not */
  int too_large;
  const char *malformed; /* what we object to, if anything */

  int fresh;          /* goes over a new connection, whatever is there */
  size_t dead_before; /* connections, when it began again; 0: it did not */
  double spent;       /* seconds, before it began again */

  int requests; /* how often libcurl was about to send */
  int resend;   /* it wanted to do so again after bytes had left */
  long size_before;
  const char
      *proxy_fault;       /* what is wrong with the proxy's URL, if anything */
  const char *proxy_name; /* the variable that it comes from, if any */
  char words[CURL_ERROR_SIZE];
  cog_outcome outcome;
  cog_timings timings;
};

/* In place of a faulty proxy: libcurl refuses the scheme. */
#define COG_NO_PROXY "refused-by-cognito://proxy"

cog_multi *cog_http_multi_of(cog_http *h);

/* NULL without memory. */
cog_transfer *cog_transfer_new(cog_http *h);
void cog_transfer_free(cog_transfer *t);

/* Makes ready for a reply; keeps the settings. */
void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send);

/* Gives a new easy handle the functions to call. */
CURLcode cog_transfer_callbacks(cog_transfer *t);

/* http_easy.c: makes a handle and sets it up for the request at hand and
 * t->settings. Also after a failure cog_easy_end has to follow. */
CURLcode cog_easy_prepare(cog_transfer *t);

/* Lets go of the handle, if there is one; it is in no multi handle. */
void cog_easy_end(cog_transfer *t);

/* Lets go of the URL; no handle may hold it. */
void cog_easy_forget_url(cog_transfer *t);

/* Whether bytes of the request have, or may have, left. */
int cog_transfer_is_sent(const cog_transfer *t);

/* Whether it failed over kept connections alone, before a byte left: nothing
 * is lost by beginning again. */
int cog_transfer_is_unharmed(const cog_transfer *t, CURLcode rc);

/* Makes ready to begin again; what it has taken of its time stays taken. */
void cog_transfer_begin_again(cog_transfer *t);

/* Works the outcome out. */
void cog_transfer_finish(cog_transfer *t, CURLcode rc);

/* Ends it for a reason that libcurl does not know. */
void cog_transfer_abort(cog_transfer *t, const char *words);

/* Lets go of the handle: the outcome is known. */
void cog_transfer_retire(cog_transfer *t);

/* Forgets what was sent and received. */
void cog_transfer_wipe(cog_transfer *t);

/* After a fork: lets go of the easy handle without a call to libcurl. */
void cog_transfer_forget(cog_transfer *t);

#endif
