/*
 * http_turn.c: one look of a carrier at its sockets and the clock.
 */
#include "http_carrier.h"
#include "http_clock.h"

/* Sockets served in one turn: what comes in for them is answered while the
 * CPU's caches still have it. */
#define BATCH 64

#define NEVER 1e300

/* ---- sockets ---- */

/* Returns how many are ready. */
static int wait_for_sockets(cog_carrier *c, double seconds)
{
  int n = cog_sockets_wait(&c->multis.sockets, seconds);
  if (n < 0)
    c->broken = "the system refuses to watch the sockets";
  return n;
}

static void serve_connection(cog_carrier *c, cog_connection *one)
{
  if (one->user != NULL)
    cog_carrier_advance(c, one->user);
  else
    cog_carrier_heard(c, one);
}

static void serve_one(cog_carrier *c, int i)
{
  cog_waiter waiter;
  cog_ready ready = cog_sockets_ready(&c->multis.sockets, i, &waiter);
  if (waiter.multi != NULL)
    cog_carrier_serve(c, waiter.multi, ready.socket, ready.events);
  else if (waiter.connection != NULL)
    serve_connection(c, waiter.connection);
}

/* Stops when the time is up or there were many; the poller reports the rest
 * again. */
static void serve_ready(cog_carrier *c, int n, double until)
{
  int i;
  for (i = 0; i < n && i < BATCH && c->broken == NULL; i++) {
    if (i > 0 && cog_clock() >= until)
      return;
    serve_one(c, i);
  }
}

/* The poller may not know of what they have to read. */
static void serve_eager(cog_carrier *c)
{
  cog_transfer *t, *next;
  for (t = c->flying.first; t != NULL && c->eager > 0; t = next) {
    next = t->link.next;
    if (t->eager)
      cog_carrier_advance(c, t);
  }
}

/* ---- the clock ---- */

static void serve_due(cog_carrier *c, double now)
{
  cog_multi *m, *next;
  for (m = c->multis.first; m != NULL; m = next) {
    next = m->next;
    if (m->deadline >= 0 && m->deadline <= now)
      cog_carrier_serve(c, m, CURL_SOCKET_TIMEOUT, 0);
  }
}

static int is_being_made(const cog_transfer *t)
{
  return t->connection != NULL && t->connection->socket == CURL_SOCKET_BAD;
}

/* libcurl sees to those whose connections it makes. */
static void expire_in(cog_carrier *c, cog_queue *q, double now)
{
  cog_transfer *t, *next;
  for (t = q->first; t != NULL; t = next) {
    next = t->link.next;
    if (is_being_made(t))
      continue;
    if (t->ends_at <= now)
      cog_carrier_expire(c, t, now);
    else if (t->ends_at < c->earliest)
      c->earliest = t->ends_at;
  }
}

/* `earliest` is not moved when a transfer ends in time, as most do: all are
 * looked at once in a timeout. */
static void expire(cog_carrier *c)
{
  double now = cog_clock();
  if (cog_carrier_load(c) == 0 || now < c->earliest)
    return;
  c->earliest = NEVER;
  expire_in(c, &c->flying, now);
  expire_in(c, &c->waiting, now);
}

static double time_left_at(const cog_carrier *c, double now)
{
  double at;
  if (cog_carrier_load(c) == 0)
    return -1;
  if (c->eager > 0)
    return 0;
  at = cog_multis_deadline(&c->multis);
  if (at < 0 || c->earliest < at)
    at = c->earliest;
  return at > now ? at - now : 0;
}

double cog_carrier_time_left(const cog_carrier *c)
{
  return time_left_at(c, cog_clock());
}

/* ---- both ---- */

double cog_carrier_turn(cog_carrier *c, double seconds, double budget)
{
  double woken = cog_clock(), left = time_left_at(c, woken);
  int n;
  if (left >= 0 && left < seconds)
    seconds = left;
  n = wait_for_sockets(c, seconds);
  if (seconds > 0)
    woken = cog_clock();
  serve_due(c, woken);
  serve_eager(c);
  serve_ready(c, n, woken + budget);
  expire(c);
  cog_carrier_begin_waiting(c);
  if (c->broken != NULL)
    cog_carrier_start_over(c);
  cog_multis_sweep(&c->multis);
  return cog_clock() - woken;
}
