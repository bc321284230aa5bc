/*
 * http_transfer.h: one exchange: a request, a reply, and what became of them.
 * Its memory serves one exchange after another. No Lua here.
 */
#ifndef COGNITO_HTTP_TRANSFER_H
#define COGNITO_HTTP_TRANSFER_H

#include "http_easy.h"
#include "http_fault.h"
#include "http_multi.h"
#include "http_reply.h"
#include "http_request.h"
#include "http_settings.h"
#include "http_timings.h"

typedef struct cog_queue cog_queue;
typedef struct cog_transfer cog_transfer;

/* A transfer's place in a queue: see http_queue.h. */
typedef struct cog_link {
  cog_queue *queue; /* NULL: in none */
  cog_transfer *prev, *next;
} cog_link;

struct cog_transfer {
  cog_link link;
  cog_queue *home; /* where to go when released; NULL: nowhere */

  const cog_http_settings *common; /* these two are the http object's */
  cog_multi *multi;

  long id;
  int awaited; /* by cog_http_send: not for cog_http_take */
  cog_send_settings settings;
  cog_request request;
  cog_easy easy;
  cog_reply reply;
  size_t refused_before; /* sockets, by the system */

  int fresh;          /* goes over a new connection, whatever is there */
  size_t dead_before; /* connections, when it began again; 0: it did not */
  double spent;       /* seconds, before it began again */
  double given_at;    /* on cog_clock: when the caller gave it to be sent */

  cog_outcome outcome;
  cog_timings timings;
};

/* NULL without memory. */
cog_transfer *cog_transfer_new(const cog_http_settings *common, cog_multi *m);
void cog_transfer_free(cog_transfer *t);

/* Makes ready for a reply; keeps the settings. */
void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send);

/* Makes a handle for the request at hand and t->settings. After a failure,
 * too, cog_transfer_retire has to follow. */
CURLcode cog_transfer_prepare(cog_transfer *t);

/* Whether it failed over kept connections alone, before a byte left: nothing
 * is lost by beginning again. */
int cog_transfer_is_unharmed(const cog_transfer *t, CURLcode rc);

/* Makes ready to begin again; what it has taken of its time stays taken.
 * `dead`: the connections that libcurl does not yet know to be so. */
void cog_transfer_begin_again(cog_transfer *t, size_t dead);

/* Works the outcome out. */
void cog_transfer_finish(cog_transfer *t, CURLcode rc);

/* Ends it for a reason that libcurl does not know. */
void cog_transfer_abort(cog_transfer *t, const char *words);

/* Ends one that never came as far as a handle, or whose handle failed. */
void cog_transfer_refuse(cog_transfer *t, cog_fault fault, const char *words);

/* Lets go of the handle: the outcome is known. */
void cog_transfer_retire(cog_transfer *t);

/* Forgets what was sent and received. */
void cog_transfer_wipe(cog_transfer *t);

#endif
