/*
 * http_multi.c: libcurl tells which sockets and which moment it waits for;
 * the poller and the clock tell when to call it. There is no timer
 * descriptor: setting one would cost two system calls for every exchange.
 */
#include "http_multi.h"

#include <time.h>

#include "http_version.h"

/* Sockets served in one turn: what comes in for them is answered while the
 * CPU's caches still have it. */
#define BATCH 64

/* More than any system starts: they start when they are needed. */
#define MOST_THREADS 65536L

double cog_clock(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- what libcurl tells; it may not be called back from here ---- */

static int on_timer(CURLM *curl, long ms, void *arg)
{
  cog_multi *m = arg;
  (void)curl;
  m->deadline = ms < 0 ? -1 : cog_clock() + (double)ms / 1000;
  return 0;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg,
                     void *known)
{
  cog_multi *m = arg;
  int want = what == CURL_POLL_REMOVE ? 0
             : what == CURL_POLL_IN   ? COG_POLL_READ
             : what == CURL_POLL_OUT  ? COG_POLL_WRITE
                                      : COG_POLL_READ | COG_POLL_WRITE;
  (void)easy;
  (void)known;
  if (cog_sockets_want(&m->sockets, socket, want))
    return 0;
  m->broken = "the system refuses to watch a socket";
  return -1;
}

static curl_socket_t on_open(void *arg, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
  cog_multi *m = arg;
  (void)purpose;
  return cog_sockets_open(&m->sockets, address->family, address->socktype,
                          address->protocol);
}

static int on_close(void *arg, curl_socket_t socket)
{
  cog_multi *m = arg;
  return cog_sockets_close(&m->sockets, socket);
}

/* ---- life ---- */

void cog_multi_init(cog_multi *m)
{
  m->curl = NULL;
  m->sessions = NULL;
  m->deadline = -1;
  m->broken = NULL;
  cog_sockets_init(&m->sockets);
}

/* The look-up of a name cannot be stopped. From libcurl 8.20 on its thread
 * belongs to the multi: closing it would wait for the thread, and those of 20
 * hanging look-ups would hold up all others. So it does not wait, and there may
 * be as many threads as before, when each exchange had its own. */
static void free_threads(CURLM *curl)
{
  if (!cog_curl_is(COG_CURL_THREAD_QUEUE))
    return;
  (void)curl_multi_setopt(curl, CURLMOPT_QUICK_EXIT, 1L);
  (void)curl_multi_setopt(curl, CURLMOPT_RESOLVE_THREADS_MAX, MOST_THREADS);
}

static CURLMcode set_up(cog_multi *m, long keep_open, long max_connections)
{
  CURLMcode rc = CURLM_OK;
#define SET(option, value)                                                    \
  (rc == CURLM_OK ? (void)(rc = curl_multi_setopt(m->curl, option, value))    \
                  : (void)0)
  SET(CURLMOPT_SOCKETFUNCTION, on_socket);
  SET(CURLMOPT_SOCKETDATA, m);
  SET(CURLMOPT_TIMERFUNCTION, on_timer);
  SET(CURLMOPT_TIMERDATA, m);
  SET(CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  SET(CURLMOPT_MAXCONNECTS, keep_open);
  SET(CURLMOPT_MAX_HOST_CONNECTIONS, max_connections);
#undef SET
  free_threads(m->curl);
  return rc;
}

/* libcurl keeps TLS sessions in easy handles, which serve once, and from 8.12
 * on in the multi handle; a share has them with all versions. */
static int open_sessions(cog_multi *m)
{
  m->sessions = curl_share_init();
  return m->sessions != NULL &&
         curl_share_setopt(m->sessions, CURLSHOPT_SHARE,
                           CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK;
}

int cog_multi_open(cog_multi *m, long keep_open, long max_connections)
{
  if (m->curl != NULL)
    return 1;
  if (cog_poller_open(&m->sockets.poller) && open_sessions(m))
    m->curl = curl_multi_init();
  if (m->curl != NULL && set_up(m, keep_open, max_connections) == CURLM_OK)
    return 1;
  cog_multi_close(m);
  return 0;
}

void cog_multi_close(cog_multi *m)
{
  if (m->curl != NULL)
    curl_multi_cleanup(m->curl); /* on_socket is called for the last time */
  curl_share_cleanup(m->sessions);
  cog_sockets_free(&m->sockets);
  cog_multi_init(m);
}

void cog_multi_forget(cog_multi *m)
{
  cog_sockets_forget(&m->sockets);
  cog_multi_init(m);
}

CURLcode cog_multi_adopt(cog_multi *m, CURL *easy)
{
  CURLcode rc = CURLE_OK;
  COG_SET(easy, CURLOPT_SHARE, m->sessions);
  COG_SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  COG_SET(easy, CURLOPT_OPENSOCKETDATA, m);
  COG_SET(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  COG_SET(easy, CURLOPT_CLOSESOCKETDATA, m);
  return rc;
}

void cog_multi_remove(cog_multi *m, CURL *easy)
{
  curl_multi_remove_handle(m->curl, easy);
}

/* ---- work ---- */

static void act(cog_multi *m, curl_socket_t socket, int events)
{
  int running;
  CURLMcode rc = curl_multi_socket_action(m->curl, socket, events, &running);
  /* A socket that libcurl closed a moment ago may still be in the batch. */
  if (rc != CURLM_OK && rc != CURLM_BAD_SOCKET && m->broken == NULL)
    m->broken = curl_multi_strerror(rc);
}

static double timeout_at(const cog_multi *m, double time)
{
  if (m->deadline < 0)
    return -1;
  return m->deadline > time ? m->deadline - time : 0;
}

double cog_multi_timeout(const cog_multi *m)
{
  return timeout_at(m, cog_clock());
}

/* Returns how many sockets are ready. */
static int wait_for_sockets(cog_multi *m, double seconds)
{
  int n = cog_sockets_wait(&m->sockets, seconds);
  if (n < 0)
    m->broken = "the system refuses to watch the sockets";
  return n;
}

/* Stops when the time is up or there were many; the poller reports the rest
 * again. */
static void serve(cog_multi *m, int n, double until)
{
  int i;
  for (i = 0; i < n && i < BATCH && m->broken == NULL; i++) {
    cog_ready ready = cog_sockets_ready(&m->sockets, i);
    if (i > 0 && cog_clock() >= until)
      return;
    if (ready.events != 0)
      act(m, ready.socket,
          (ready.events & COG_POLL_READ ? CURL_CSELECT_IN : 0) |
              (ready.events & COG_POLL_WRITE ? CURL_CSELECT_OUT : 0));
  }
}

/* The timer begins exchanges, so it comes after the wait, which has looked at
 * the idle connections. */
double cog_multi_serve(cog_multi *m, double seconds, double budget)
{
  double woken = cog_clock(), left = timeout_at(m, woken);
  int n;
  if (left >= 0 && left < seconds)
    seconds = left;
  n = wait_for_sockets(m, seconds);
  if (seconds > 0)
    woken = cog_clock();
  if (timeout_at(m, woken) == 0)
    act(m, CURL_SOCKET_TIMEOUT, 0);
  serve(m, n, woken + budget);
  return cog_clock() - woken;
}

void cog_multi_begin(cog_multi *m)
{
  act(m, CURL_SOCKET_TIMEOUT, 0);
}

void cog_multi_tend(cog_multi *m)
{
  if (m->curl != NULL)
    wait_for_sockets(m, 0);
}
