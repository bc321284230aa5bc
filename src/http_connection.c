/*
 * http_connection.c: see http_connection.h.
 *
 * libcurl calls it CURLOPT_CONNECT_ONLY. The handle stays in its multi handle,
 * or libcurl would close the connection. libcurl looks after connections that
 * no handle is attached to: it closes the oldest, and from version 8 on those
 * on which bytes are waiting. Sending and receiving attaches the handle for
 * good.
 */
#include "http_connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

#include "heap_buffer.h"
#include "http_clock.h"
#include "http_tls.h"
#include "http_version.h"

/* ---- what holds for every connection ---- */

static const struct {
  CURLoption option;
  long value;
} rules[] = {
    {CURLOPT_CONNECT_ONLY, 1},
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_QUICK_EXIT, 1}, /* no waiting for a dead name server */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_TCP_NODELAY, 1},
    {CURLOPT_TCP_KEEPALIVE, 1},
    {CURLOPT_BUFFERSIZE, 16384}, /* the most that is received at once */
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, /* or newer */
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_PROXY_SSL_VERIFYPEER, 1},
    {CURLOPT_PROXY_SSL_VERIFYHOST, 2},
};

static CURLcode set_rules(CURL *easy)
{
  CURLcode rc = CURLE_OK;
  size_t i;
  for (i = 0; i < sizeof rules / sizeof rules[0]; i++)
    COG_SET(easy, rules[i].option, rules[i].value);
  return rc;
}

/* OpenSSL would wait for a writer of a FIFO, and read a device for ever. libcurl
 * refuses a path with no file. */
static int is_other_than_file(const char *path)
{
  struct stat facts;
  return path != NULL && stat(path, &facts) == 0 && !S_ISREG(facts.st_mode);
}

/* Naming one source of trust switches the other one off. Some TLS libraries
 * know no directories, and so have none to switch off. */
static CURLcode set_trust(CURL *easy, const cog_http_settings *s)
{
  static const CURLoption files[] = {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO};
  static const CURLoption paths[] = {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH};
  CURLcode rc = CURLE_OK;
  int i;
  if (s->ca_file == NULL && s->ca_path == NULL)
    return rc;
  if (is_other_than_file(s->ca_file))
    return CURLE_SSL_CACERT_BADFILE;
  for (i = 0; i < 2; i++) {
    COG_SET(easy, files[i], s->ca_file);
    COG_SET(easy, paths[i], s->ca_path);
    if (s->ca_path == NULL && rc == CURLE_NOT_BUILT_IN)
      rc = CURLE_OK; /* unreachable: OpenSSL knows directories */
  }
  return rc;
}

/* Rounded up: to libcurl 0 means forever. */
static long milliseconds(double seconds)
{
  long ms = (long)(seconds * 1000);
  return seconds > 0 ? ms + ((double)ms < seconds * 1000) : 1;
}

/* ---- making it ---- */

cog_connection *cog_connection_new(const cog_target *target)
{
  cog_connection *c = calloc(1, sizeof *c);
  if (c == NULL)
    return NULL;
  c->target = *target;
  c->socket = CURL_SOCKET_BAD;
  cog_heap_init(&c->authorization);
  return c;
}

static CURLcode set_up(cog_connection *c, cog_multis *m,
                       const cog_http_settings *s)
{
  CURLcode rc = set_rules(c->curl);
  COG_SET(c->curl, CURLOPT_PRIVATE, c);
  COG_SET(c->curl, CURLOPT_ERRORBUFFER, c->words);
  if (rc == CURLE_OK)
    rc = cog_multis_adopt(m, c->curl);
  if (rc == CURLE_OK)
    rc = set_trust(c->curl, s);
  if (rc == CURLE_OK)
    rc = cog_tls_keep_nothing(c->curl);
  if (rc == CURLE_OK)
    rc = cog_target_set(&c->target, c->curl, s->proxy);
  return rc;
}

