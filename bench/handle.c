/*
 * handle.c: see handle.h.
 */
#include "handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds. A busy machine must not end the bench. */
#define PATIENT 600000

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
  (void)p;
  (void)arg;
  return size * n;
}

/* The room stays for the next reply. */
static void reserve(handle *h, size_t n)
{
  size_t room = h->room > 0 ? h->room : 1024;
  while (room - h->nreply < n)
    room *= 2;
  if (room == h->room)
    return;
  h->reply = realloc(h->reply, room);
  bench_must(h->reply != NULL, "memory for a reply");
  h->room = room;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
  handle *h = arg;
  reserve(h, size * n);
  memcpy(h->reply + h->nreply, p, size * n);
  h->nreply += size * n;
  return size * n;
}

static int on_request(void *arg, char *remote_ip, char *local_ip,
                      int remote_port, int local_port)
{
  handle *h = arg;
  (void)remote_ip;
  (void)local_ip;
  (void)remote_port;
  (void)local_port;
  return h->sent++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static void set_rules(CURL *curl)
{
  static const struct {
    CURLoption option;
    long value;
  } rules[] = {
      {CURLOPT_NOSIGNAL, 1},
      {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
      {CURLOPT_HTTP09_ALLOWED, 0},
      {CURLOPT_FOLLOWLOCATION, 0},
      {CURLOPT_PATH_AS_IS, 1},
      {CURLOPT_NETRC, CURL_NETRC_IGNORED},
      {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
      {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE},
      {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
      {CURLOPT_TCP_NODELAY, 1},
      {CURLOPT_TCP_KEEPALIVE, 1},
      {CURLOPT_BUFFERSIZE, 1024},
      {CURLOPT_UPLOAD_BUFFERSIZE, 16384},
      {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
      {CURLOPT_SSL_VERIFYPEER, 1},
      {CURLOPT_SSL_VERIFYHOST, 2},
      {CURLOPT_QUICK_EXIT, 1},
      {CURLOPT_POST, 1},
      {CURLOPT_MAXAGE_CONN, 4},
      {CURLOPT_TIMEOUT_MS, PATIENT},
      {CURLOPT_CONNECTTIMEOUT_MS, PATIENT},
      {CURLOPT_MAXFILESIZE, 1048576},
  };
  size_t i;
  for (i = 0; i < sizeof rules / sizeof rules[0]; i++)
    bench_must(curl_easy_setopt(curl, rules[i].option, rules[i].value) ==
                   CURLE_OK,
               "an option");
}

static void set_headers(handle *h)
{
  static char unwanted[3][16] = {"Accept:", "Expect:", "Content-Type:"};
  int i, n = h->r.nlines + 3;
  for (i = 0; i < n; i++) {
    h->headers[i].data =
        i < h->r.nlines ? h->r.lines[i] : unwanted[i - h->r.nlines];
    h->headers[i].next = i + 1 < n ? &h->headers[i + 1] : NULL;
  }
}

void handle_init(handle *h, const bench *b)
{
  CURL *curl = h->curl = curl_easy_init();
  bench_must(curl != NULL, "curl_easy_init");
  request_init(&h->r, b);
  set_rules(curl);
  set_headers(h);
  curl_easy_setopt(curl, CURLOPT_URL, b->url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, h->headers);
  curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
  curl_easy_setopt(curl, CURLOPT_CAPATH, b->ca_path);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT,
                   (long)(strcmp(b->mode, "fresh") == 0));
  curl_easy_setopt(curl, CURLOPT_PRIVATE, h);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, h);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_request);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, h);
}

/* The headers are changed where they stand. */
void handle_prepare(handle *h)
{
  request_sign(&h->r);
  h->nreply = 0;
  h->sent = 0;
  curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(h->r.body));
  curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, h->r.body);
}

void handle_check(const handle *h, CURLcode rc)
{
  long status = 0;
  curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
  if (rc == CURLE_OK && status == 200)
    return;
  fprintf(stderr, "a call of the C program to %s failed: %s, status %ld\n",
          h->r.b->url, curl_easy_strerror(rc), status);
  exit(1);
}
