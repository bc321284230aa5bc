/*
 * http.c: an http object: its transfers, from draft to outcome, over one
 * curl multi handle.
 */
#include "http.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <curl/curl.h>

#include "http_queue.h"
#include "http_trust.h"
#include "http_version.h"
#include "signals.h"

#define KEEP_IDLE 256 /* transfers kept for later use */
#define KEEP_OPEN 8   /* connections kept open, at least */

struct cog_http {
  cog_http_settings settings;
  pid_t pid;
  cog_multi multi;
  size_t keep_open;
  long last_id;
  double connections, transfers;
  /* Every transfer is in one of these. */
  cog_queue idle;   /* to be used again */
  cog_queue draft;  /* at most one: being filled in */
  cog_queue held;   /* until a step begins them */
  cog_queue flying; /* libcurl has it */
  cog_queue done;   /* for cog_http_take */
  cog_queue lent;   /* its outcome is being read */
  char texts[];     /* the settings' strings */
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

/* ---- outcomes ---- */

static int open_multi(cog_http *h)
{
  return cog_multi_open(&h->multi, (long)h->keep_open,
                        (long)h->settings.max_connections);
}

/* It has its outcome. */
static void settle(cog_http *h, cog_transfer *t)
{
  cog_transfer_retire(t);
  cog_queue_append(t->awaited ? &h->lent : &h->done, t);
}

static void take_down(cog_http *h, cog_transfer *t)
{
  cog_multi_remove(&h->multi, t->easy.curl);
  h->connections += (double)cog_easy_connections(&t->easy);
}

static void begin_again(cog_http *h, cog_transfer *t)
{
  cog_transfer_begin_again(t, h->multi.sockets.dead);
  cog_queue_prepend(&h->held, t);
}

static void harvest(cog_http *h)
{
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(h->multi.curl, &left)) != NULL) {
    CURLcode rc = message->data.result;
    cog_transfer *t = NULL;
    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
    take_down(h, t); /* message is gone */
    if (cog_transfer_is_unharmed(t, rc)) {
      begin_again(h, t);
      continue;
    }
    cog_transfer_finish(t, rc);
    settle(h, t);
  }
}

static void abort_transfer(cog_http *h, cog_transfer *t, const char *why)
{
  take_down(h, t);
  cog_transfer_abort(t, why);
  settle(h, t);
}

static void abort_unsent(cog_http *h, cog_transfer *t, const char *why)
{
  cog_transfer_refuse(t, COG_FAULT_ABORTED, why);
  settle(h, t);
}

/* Gives up a multi handle that can not go on; the next transfer gets another
 * one. */
static void start_over(cog_http *h)
{
  harvest(h);
  while (h->flying.first != NULL)
    abort_transfer(h, h->flying.first, h->multi.broken);
  cog_multi_close(&h->multi);
}

/* ---- fork ---- */

/* In a child the connections are still the parent's: libcurl would say
 * good-bye on them, epoll would remove them from the parent's set. So the
 * child leaves libcurl's handles alone, leaks them, and makes its own. */
static void forget(cog_http *h)
{
  h->pid = getpid();
  cog_multi_forget(&h->multi);
  while (h->flying.first != NULL) {
    cog_easy_forget(&h->flying.first->easy);
    cog_transfer_abort(h->flying.first, "the process that sent it forked");
    settle(h, h->flying.first);
  }
  while (h->held.first != NULL)
    abort_unsent(h, h->held.first, "the process that started it forked");
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
  cog_multi_init(&h->multi);
  h->pid = getpid();
  h->keep_open = KEEP_OPEN;
  if (open_multi(h))
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
  while (h->flying.first != NULL)
    abort_transfer(h, h->flying.first, "the http object was closed");
  while (h->lent.first != NULL) {
    h->lent.first->home = NULL;
    cog_queue_leave(h->lent.first);
  }
  discard_all(&h->idle);
  discard_all(&h->draft);
  discard_all(&h->held);
  discard_all(&h->done);
  cog_multi_close(&h->multi);
  free(h);
}

/* ---- transfers ---- */

