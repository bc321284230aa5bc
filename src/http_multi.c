/*
 * http_multi.c: libcurl tells which sockets and which moment it waits for;
 * the poller and the clock tell when to call it. There is no timer
 * descriptor: setting one would cost system calls.
 */
#include "http_multi.h"

#include <stdlib.h>

#include "http_clock.h"
#include "http_version.h"

/* Handles in one multi handle: see http_multi.h. Each costs a descriptor or
 * two. */
#define MOST_HANDLES 32

/* More than any system starts: they start when they are needed. */
#define MOST_THREADS 65536L

/* ---- what libcurl tells; it may not be called back from here ---- */

static int on_timer(CURLM *curl, long ms, void *arg)
{
  cog_multi *m = arg;
  (void)curl;
  m->deadline = ms < 0 ? -1 : cog_clock() + (double)ms / 1000;
  return 0;
}

/* libcurl's own sockets, too. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg,
                     void *known)
{
  cog_multi *m = arg;
  int want = what == CURL_POLL_REMOVE ? 0
             : what == CURL_POLL_IN   ? COG_POLL_READ
             : what == CURL_POLL_OUT  ? COG_POLL_WRITE
                                      : COG_POLL_READ | COG_POLL_WRITE;
  cog_waiter waiter = {want != 0 ? m : NULL, NULL};
  (void)easy;
  (void)known;
  if (cog_sockets_want(&m->home->sockets, socket, want, waiter))
    return 0;
  m->broken = "the system refuses to watch a socket";
  return -1;
}

static curl_socket_t on_open(void *arg, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
  cog_multis *m = arg;
  (void)purpose;
  return cog_sockets_open(&m->sockets, address->family, address->socktype,
                          address->protocol);
}

static int on_close(void *arg, curl_socket_t socket)
{
  cog_multis *m = arg;
  return cog_sockets_close(&m->sockets, socket);
}

/* ---- one multi handle ---- */

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

/* All connections count as kept by libcurl, so it may keep as many as are
 * wanted. */
static CURLMcode set_up(cog_multi *m)
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
  SET(CURLMOPT_MAXCONNECTS, 4L * MOST_HANDLES);
#undef SET
  free_threads(m->curl);
  return rc;
}

static void close_multi(cog_multi *m)
{
  if (m->curl != NULL)
    curl_multi_cleanup(m->curl); /* on_socket is called for the last time */
  free(m);
}

static cog_multi *open_multi(cog_multis *home)
{
  cog_multi *m = calloc(1, sizeof *m);
  if (m == NULL)
    return NULL;
  m->home = home;
  m->deadline = -1;
  m->curl = curl_multi_init();
  if (m->curl != NULL && set_up(m) == CURLM_OK) {
    m->next = home->first;
    return home->first = m;
  }
  close_multi(m);
  return NULL;
}

void cog_multi_remove(cog_multi *m, CURL *easy)
{
  curl_multi_remove_handle(m->curl, easy);
  m->n--;
}

void cog_multi_act(cog_multi *m, curl_socket_t socket, int events)
{
  int what = (events & COG_POLL_READ ? CURL_CSELECT_IN : 0) |
             (events & COG_POLL_WRITE ? CURL_CSELECT_OUT : 0);
  int running;
  CURLMcode rc = curl_multi_socket_action(m->curl, socket, what, &running);
  /* A socket that libcurl closed a moment ago may still be in the batch. */
  if (rc != CURLM_OK && rc != CURLM_BAD_SOCKET && m->broken == NULL)
    m->broken = curl_multi_strerror(rc);
}

CURL *cog_multi_next(cog_multi *m, CURLcode *rc)
{
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(m->curl, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE)
      continue; /* unreachable: libcurl has no other messages */
    *rc = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

/* ---- all of them ---- */

void cog_multis_init(cog_multis *m)
{
  m->first = NULL;
  m->shared = NULL;
  cog_sockets_init(&m->sockets);
}

static int open_share(cog_multis *m)
{
  m->shared = curl_share_init();
  return m->shared != NULL &&
         curl_share_setopt(m->shared, CURLSHOPT_SHARE,
                           CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK &&
         curl_share_setopt(m->shared, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS) ==
             CURLSHE_OK;
}

int cog_multis_open(cog_multis *m)
{
  if (m->first != NULL)
    return 1;
  if (m->shared != NULL ||
      (cog_poller_open(&m->sockets.poller) && open_share(m)))
    open_multi(m);
  if (m->first != NULL)
    return 1;
  cog_multis_close(m);
  return 0;
}

void cog_multis_close(cog_multis *m)
{
  while (m->first != NULL) {
    cog_multi *gone = m->first;
    m->first = gone->next;
    close_multi(gone);
  }
  curl_share_cleanup(m->shared);
  cog_sockets_free(&m->sockets);
  cog_multis_init(m);
}

/* The multi handles themselves are leaked: they are the parent's. */
void cog_multis_forget(cog_multis *m)
{
  while (m->first != NULL) {
    cog_multi *gone = m->first;
    m->first = gone->next;
    free(gone);
  }
  cog_sockets_forget(&m->sockets);
  cog_multis_init(m);
}

CURLcode cog_multis_adopt(cog_multis *m, CURL *easy)
{
  CURLcode rc = CURLE_OK;
  COG_SET(easy, CURLOPT_SHARE, m->shared);
  COG_SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  COG_SET(easy, CURLOPT_OPENSOCKETDATA, m);
  COG_SET(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  COG_SET(easy, CURLOPT_CLOSESOCKETDATA, m);
  return rc;
}

static cog_multi *with_room(cog_multis *m)
{
  cog_multi *one = m->first;
  while (one != NULL && (one->n >= MOST_HANDLES || one->broken != NULL))
    one = one->next;
  return one != NULL ? one : open_multi(m);
}

cog_multi *cog_multis_add(cog_multis *m, CURL *easy)
{
  cog_multi *one = with_room(m);
  if (one == NULL || curl_multi_add_handle(one->curl, easy) != CURLM_OK)
    return NULL;
  one->n++;
  return one;
}

double cog_multis_deadline(const cog_multis *m)
{
  double first = -1;
  const cog_multi *one;
  for (one = m->first; one != NULL; one = one->next)
    if (one->deadline >= 0 && (first < 0 || one->deadline < first))
      first = one->deadline;
  return first;
}

void cog_multis_sweep(cog_multis *m)
{
  cog_multi **at = &m->first;
  while (*at != NULL) {
    cog_multi *one = *at;
    if (one->n > 0 ||
        (one == m->first && one->next == NULL && one->broken == NULL)) {
      at = &one->next;
      continue;
    }
    *at = one->next;
    close_multi(one);
  }
}
