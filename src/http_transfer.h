/*
 * http_transfer.h: one exchange: a request, a reply, and what became of them.
 * Its memory serves one exchange after another. No Lua here.
 */
#ifndef COGNITO_HTTP_TRANSFER_H
#define COGNITO_HTTP_TRANSFER_H

#include "h1_reader.h"
#include "http_fault.h"
#include "http_pool.h"
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
  const cog_http_settings *common; /* the http object's */

  long id;
  cog_queue *goal; /* where to go with its outcome */
  cog_send_settings settings;
  cog_request request;
  cog_reply reply;

  cog_host *host;             /* where it goes */
  cog_connection *connection; /* which is its own meanwhile; NULL: none */
  cog_buffer bytes;           /* of the request, as they are sent */
  size_t written;
  cog_h1_reader reader;
  int sent;  /* bytes have, or may have, left */
  int eager; /* there may be more to read, though the poller is silent */

  /* On cog_clock: when its caller gave it, when it was begun, and when its
   * time is over. */
  double given_at, begun_at, ends_at;
  size_t refused_before; /* sockets, by the system */

  cog_outcome outcome;
  cog_timings timings;
};

/* The result of advancing a transfer. */
typedef enum cog_progress {
  COG_WAITS,    /* for its connection */
  COG_ENDED,    /* it has its outcome */
  COG_UNHARMED, /* its connection was lost before a byte left */
} cog_progress;

/* NULL without memory. */
cog_transfer *cog_transfer_new(const cog_http_settings *common);
void cog_transfer_free(cog_transfer *t);

/* Makes ready for a reply; keeps the settings. */
void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send);

/* Its time begins. 0: it is over, too long ago was it given. */
int cog_transfer_begin(cog_transfer *t, double now);

/* Gives it a connection that stands, and is silent. 0 without memory. */
int cog_transfer_give(cog_transfer *t, cog_connection *c);

/* Sends and receives what can be; `room` bytes at `space` are for that. */
cog_progress cog_transfer_advance(cog_transfer *t, char *space, size_t room);

/* Whether its connection can serve another one. */
int cog_transfer_spared(const cog_transfer *t);

/* libcurl could not make its connection. `refused`: the system has refused
 * descriptors meanwhile. */
void cog_transfer_unconnected(cog_transfer *t, CURLcode rc, int refused);

/* Notes how long the connection took that was made for it. */
void cog_transfer_connected(cog_transfer *t);

/* Ends it in flight. */
void cog_transfer_abort(cog_transfer *t, const char *words);
void cog_transfer_time_out(cog_transfer *t, double now);

/* Ends one of which nothing was sent. */
void cog_transfer_refuse(cog_transfer *t, cog_fault fault, const char *words);

/* Its outcome is known: forgets what was sent. */
void cog_transfer_retire(cog_transfer *t, double now);

/* Forgets what was sent and received. */
void cog_transfer_wipe(cog_transfer *t);

#endif
