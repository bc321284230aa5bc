/*
 * http.c: an http object: its transfers, from draft to outcome.
 */
#include "http.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <curl/curl.h>
#include <openssl/crypto.h>

#include "http_carrier.h"
#include "http_clock.h"
#include "http_trust.h"
#include "http_version.h"
#include "signals.h"

#define KEEP_IDLE 256 /* transfers kept for later use */

struct cog_http {
  cog_http_settings settings;
  pid_t pid;
  long last_id;
  double transfers;
  cog_carrier carrier; /* of those that were begun and have no outcome */
  /* Every other transfer is in one of these. */
  cog_queue idle;  /* to be used again */
  cog_queue draft; /* at most one: being filled in */
  cog_queue held;  /* until a step begins them */
  cog_queue done;  /* for cog_http_take */
  cog_queue lent;  /* its outcome is being read */
  char texts[];    /* the settings' strings */
};

static void discard(cog_transfer *t)
{
  cog_queue_leave(t);
  cog_transfer_free(t);
}

static void discard_all(cog_queue *q)
{
  while (q->first != NULL)
    discard(q->first);
}

/* ---- fork ---- */

static void forget(cog_http *h)
{
  h->pid = getpid();
  cog_carrier_forget(&h->carrier, "the process that sent it forked");
  while (h->held.first != NULL)
    cog_carrier_abort(&h->carrier, h->held.first,
                      "the process that started it forked");
}

static void enter(cog_http *h)
{
  if (h->pid != getpid())
    forget(h);
}

/* ---- life of an http object ---- */

static CURLcode global_status;

static void global_init(void)
{
  global_status = curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* Once per process, and never undone: others may be using libcurl. */
static const char *check_libcurl(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, global_init);
  if (global_status != CURLE_OK)
    return "libcurl cannot be initialized";
  return cog_curl_refused();
}

static size_t room_for(const char *s)
{
  return s != NULL ? strlen(s) + 1 : 0;
}

/* Moves a setting's string to where `to` points, and `to` behind it. */
static void adopt(const char **s, char **to)
{
  size_t n = room_for(*s);
  if (n == 0)
    return;
  memcpy(*to, *s, n);
  *s = *to;
  *to += n;
}

static cog_http *allocate(const cog_http_settings *s)
{
  cog_http *h = calloc(1, sizeof *h + room_for(s->ca_file) +
                              room_for(s->ca_path) + room_for(s->proxy));
  char *to;
  if (h == NULL)
    return NULL;
  to = h->texts;
  h->settings = *s;
  adopt(&h->settings.ca_file, &to);
  adopt(&h->settings.ca_path, &to);
  adopt(&h->settings.proxy, &to);
  return h;
}

/* A proxy's URL may hold a password. */
static void release(cog_http *h)
{
  if (h->settings.proxy != NULL)
    OPENSSL_cleanse((char *)h->settings.proxy, strlen(h->settings.proxy));
  free(h);
}

cog_http *cog_http_open(const cog_http_settings *settings, const char **why)
{
  cog_http *h;
  *why = check_libcurl();
  if (*why != NULL)
    return NULL;
  *why = "not enough memory or descriptors";
  h = allocate(settings);
  if (h == NULL)
    return NULL;
  cog_trust_choose(&h->settings);
  h->pid = getpid();
  if (cog_carrier_open(&h->carrier, &h->settings))
    return h;
  cog_http_close(h);
  return NULL;
}

const cog_http_settings *cog_http_settings_of(const cog_http *h)
{
  return &h->settings;
}

void cog_http_close(cog_http *h)
{
  enter(h);
  cog_carrier_close(&h->carrier, "the http object was closed");
  while (h->lent.first != NULL) {
    h->lent.first->home = NULL;
    cog_queue_leave(h->lent.first);
  }
  discard_all(&h->idle);
  discard_all(&h->draft);
  discard_all(&h->held);
  discard_all(&h->done);
  release(h);
}

/* ---- transfers ---- */

static cog_transfer *new_transfer(cog_http *h)
{
  cog_transfer *t = cog_transfer_new(&h->settings);
  if (t != NULL)
    t->home = &h->idle;
  return t;
}

cog_transfer *cog_http_draft(cog_http *h)
{
  cog_transfer *t;
  enter(h);
  if (h->draft.first != NULL)
    return h->draft.first;
  t = h->idle.last != NULL ? h->idle.last : new_transfer(h);
  if (t != NULL)
    cog_queue_append(&h->draft, t);
  return t;
}