static cog_transfer *new_transfer(cog_http *h)
{
  cog_transfer *t = cog_transfer_new(&h->settings, &h->multi);
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

/* libcurl closes a finished connection when more are open than it may keep,
 * the busy ones included. So it may keep as many as were ever busy. */
static void keep_more_open(cog_http *h)
{
  if (h->flying.n <= h->keep_open)
    return;
  h->keep_open = h->flying.n;
  curl_multi_setopt(h->multi.curl, CURLMOPT_MAXCONNECTS, (long)h->keep_open);
}

static CURLcode launch(cog_http *h, cog_transfer *t)
{
  CURLcode rc;
  if (h->multi.broken != NULL)
    start_over(h);
  if (!open_multi(h))
    return CURLE_OUT_OF_MEMORY;
  rc = cog_transfer_prepare(t);
  if (rc != CURLE_OK)
    return rc;
  cog_queue_append(&h->flying,
                   t); /* before the call: it may ask for the timer */
  if (curl_multi_add_handle(h->multi.curl, t->easy.curl) != CURLM_OK)
    return CURLE_OUT_OF_MEMORY;
  keep_more_open(h);
  return CURLE_OK;
}

/* One that cannot be begun has its outcome. */
static void begin(cog_http *h, cog_transfer *t)
{
  CURLcode rc = launch(h, t);
  if (rc == CURLE_OK)
    return;
  cog_transfer_refuse(t, cog_fault_of(rc, 0, 0, ""), curl_easy_strerror(rc));
  settle(h, t);
}

/* The same, and lets libcurl go as far as it can at once. Returns whether there
 * will be a new connection: only libcurl knows which idle connections can be
 * used. A transfer over such a one has sent its request by now. */
static int begin_alone(cog_http *h, cog_transfer *t)
{
  size_t opened = h->multi.sockets.opened;
  begin(h, t);
  if (t->link.queue != &h->flying)
    return 0;
  cog_multi_begin(&h->multi);
  return h->multi.sockets.opened > opened || !cog_easy_is_sent(&t->easy);
}

/* One after the other, until time or new connections run out; always one. */
static void begin_some(cog_http *h, double *budget)
{
  double most = h->settings.new_connections, begun = 0;
  double until = cog_clock() + *budget;
  cog_multi_tend(&h->multi); /* what has been closed is of no use */
  do {
    begun += begin_alone(h, h->held.first);
    *budget = until - cog_clock();
  } while (h->held.first != NULL && *budget > 0 &&
           (most == 0 || begun < most));
}

static void begin_all(cog_http *h)
{
  while (h->held.first != NULL)
    begin(h, h->held.first);
}

static int is_limited(const cog_http *h, double budget)
{
  return h->settings.new_connections > 0 || budget < COG_FOREVER;
}

/* What was started since the last step, or begins again. */
static void begin_held(cog_http *h, double *budget)
{
  if (!is_limited(h, *budget))
    begin_all(h);
  else if (h->held.first != NULL)
    begin_some(h, budget);
}

long cog_http_start(cog_http *h, cog_transfer *t, const cog_send_settings *s)
{
  t->awaited = 0;
  cog_transfer_reset(t, s);
  cog_queue_append(&h->held, t);
  h->transfers++;
  return t->id = ++h->last_id;
}

static int cancel(cog_http *h, long id, const char *why)
{
  cog_transfer *t = cog_queue_find(&h->flying, id);
  if (t != NULL) {
    abort_transfer(h, t, why);
    return 1;
  }
  t = cog_queue_find(&h->held, id);
  if (t == NULL)
    return 0;
  abort_unsent(h, t, why);
  return 1;
}

int cog_http_cancel(cog_http *h, long id)
{
  enter(h);
  return cancel(h, id, "it was cancelled");
}

/* ---- work ---- */

/* One look at the sockets and the clock. Returns the seconds it worked. */
static double turn(cog_http *h, double seconds, double budget)
{
  double work = cog_multi_serve(&h->multi, seconds, budget);
  harvest(h);
  if (h->multi.broken != NULL)
    start_over(h);
  return work;
}

size_t cog_http_step(cog_http *h, double seconds, double *budget)
{
  double until;
  int limited = is_limited(h, *budget);
  enter(h);
  begin_held(h, budget);
  if (h->flying.n == 0)
    cog_multi_tend(&h->multi);
  until = cog_clock() + seconds;
  while (h->flying.n > 0) {
    *budget -= turn(h, h->done.n + h->held.n > 0 ? 0 : seconds, *budget);
    if (!limited)
      begin_all(h); /* that has to begin again */
    seconds = until - cog_clock();
    if (h->done.n + h->held.n > 0 || seconds <= 0 || *budget <= 0)
      break;
  }
  return h->done.n;
}

void cog_http_send(cog_http *h, cog_transfer *t, const cog_send_settings *s)
{
  double budget = COG_FOREVER;
  cog_http_start(h, t, s);
  t->awaited = 1;
  begin_held(h, &budget);
  while (t->link.queue != &h->lent && cog_caught_signal() == 0) {
    turn(h, h->held.n > 0 ? 0 : cog_wait_for_signal(COG_FOREVER),
         COG_FOREVER); /* t's own timeout comes first */
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
  enter(h);
  return open_multi(h) ? h->multi.sockets.poller.fd : -1;
}

double cog_http_timeout(cog_http *h)
{
  enter(h);
  if (h->done.n + h->held.n > 0)
    return 0;
  return h->flying.n > 0 ? cog_multi_timeout(&h->multi) : -1;
}

cog_http_stats cog_http_stats_of(cog_http *h)
{
  cog_http_stats stats;
  enter(h);
  stats.connections = h->connections;
  stats.transfers = h->transfers;
  stats.in_flight = h->flying.n + h->held.n;
  return stats;
}
