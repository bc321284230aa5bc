/*
 * http_carrier.c: the way of a transfer: over an idle connection, over one of
 * its own, or in line for one.
 */
#include "http_carrier.h"

#include "http_clock.h"

#define KEEP_OPEN 8 /* connections kept open, at least */

/* ---- connections ---- */

static void drop(cog_carrier *c, cog_connection *gone)
{
  cog_pool_leave(&c->pool, gone);
  cog_connection_free(gone);
  c->freed++;
}

static void drop_aged(cog_carrier *c, double now)
{
  cog_connection *old = cog_pool_oldest(&c->pool);
  while (old != NULL && now - old->idle_since >= COG_MAX_IDLE) {
    drop(c, old);
    old = cog_pool_oldest(&c->pool);
  }
}

static void drop_idle(cog_carrier *c)
{
  cog_connection *idle;
  while ((idle = cog_pool_oldest(&c->pool)) != NULL)
    drop(c, idle);
}

/* No more stay open than were ever busy at once. */
static void keep(cog_carrier *c, cog_connection *one)
{
  one->used = 1;
  cog_host_keep(one->host, cog_clock(), one);
  c->freed++;
  if (c->pool.open > c->keep_open)
    drop(c, cog_pool_oldest(&c->pool));
}

/* A connection that speaks unasked was closed, or carries a reply that none
 * asked for: it would be taken for the next one's. */
static int is_silent(cog_carrier *c, cog_connection *one)
{
  return cog_connection_is_silent(one, c->space, sizeof c->space);
}

void cog_carrier_heard(cog_carrier *c, cog_connection *idle)
{
  if (!is_silent(c, idle))
    drop(c, idle);
}

/* ---- outcomes ---- */

static void part(cog_carrier *c, cog_transfer *t)
{
  cog_connection *one = t->connection;
  if (one == NULL)
    return;
  c->eager -= t->eager != 0;
  t->eager = 0;
  t->connection = NULL;
  if (one->socket != CURL_SOCKET_BAD && cog_transfer_spared(t))
    keep(c, one);
  else
    drop(c, one);
}

/* It has its outcome. */
static void settle(cog_carrier *c, cog_transfer *t)
{
  part(c, t);
  if (t->host != NULL)
    t->host->transfers--;
  t->host = NULL;
  cog_transfer_retire(t, cog_clock());
  cog_queue_append(t->goal, t);
}

static void give_up(cog_carrier *c, cog_transfer *t, CURLcode rc)
{
  size_t refused = c->multis.sockets.refused;
  cog_transfer_unconnected(t, rc, refused > t->refused_before);
  settle(c, t);
}

void cog_carrier_abort(cog_carrier *c, cog_transfer *t, const char *why)
{
  cog_transfer_abort(t, why);
  settle(c, t);
}

static void abort_all(cog_carrier *c, const char *why)
{
  while (c->flying.first != NULL)
    cog_carrier_abort(c, c->flying.first, why);
  while (c->waiting.first != NULL)
    cog_carrier_abort(c, c->waiting.first, why);
}

void cog_carrier_expire(cog_carrier *c, cog_transfer *t, double now)
{
  cog_transfer_time_out(t, now);
  settle(c, t);
}

/* ---- over a connection that stands ---- */

static void note_end(cog_carrier *c, const cog_transfer *t)
{
  if (cog_carrier_load(c) == 1 || t->ends_at < c->earliest)
    c->earliest = t->ends_at;
}

/* Returns 0 when it needs another connection. */
static int go_on(cog_carrier *c, cog_transfer *t)
{
  cog_progress progress;
  c->eager -= t->eager != 0;
  progress = cog_transfer_advance(t, c->space, sizeof c->space);
  c->eager += t->eager != 0;
  if (progress == COG_ENDED)
    settle(c, t);
  else if (progress == COG_UNHARMED)
    part(c, t);
  return progress != COG_UNHARMED;
}