static void end(cog_connection *c)
{
  if (c->multi != NULL)
    cog_multi_remove(c->multi, c->curl);
  if (c->curl != NULL)
    curl_easy_cleanup(c->curl);
  c->curl = NULL;
  c->multi = NULL;
  c->socket = CURL_SOCKET_BAD;
}

CURLcode cog_connection_make(cog_connection *c, cog_multis *m,
                             const cog_http_settings *s,
                             double connect_timeout, double timeout)
{
  CURLcode rc;
  end(c); /* what it made before, to ask for a proxy */
  c->made_at = cog_clock();
  c->words[0] = '\0';
  c->curl = curl_easy_init();
  if (c->curl == NULL)
    return CURLE_OUT_OF_MEMORY;
  rc = set_up(c, m, s);
  COG_SET(c->curl, CURLOPT_TIMEOUT_MS, milliseconds(timeout));
  COG_SET(c->curl, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connect_timeout));
  if (rc != CURLE_OK)
    return rc;
  c->multi = cog_multis_add(m, c->curl);
  return c->multi != NULL ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

CURLcode cog_connection_stand(cog_connection *c)
{
  CURLcode rc = curl_easy_getinfo(c->curl, CURLINFO_ACTIVESOCKET, &c->socket);
  c->hoards = cog_curl_hoards();
  cog_target_answered(&c->target, NULL);
  if (rc == CURLE_OK && c->socket == CURL_SOCKET_BAD)
    return CURLE_RECV_ERROR; /* unreachable: libcurl has just made it */
  if (rc == CURLE_OK && !cog_connection_watch(c, COG_POLL_READ))
    return CURLE_OUT_OF_MEMORY;
  return rc;
}

/* ---- what it is for ---- */

CURLcode cog_connection_read(cog_connection *c, char *to, size_t room,
                             size_t *n)
{
  *n = 0;
  return curl_easy_recv(c->curl, to, room, n);
}

int cog_connection_has_ended(const cog_connection *c)
{
  return c->target.plain || cog_tls_has_ended(c->curl);
}

CURLcode cog_connection_write(cog_connection *c, cog_str bytes, size_t *n)
{
  *n = 0;
  return curl_easy_send(c->curl, bytes.p, bytes.n, n);
}

/* Whether the system has nothing that libcurl could receive. Some versions keep
 * what they received for later. */
static int is_dry(const cog_connection *c)
{
  char byte;
  return c->attached && !c->hoards &&
         recv(c->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* TLS may have had something to say to itself. */
int cog_connection_is_silent(cog_connection *c, char *space, size_t room)
{
  CURLcode rc;
  size_t n;
  if (is_dry(c))
    return 1;
  rc = cog_connection_read(c, space, room, &n);
  c->attached = 1;
  OPENSSL_cleanse(space, n);
  return rc == CURLE_AGAIN;
}

int cog_connection_watch(cog_connection *c, int events)
{
  cog_waiter waiter = {NULL, c};
  if (events == c->watched)
    return 1;
  if (!cog_sockets_want(&c->multi->home->sockets, c->socket, events, waiter))
    return 0;
  c->watched = events;
  return 1;
}

/* ---- what libcurl knows of it ---- */

cog_connection *cog_connection_of(CURL *easy)
{
  cog_connection *c = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&c);
  return c;
}

long cog_connection_opened(const cog_connection *c)
{
  long n = 0;
  curl_easy_getinfo(c->curl, CURLINFO_NUM_CONNECTS, &n);
  return n;
}

double cog_connection_seconds(const cog_connection *c, CURLINFO moment)
{
  curl_off_t us = 0;
  if (curl_easy_getinfo(c->curl, moment, &us) != CURLE_OK)
    return 0;
  return (double)us / 1e6;
}

/* ---- its end ---- */

void cog_connection_free(cog_connection *c)
{
  end(c);
  cog_connection_forget(c);
}

/* libcurl's words may hold a proxy's password. */
void cog_connection_forget(cog_connection *c)
{
  cog_heap_free(&c->authorization);
  OPENSSL_cleanse(c->words, sizeof c->words);
  free(c);
}
