/*
 * http.h: HTTPS exchanges over libcurl, one or many at once. No Lua here.
 *
 * A cog_http owns everything: the kept-alive connections, the one pollable
 * descriptor, and every cog_transfer, whatever state it is in. So a caller
 * that leaves half-way (a Lua error is a longjmp) leaks nothing.
 *
 * A transfer's way: cog_http_draft; its request is filled in; cog_http_send, or
 * cog_http_start and cog_http_take; when its outcome has been read,
 * cog_http_release.
 */
#ifndef COGNITO_HTTP_H
#define COGNITO_HTTP_H

#include "http_transfer.h"

#define COG_FOREVER 1e9 /* seconds: no budget */

typedef struct cog_http cog_http;

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

/* Takes a transfer back whose outcome has been read; also when the http object
 * is closed by now. */
void cog_http_release(cog_transfer *t);

#endif