/* A process that stood still until the time was over must not send what its
 * caller has given up. */
static int give(cog_carrier *c, cog_transfer *t, cog_connection *one)
{
  double now = cog_clock();
  int given = cog_transfer_give(t, one);
  note_end(c, t);
  if (given && now <= t->ends_at)
    return go_on(c, t);
  if (given)
    /* unreachable: the process would have to stand still */
    cog_carrier_expire(c, t, now);
  else
    give_up(c, t, CURLE_OUT_OF_MEMORY);
  return 1;
}

/* Returns 0 when there is none of use. */
static int go_over_idle(cog_carrier *c, cog_transfer *t)
{
  cog_connection *one;
  while ((one = cog_host_take(t->host, cog_clock(), t->settings.max_idle)) !=
         NULL) {
    if (!is_silent(c, one))
      drop(c, one);
    else if (give(c, t, one))
      return 1;
  }
  return 0;
}

/* ---- over one of its own ---- */

static void make(cog_carrier *c, cog_transfer *t)
{
  double left = t->ends_at - cog_clock();
  CURLcode rc = cog_connection_make(t->connection, &c->multis, c->settings,
                                    t->settings.connect_timeout, left);
  if (rc != CURLE_OK)
    give_up(c, t, rc);
}

/* NULL without memory. */
static cog_connection *new_connection(cog_carrier *c, cog_transfer *t)
{
  cog_connection *one = NULL;
  if (cog_multis_open(&c->multis))
    one = cog_connection_new(&t->host->target);
  if (one == NULL)
    return NULL;
  cog_pool_count(&c->pool, t->host, one);
  t->connection = one;
  one->user = t;
  c->made++;
  return one;
}

static void go_alone(cog_carrier *c, cog_transfer *t)
{
  cog_connection *one;
  drop_aged(c, t->begun_at);
  one = new_connection(c, t);
  if (one != NULL &&
      cog_target_choose(&one->target, c->settings->proxy, &one->authorization))
    make(c, t);
  else
    give_up(c, t, CURLE_OUT_OF_MEMORY);
}

/* libcurl has done its part, well or not. */
static void on_made(cog_carrier *c, cog_connection *one, CURLcode rc)
{
  cog_transfer *t = one->user;
  if (rc != CURLE_OK && cog_target_answered(&one->target, one->words)) {
    make(c, t);
    return;
  }
  c->connections += (double)cog_connection_opened(one);
  cog_transfer_connected(t);
  if (rc == CURLE_OK)
    rc = cog_connection_stand(one);
  if (rc == CURLE_OK && !is_silent(c, one))
    rc = CURLE_RECV_ERROR;
  if (rc == CURLE_OK)
    give(c, t, one);
  else
    give_up(c, t, rc);
}

void cog_carrier_serve(cog_carrier *c, cog_multi *m, curl_socket_t socket,
                       int events)
{
  CURL *easy;
  CURLcode rc;
  cog_connection *one;
  cog_multi_act(m, socket, events);
  while ((easy = cog_multi_next(m, &rc)) != NULL) {
    one = cog_connection_of(easy);
    if (one != NULL)
      on_made(c, one, rc);
    else
      m->broken = "libcurl has lost a connection";
  }
  if (m->broken != NULL)
    c->broken = m->broken;
}

/* ---- whichever there is ---- */

static int is_full(const cog_carrier *c, const cog_host *host)
{
  double most = c->settings->max_connections;
  return most > 0 && (double)host->open >= most;
}

/* Closes an idle connection that would be in the way of a transfer that may
 * not use it. */
static void make_room(cog_carrier *c, const cog_host *host)
{
  if (is_full(c, host) && host->oldest != NULL)
    drop(c, host->oldest);
}

static void fly(cog_carrier *c, cog_transfer *t)
{
  cog_queue_append(&c->flying, t);
  if (c->flying.n > c->keep_open)
    c->keep_open = c->flying.n;
  note_end(c, t);
}

