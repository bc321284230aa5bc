/*
 * http.h: HTTPS exchanges over libcurl, one or many at once. No Lua here.
 *
 * A cog_http owns everything: the kept-alive connections, the one pollable
 * descriptor, and every cog_transfer, whatever state it is in. So a caller
 * that leaves half-way (a Lua error is a longjmp) leaks nothing.
 *
 * A transfer's way: cog_http_draft, then cog_request_line, _header and _body
 * in this order, then cog_http_send, or cog_http_start and cog_http_take;
 * when its outcome has been read, cog_transfer_release.
 */
#ifndef COGNITO_HTTP_H
#define COGNITO_HTTP_H

#include "buffer.h"

typedef struct cog_http cog_http;
typedef struct cog_transfer cog_transfer;

/* Of one http object. Strings are copied. */
typedef struct cog_http_settings {
  double connect_timeout; /* seconds */
  double timeout;         /* seconds, the whole exchange */
  double max_response;    /* bytes, headers and body together */
  double max_connections; /* to one host; 0: as many as are wanted */
  double new_connections; /* begun in one step at most; 0: no such limit */
  int allow_http;         /* plain http to any host, not only loopback */
  const char *ca_file;    /* NULL: see http_trust.c */
  const char *ca_path;
  const char *proxy; /* NULL: the environment's; "": none */
} cog_http_settings;

/* Of one exchange. */
typedef struct cog_send_settings {
  double connect_timeout;
  double timeout;
  double max_idle; /* reuses only connections idle for less, seconds */
  int all_headers; /* this one and the next are for who reads the outcome */
  int timings;
  int direct; /* plain http to any host, and never through a proxy */
} cog_send_settings;

#define COG_MAX_IDLE 118 /* seconds; what libcurl does by itself */
#define COG_FOREVER  1e9 /* seconds: no budget */

typedef enum cog_fault {
  COG_FAULT_NONE,
  COG_FAULT_DNS,
  COG_FAULT_CONNECT,
  COG_FAULT_NO_DESCRIPTOR, /* the process may open no more of them */
  COG_FAULT_TLS,
  COG_FAULT_TIMEOUT,
  COG_FAULT_CONNECTION_LOST,
  COG_FAULT_ABORTED,
  COG_FAULT_TOO_LARGE,
  COG_FAULT_MALFORMED_RESPONSE,
  COG_FAULT_INVALID_PARAMETER, /* libcurl refuses what our checks let pass */
  COG_FAULT_PROXY              /* its URL is faulty: nothing was sent */
} cog_fault;

typedef struct cog_outcome {
  cog_fault fault;
  int sent;          /* bytes of the request have, or may have, left */
  int status;        /* 0 with a fault */
  char message[640]; /* what happened, and what to look at */
} cog_outcome;

/* Seconds since the transfer began; 0 for what was never reached. */
typedef struct cog_timings {
  double name_lookup, connect, tls, first_byte, total;
} cog_timings;

typedef struct cog_http_stats {
  double connections; /* opened since the object was made */
  double transfers;   /* started since then */
  size_t in_flight;
} cog_http_stats;

/* NULL, with a sentence in *why that stays valid, when it can not be had. */
cog_http *cog_http_open(const cog_http_settings *settings, const char **why);
const cog_http_settings *cog_http_settings_of(const cog_http *h);

/* Ends what is in flight and frees everything but the transfers that are
 * being read (after cog_http_send or _take, before _release). */
void cog_http_close(cog_http *h);

/* The transfer to fill in; NULL without memory. There is only one: a draft
 * that was never started is handed out again. */
cog_transfer *cog_http_draft(cog_http *h);

/* These return 0 without memory. The transfer keeps copies. */
int cog_request_line(cog_transfer *t, cog_str method, cog_str url);
int cog_request_header(cog_transfer *t, cog_str name, cog_str value);
int cog_request_body(cog_transfer *t, cog_str body);

/* Carries the draft out while everything else in flight goes on. */
void cog_http_send(cog_http *h, cog_transfer *t, const cog_send_settings *s);

/* Puts the draft in flight, to be begun in the next step, and returns its id.
 */
long cog_http_start(cog_http *h, cog_transfer *t, const cog_send_settings *s);

/* Ends a transfer in flight: its outcome becomes "aborted". 0 when none in
 * flight has this id. */
int cog_http_cancel(cog_http *h, long id);

/* Goes on with everything in flight, waiting at most so many seconds for an
 * outcome. Stops between two sockets when it has worked, not waited, for
 * *budget seconds, and leaves there what it did not use. Returns at once when
 * nothing is in flight. Returns how many outcomes can be taken. */
size_t cog_http_step(cog_http *h, double seconds, double *budget);

/* The next outcome to read, oldest first; NULL when there is none. */
cog_transfer *cog_http_take(cog_http *h);

/* The descriptor that is readable when cog_http_step has work; -1 when the
 * system has none. Another one after a fork. */
int cog_http_pollfd(cog_http *h);

/* Seconds after which cog_http_step has work even when the descriptor is
 * silent; negative when there is no such time. */
double cog_http_timeout(cog_http *h);

cog_http_stats cog_http_stats_of(cog_http *h);

/* What became of a transfer that was sent or taken. */
long cog_transfer_id(const cog_transfer *t);
const cog_send_settings *cog_transfer_settings(const cog_transfer *t);
const cog_outcome *cog_transfer_outcome(const cog_transfer *t);
cog_timings cog_transfer_timings(const cog_transfer *t);
cog_str cog_reply_body(const cog_transfer *t);

/* Walks over the headers of the final reply, names in lower case: *at begins
 * as 0. Returns 0 after the last. */
int cog_reply_header(const cog_transfer *t, size_t *at, cog_str *name,
                     cog_str *value);

void cog_transfer_release(cog_transfer *t);

/* "dns", "connect", ... */
const char *cog_fault_code(cog_fault fault);

#endif
