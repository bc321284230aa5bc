/*
 * multi.c: as many exchanges in flight as MODE says, over one multi handle
 * and epoll.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

#include "handle.h"

#define BATCH 64

typedef struct many {
  CURLM *curl;
  int epoll, flying;
  double deadline; /* negative: none */
  long to_start;
  handle *handles;
  int n;
} many;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_timer(CURLM *curl, long ms, void *arg)
{
  many *m = arg;
  (void)curl;
  m->deadline = ms < 0 ? -1 : now() + (double)ms / 1000;
  return 0;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg,
                     void *known)
{
  many *m = arg;
  struct epoll_event event = {0};
  (void)easy;
  event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) |
                 (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
  event.data.fd = socket;
  if (what == CURL_POLL_REMOVE)
    epoll_ctl(m->epoll, EPOLL_CTL_DEL, socket, &event);
  else if ((intptr_t)known != what) {
    epoll_ctl(m->epoll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket,
              &event);
    curl_multi_assign(m->curl, socket, (void *)(intptr_t)what);
  }
  return 0;
}

static void start(many *m, handle *h)
{
  handle_prepare(h);
  bench_must(curl_multi_add_handle(m->curl, h->curl) == CURLM_OK, "start");
  m->flying++;
  m->to_start--;
}

static void harvest(many *m)
{
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(m->curl, &left)) != NULL) {
    CURL *easy = message->easy_handle;
    CURLcode rc = message->data.result;
    handle *h = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&h);
    curl_multi_remove_handle(m->curl, easy);
    m->flying--;
    handle_check(h, rc);
    if (m->to_start > 0)
      start(m, h);
  }
}

/* Rounded up: waking before the time would only mean waiting once more. */
static int milliseconds(double seconds)
{
  return seconds > 0 ? (int)(seconds * 1000) + 1 : 0;
}

static void turn(many *m)
{
  struct epoll_event events[BATCH];
  int i, n, running;
  if (m->deadline >= 0 && m->deadline <= now())
    curl_multi_socket_action(m->curl, CURL_SOCKET_TIMEOUT, 0, &running);
  n = epoll_wait(m->epoll, events, BATCH,
                 m->deadline < 0 ? -1 : milliseconds(m->deadline - now()));
  for (i = 0; i < n; i++)
    curl_multi_socket_action(
        m->curl, events[i].data.fd,
        (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
            (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0),
        &running);
  harvest(m);
}

static void call_all(void *arg, long calls)
{
  many *m = arg;
  int i;
  m->to_start = calls;
  for (i = 0; i < m->n && m->to_start > 0; i++)
    start(m, &m->handles[i]);
  while (m->flying > 0)
    turn(m);
}

static void open_many(many *m, const bench *b)
{
  int i;
  m->n = atoi(b->mode);
  m->handles = calloc((size_t)m->n, sizeof *m->handles);
  m->epoll = epoll_create1(EPOLL_CLOEXEC);
  m->curl = curl_multi_init();
  m->deadline = -1;
  curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(m->curl, CURLMOPT_SOCKETDATA, m);
  curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(m->curl, CURLMOPT_TIMERDATA, m);
  curl_multi_setopt(m->curl, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  curl_multi_setopt(m->curl, CURLMOPT_MAXCONNECTS, (long)m->n);
  for (i = 0; i < m->n; i++)
    handle_init(&m->handles[i], b);
}

int main(int argc, char **argv)
{
  many m = {0};
  bench b = bench_arguments(argc, argv);
  bench_must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl");
  open_many(&m, &b);
  bench_run_all(b.calls, call_all, &m);
  return 0;
}