static void go(cog_carrier *c, cog_transfer *t)
{
  fly(c, t);
  if (go_over_idle(c, t))
    return;
  make_room(c, t->host); /* they were idle for too long for it */
  if (is_full(c, t->host))
    cog_queue_append(&c->waiting, t);
  else
    go_alone(c, t);
}

void cog_carrier_advance(cog_carrier *c, cog_transfer *t)
{
  if (!go_on(c, t))
    go(c, t); /* unreachable: of a request that waits, something has left */
}

void cog_carrier_begin(cog_carrier *c, cog_transfer *t)
{
  t->refused_before = c->multis.sockets.refused;
  if (!cog_transfer_begin(t, cog_clock())) {
    give_up(c, t, CURLE_OPERATION_TIMEDOUT);
    return;
  }
  t->host = cog_pool_host(&c->pool, cog_request_url(&t->request),
                          t->settings.direct);
  if (t->host == NULL) {
    give_up(c, t, CURLE_OUT_OF_MEMORY);
    return;
  }
  t->host->transfers++;
  go(c, t);
}

int cog_carrier_begin_alone(cog_carrier *c, cog_transfer *t)
{
  size_t made = c->made;
  cog_carrier_begin(c, t);
  if (c->made == made)
    return 0;
  if (t->link.queue == &c->flying) /* its connection is being made */
    cog_carrier_serve(c, t->connection->multi, CURL_SOCKET_TIMEOUT, 0);
  return 1;
}

void cog_carrier_begin_waiting(cog_carrier *c)
{
  cog_transfer *t = c->waiting.first, *next;
  for (; t != NULL && c->freed > 0; t = next) {
    next = t->link.next;
    if (is_full(c, t->host) && t->host->newest == NULL)
      continue;
    c->freed--;
    go(c, t);
  }
  c->freed = 0;
}

/* ---- what it carries ---- */

size_t cog_carrier_load(const cog_carrier *c)
{
  return c->flying.n + c->waiting.n;
}

cog_transfer *cog_carrier_find(const cog_carrier *c, long id)
{
  cog_transfer *t = cog_queue_find(&c->flying, id);
  return t != NULL ? t : cog_queue_find(&c->waiting, id);
}

/* ---- from opening to closing ---- */

int cog_carrier_open(cog_carrier *c, const cog_http_settings *settings)
{
  c->settings = settings;
  c->keep_open = KEEP_OPEN;
  cog_multis_init(&c->multis);
  return cog_multis_open(&c->multis);
}

static void let_go(cog_carrier *c, const char *why)
{
  abort_all(c, why);
  drop_idle(c);
  cog_multis_close(&c->multis);
}

void cog_carrier_close(cog_carrier *c, const char *why)
{
  let_go(c, why);
  cog_pool_free(&c->pool);
}

void cog_carrier_start_over(cog_carrier *c)
{
  let_go(c, c->broken);
  c->broken = NULL;
}

static void forget_connection(cog_carrier *c, cog_connection *one)
{
  if (one == NULL)
    return;
  cog_pool_leave(&c->pool, one);
  cog_connection_forget(one);
}

/* The parent goes on with it. */
static void forget_all(cog_carrier *c, cog_queue *q, const char *why)
{
  cog_transfer *t;
  while ((t = q->first) != NULL) {
    forget_connection(c, t->connection);
    t->connection = NULL;
    t->sent = 1;
    cog_carrier_abort(c, t, why);
  }
}

void cog_carrier_forget(cog_carrier *c, const char *why)
{
  cog_connection *idle;
  cog_multis_forget(&c->multis);
  while ((idle = cog_pool_oldest(&c->pool)) != NULL)
    forget_connection(c, idle);
  forget_all(c, &c->flying, why);
  forget_all(c, &c->waiting, why);
  c->eager = c->freed = 0;
  c->broken = NULL;
}