void cog_http_release(cog_transfer *t)
{
  cog_queue *home = t->home;
  cog_transfer_wipe(t);
  if (home == NULL || home->n >= KEEP_IDLE)
    discard(t);
  else
    cog_queue_append(home, t);
}

/* ---- those that were started ---- */

/* One after the other, until time or new connections run out; always one. */
static void begin_some(cog_http *h, double *budget)
{
  double most = h->settings.new_connections, begun = 0;
  double until = cog_clock() + *budget;
  do {
    begun += cog_carrier_begin_alone(&h->carrier, h->held.first);
    *budget = until - cog_clock();
  } while (h->held.first != NULL && *budget > 0 &&
           (most == 0 || begun < most));
}

static void begin_all(cog_http *h)
{
  while (h->held.first != NULL)
    cog_carrier_begin(&h->carrier, h->held.first);
}

static int is_limited(const cog_http *h, double budget)
{
  return h->settings.new_connections > 0 || budget < COG_FOREVER;
}

/* Begins the transfers that were started since the last step. */
static void begin_held(cog_http *h, double *budget)
{
  if (!is_limited(h, *budget))
    begin_all(h);
  else if (h->held.first != NULL)
    begin_some(h, budget);
}

static long start(cog_http *h, cog_transfer *t, const cog_send_settings *s,
                  cog_queue *goal)
{
  t->goal = goal;
  cog_transfer_reset(t, s);
  cog_queue_append(&h->held, t);
  h->transfers++;
  h->last_id = cog_queue_next_id(h->last_id);
  return t->id = h->last_id;
}

long cog_http_start(cog_http *h, cog_transfer *t, const cog_send_settings *s)
{
  return start(h, t, s, &h->done);
}

static int cancel(cog_http *h, long id, const char *why)
{
  cog_transfer *t = cog_carrier_find(&h->carrier, id);
  if (t == NULL)
    t = cog_queue_find(&h->held, id);
  if (t == NULL)
    return 0;
  cog_carrier_abort(&h->carrier, t, why);
  return 1;
}

int cog_http_cancel(cog_http *h, long id)
{
  enter(h);
  return cancel(h, id, "it was cancelled");
}

/* ---- work ---- */

/* Whether the caller has something to do without waiting. */
static int has_news(const cog_http *h)
{
  return h->done.n + h->held.n > 0;
}

/* A first turn even if nothing is in flight: it looks after idle connections.
 */
size_t cog_http_step(cog_http *h, double seconds, double *budget)
{
  double until;
  enter(h);
  begin_held(h, budget);
  until = cog_clock() + seconds;
  do {
    if (has_news(h) || cog_carrier_load(&h->carrier) == 0)
      seconds = 0;
    *budget -= cog_carrier_turn(&h->carrier, seconds, *budget);
    seconds = until - cog_clock();
  } while (cog_carrier_load(&h->carrier) > 0 && !has_news(h) && seconds > 0 &&
           *budget > 0);
  return h->done.n;
}

/* t's own timeout comes before COG_FOREVER. */
void cog_http_send(cog_http *h, cog_transfer *t, const cog_send_settings *s)
{
  double budget = COG_FOREVER;
  start(h, t, s, &h->lent);
  begin_held(h, &budget);
  while (t->link.queue != &h->lent && cog_caught_signal() == 0) {
    cog_carrier_turn(&h->carrier,
                     h->held.n > 0 ? 0 : cog_wait_for_signal(COG_FOREVER),
                     COG_FOREVER);
    begin_held(h, &budget);
  }
  cancel(h, t->id, "a signal interrupted it"); /* unless it has ended */
}

cog_transfer *cog_http_take(cog_http *h)
{
  cog_transfer *t;
  enter(h);
  t = h->done.first;
  if (t != NULL)
    cog_queue_append(&h->lent, t);
  return t;
}

int cog_http_pollfd(cog_http *h)
{
  cog_multis *m = &h->carrier.multis;
  enter(h);
  return cog_multis_open(m) ? m->sockets.poller.fd : -1;
}

double cog_http_timeout(cog_http *h)
{
  enter(h);
  return has_news(h) ? 0 : cog_carrier_time_left(&h->carrier);
}

cog_http_stats cog_http_stats_of(cog_http *h)
{
  cog_http_stats stats;
  enter(h);
  stats.connections = h->carrier.connections;
  stats.transfers = h->transfers;
  stats.in_flight = cog_carrier_load(&h->carrier) + h->held.n;
  return stats;
}
