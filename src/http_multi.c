/*
 * http_multi.c: libcurl tells which sockets and which moment it waits for;
 * the poller and the clock tell when to call it. There is no timer
 * descriptor: setting one would cost two system calls for every exchange.
 */
#include "http_multi.h"

#include <stdint.h>
#include <time.h>

#include "http_sigpipe.h"
#include "poller.h"

#define BATCH 64 /* sockets served between two looks at the poller */

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

/* libcurl keeps for us, as `known`, the events watched so far. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg,
                     void *known)
{
  cog_multi *m = arg;
  int want = what == CURL_POLL_REMOVE ? 0
             : what == CURL_POLL_IN   ? COG_POLL_READ
             : what == CURL_POLL_OUT  ? COG_POLL_WRITE
                                      : COG_POLL_READ | COG_POLL_WRITE;
  (void)easy;
  cog_sockets_rest(&m->sockets, socket, want == 0);
  if (!cog_poller_watch(m->poller, socket, (int)(intptr_t)known, want)) {
    m->broken = "the system refuses to watch a socket";
    return -1;
  }
  if (want != 0)
    curl_multi_assign(m->curl, socket, (void *)(intptr_t)want);
  return 0;
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
  m->poller = -1;
  m->deadline = -1;
  m->broken = NULL;
  m->guard_pipe = cog_sigpipe_needed();
  m->sockets = (cog_sockets){NULL, 0, 0};
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
  return rc;
}

int cog_multi_open(cog_multi *m, long keep_open, long max_connections)
{
  if (m->curl != NULL)
    return 1;
  m->poller = cog_poller_open();
  if (m->poller >= 0)
    m->curl = curl_multi_init();
  if (m->curl != NULL && set_up(m, keep_open, max_connections) == CURLM_OK)
    return 1;
  cog_multi_close(m);
  return 0;
}

void cog_multi_close(cog_multi *m)
{
  cog_sigpipe pipe;
  if (m->curl != NULL) {
    cog_sigpipe_block(&pipe, m->guard_pipe);
    curl_multi_cleanup(m->curl); /* on_socket is called for the last time */
    cog_sigpipe_restore(&pipe);
  }
  cog_poller_close(m->poller);
  cog_sockets_free(&m->sockets);
  cog_multi_init(m);
}

void cog_multi_forget(cog_multi *m)
{
  cog_poller_forget(m->poller);
  cog_sockets_free(&m->sockets);
  cog_multi_init(m);
}

CURLcode cog_multi_callbacks(cog_multi *m, CURL *easy)
{
  CURLcode rc = CURLE_OK;
  COG_SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  COG_SET(easy, CURLOPT_OPENSOCKETDATA, m);
  COG_SET(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  COG_SET(easy, CURLOPT_CLOSESOCKETDATA, m);
  return rc;
}

void cog_multi_remove(cog_multi *m, CURL *easy)
{
  cog_sigpipe pipe;
  cog_sigpipe_block(&pipe, m->guard_pipe);
  curl_multi_remove_handle(m->curl, easy);
  cog_sigpipe_restore(&pipe);
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

double cog_multi_timeout(const cog_multi *m)
{
  double left;
  if (m->deadline < 0)
    return -1;
  left = m->deadline - cog_clock();
  return left > 0 ? left : 0;
}

/* In there libcurl begins exchanges, so this is the moment to look at the
 * connections at rest; and it speaks up when the time is to be another. */
void cog_multi_serve_timer(cog_multi *m, double time)
{
  cog_sigpipe pipe;
  if (m->deadline < 0 || m->deadline > time)
    return;
  cog_sockets_check(&m->sockets);
  cog_sigpipe_block(&pipe, m->guard_pipe);
  act(m, CURL_SOCKET_TIMEOUT, 0);
  cog_sigpipe_restore(&pipe);
}

/* Stops between sockets when the time is up; the poller reports the rest
 * again. */
static void serve(cog_multi *m, const cog_ready *ready, int n, double until)
{
  int i;
  for (i = 0; i < n && m->broken == NULL; i++) {
    if (i > 0 && cog_clock() >= until)
      return;
    act(m, ready[i].socket,
        (ready[i].events & COG_POLL_READ ? CURL_CSELECT_IN : 0) |
            (ready[i].events & COG_POLL_WRITE ? CURL_CSELECT_OUT : 0));
  }
}

double cog_multi_serve_sockets(cog_multi *m, double seconds, double budget)
{
  cog_ready ready[BATCH];
  cog_sigpipe pipe;
  double left = cog_multi_timeout(m);
  double woken;
  int n = cog_poller_wait(m->poller, ready, BATCH,
                          left >= 0 && left < seconds ? left : seconds);
  if (n < 0)
    m->broken = "the system refuses to watch the sockets";
  woken = cog_clock();
  cog_sigpipe_block(&pipe, m->guard_pipe);
  serve(m, ready, n, woken + budget);
  cog_sigpipe_restore(&pipe);
  return cog_clock() - woken;
}
