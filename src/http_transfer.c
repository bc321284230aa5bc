/*
 * http_transfer.c: one exchange: the request as libcurl wants it, the reply
 * as it comes in, and what became of both.
 *
 * The buffers stay for the next exchange, so a call costs no allocation of
 * ours. libcurl copies neither header list nor body: both lie in `request`,
 * which does not move while the transfer is in flight.
 */
#include "http_transfer.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "ascii.h"
#include "http_fault.h"

#define KEEP_AT_MOST    65536 /* bytes of buffer kept for the next exchange */
#define MAX_REPLY_LINES 256   /* joining repeated headers takes time squared */

#define FOLDED_FIRST    "its first header line continues another"
#define NO_HEADER       "one of its header lines is no header"

/* ---- buffers on the heap ---- */

/* They hold passwords on the way out and tokens on the way in: what they let
 * go of is wiped. realloc would leave a copy behind. */
static void let_go(cog_buffer *b)
{
  if (b->data == NULL)
    return;
  OPENSSL_cleanse(b->data, b->len);
  free(b->data);
  b->data = NULL;
  b->cap = b->len = 0;
}

static int grow_on_heap(cog_buffer *b, size_t need)
{
  size_t cap = b->cap < 512 ? 1024 : b->cap * 2;
  size_t len = b->len;
  char *data;
  if (cap < need)
    cap = need;
  data = malloc(cap);
  if (data == NULL)
    return 0;
  if (len > 0)
    memcpy(data, b->data, len);
  let_go(b);
  b->data = data;
  b->cap = cap;
  b->len = len;
  return 1;
}

static void empty(cog_buffer *b)
{
  if (b->cap > KEEP_AT_MOST)
    let_go(b);
  else if (b->data != NULL)
    OPENSSL_cleanse(b->data, b->len);
  b->len = 0;
}

/* ---- the request ---- */

static int add_text(cog_buffer *b, cog_str s)
{
  return cog_adds(b, s) && cog_addc(b, '\0');
}

int cog_request_line(cog_transfer *t, cog_str method, cog_str url)
{
  empty(&t->request);
  t->header_count = 0;
  if (!add_text(&t->request, method))
    return 0;
  t->url = t->request.len;
  if (!add_text(&t->request, url))
    return 0;
  t->headers = t->body = t->request.len;
  return 1;
}

static cog_str trim(cog_str s)
{
  while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
    s.p++;
    s.n--;
  }
  while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
    s.n--;
  return s;
}

/* libcurl's notation: "name:" would remove a header, "name;" sends it with
 * an empty value. */
int cog_request_header(cog_transfer *t, cog_str name, cog_str value)
{
  cog_buffer *b = &t->request;
  value = trim(value);
  if (!cog_adds(b, name) ||
      !(value.n == 0 ? cog_addc(b, ';')
                     : cog_add(b, ": ", 2) && cog_adds(b, value)) ||
      !cog_addc(b, '\0'))
    return 0;
  t->header_count++;
  t->body = b->len;
  return 1;
}

int cog_request_body(cog_transfer *t, cog_str body)
{
  return cog_adds(&t->request, body);
}

/* ---- what libcurl calls; nothing here knows Lua ---- */

static long request_size(const cog_transfer *t)
{
  long size = 0;
  curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &size);
  return size;
}

/* When a kept-alive connection dies without a byte of reply, libcurl sends
 * the request again over a new one and reports success, though the service
 * may have carried it out twice. Nothing may be sent again once bytes have
 * left; whether to repeat is decided above. */
static int on_request(void *arg, char *remote_ip, char *local_ip,
                      int remote_port, int local_port)
{
  cog_transfer *t = arg;
  long size = request_size(t);
  (void)remote_ip;
  (void)local_ip;
  (void)remote_port;
  (void)local_port;
  if (t->requests > 0 && size > t->size_before) {
    t->resend = 1;
    return CURL_PREREQFUNC_ABORT;
  }
  t->requests++;
  t->size_before = size; /* a CONNECT to a proxy is counted, too */
  return CURL_PREREQFUNC_OK;
}

static int count(cog_transfer *t, size_t n)
{
  if (n > t->max_response - t->received) {
    t->too_large = 1;
    return 0;
  }
  t->received += n;
  return 1;
}

static int add_header(cog_buffer *b, cog_str line, size_t colon)
{
  cog_str value = {line.p + colon + 1, line.n - colon - 1};
  size_t i;
  for (i = 0; i < colon; i++) {
    if (!cog_addc(b, cog_lower(line.p[i])))
      return 0;
  }
  return cog_addc(b, ':') && cog_adds(b, trim(value)) && cog_addc(b, '\n');
}

/* A line that begins with a blank goes on where the last one ended (RFC
 * 9112, section 5.2). */
static int add_folded(cog_transfer *t, cog_str line)
{
  cog_buffer *b = &t->reply;
  if (b->len == 0) {
    t->malformed = FOLDED_FIRST;
    return 0;
  }
  b->data[b->len - 1] = ' ';
  return cog_adds(b, trim(line)) && cog_addc(b, '\n');
}

/* Two lengths, or one that is no number, leave open where the reply ends (RFC
 * 9112, section 6.3); libcurl believes the last one. */
static int check_length(cog_transfer *t, cog_str text)
{
  double length = 0;
  size_t i;
  for (i = 0; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
    length = length * 10 + (text.p[i] - '0');
  if (text.n == 0 || i < text.n)
    t->malformed = "its Content-Length is not a number";
  else if (t->length >= 0 && t->length != length)
    t->malformed = "it has two values for Content-Length";
  t->length = length;
  return t->malformed == NULL;
}

/* The request allows no other, once (RFC 9112, sections 6.1 and 7.4); libcurl
 * 7.88 unpacks what comes, a bomb too. */
static int check_encoding(cog_transfer *t, cog_str text)
{
  if (t->chunked || !cog_is_word(text, "chunked"))
    t->malformed = "its Transfer-Encoding is not chunked";
  t->chunked = 1;
  return t->malformed == NULL;
}

static int check_header(cog_transfer *t, cog_str line, size_t colon)
{
  cog_str name = {line.p, colon};
  cog_str value = {line.p + colon + 1, line.n - colon - 1};
  if (cog_is_word(name, "content-length"))
    return check_length(t, trim(value));
  if (cog_is_word(name, "transfer-encoding"))
    return check_encoding(t, trim(value));
  return 1;
}

static int keep_line(cog_transfer *t, cog_str line)
{
  const char *colon;
  size_t n;
  while (line.n > 0 &&
         (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
    line.n--;
  if (line.n == 0) {
    t->head_ended = 1;
    return 1;
  }
  if (t->reply_lines++ == MAX_REPLY_LINES) {
    t->too_large = 1;
    return 0;
  }
  if (*line.p == ' ' || *line.p == '\t')
    return add_folded(t, line);
  colon = memchr(line.p, ':', line.n);
  if (colon == NULL)
    return 1;
  n = (size_t)(colon - line.p);
  return check_header(t, line, n) && add_header(&t->reply, line, n);
}

/* HTTP/1.0 or HTTP/1.1, a blank, a status from 100 to 599, and its end (RFC
 * 9112, section 4). libcurl lets more pass: HTTP/2 on this connection, "-05",
 * and from version 8 on the first three of four digits. */
static int read_status(cog_str line)
{
  const char *p = line.p + sizeof "HTTP/1.1 " - 1;
  if (line.n < sizeof "HTTP/1.1 200" - 1 ||
      (memcmp(line.p, "HTTP/1.1 ", 9) != 0 &&
       memcmp(line.p, "HTTP/1.0 ", 9) != 0) ||
      p[0] < '1' || p[0] > '5' || p[1] < '0' || p[1] > '9' || p[2] < '0' ||
      p[2] > '9' || (line.n > 12 && strchr(" \r\n", p[3]) == NULL))
    return 0;
  return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

/* What came before was a 1xx reply. */
static int begin_head(cog_transfer *t, cog_str line)
{
  t->reply.len = 0;
  t->head_ended = t->chunked = 0;
  t->length = -1;
  t->status = read_status(line);
  if (t->status == 0)
    t->malformed = "its status line is not one of HTTP/1.1";
  return t->malformed == NULL;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
  cog_transfer *t = arg;
  cog_str line = {p, size * n};
  if (!count(t, line.n))
    return 0;
  if (t->in_body) /* a trailer */
    return line.n;
  if (line.n >= 5 && memcmp(p, "HTTP/", 5) == 0) {
    if (!begin_head(t, line))
      return 0;
  } else if (t->head_ended) /* a trailer of an empty body */
    return line.n;
  else if (!keep_line(t, line))
    return 0;
  t->reply_head = t->reply.len;
  return line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
  cog_transfer *t = arg;
  cog_str piece = {p, size * n};
  t->in_body = 1;
  return count(t, piece.n) && cog_adds(&t->reply, piece) ? piece.n : 0;
}

CURLcode cog_transfer_callbacks(cog_transfer *t)
{
  CURLcode rc = CURLE_OK;
  COG_SET(t->easy, CURLOPT_PRIVATE, t);
  COG_SET(t->easy, CURLOPT_ERRORBUFFER, t->words);
  COG_SET(t->easy, CURLOPT_HEADERFUNCTION, on_header);
  COG_SET(t->easy, CURLOPT_HEADERDATA, t);
  COG_SET(t->easy, CURLOPT_WRITEFUNCTION, on_body);
  COG_SET(t->easy, CURLOPT_WRITEDATA, t);
  COG_SET(t->easy, CURLOPT_PREREQFUNCTION, on_request);
  COG_SET(t->easy, CURLOPT_PREREQDATA, t);
  return rc;
}

/* ---- the outcome ---- */

void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send)
{
  t->settings = *send;
  empty(&t->reply);
  t->reply_head = t->reply_lines = t->received = 0;
  t->max_response = (size_t)cog_http_settings_of(t->http)->max_response;
  t->refused_before = cog_http_multi_of(t->http)->sockets.refused;
  t->head_ended = t->chunked = t->in_body = t->too_large = 0;
  t->requests = t->resend = t->fresh = 0;
  t->dead_before = 0;
  t->spent = 0;
  t->status = 0;
  t->length = -1;
  t->malformed = NULL;
  t->size_before = 0;
  t->words[0] = '\0';
  t->outcome.fault = COG_FAULT_NONE;
  t->outcome.status = 0;
  t->timings = (cog_timings){0, 0, 0, 0, 0};
}

int cog_transfer_is_sent(const cog_transfer *t)
{
  return t->resend || (t->requests > 0 && request_size(t) > t->size_before);
}

static double seconds_until(CURL *easy, CURLINFO what)
{
  curl_off_t us = 0;
  if (curl_easy_getinfo(easy, what, &us) != CURLE_OK)
    return 0;
  return (double)us / 1e6;
}

static int is_end_of_connection(CURLcode rc)
{
  return rc == CURLE_SEND_ERROR || rc == CURLE_RECV_ERROR ||
         rc == CURLE_GOT_NOTHING;
}

/* libcurl asks on_request before each time that it sends; it has opened no
 * connection, so each time was over a kept one. */
int cog_transfer_is_unharmed(const cog_transfer *t, CURLcode rc)
{
  long opened = 0;
  if (!is_end_of_connection(rc) || t->fresh || t->requests == 0 ||
      t->received > 0 || cog_transfer_is_sent(t))
    return 0;
  curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &opened);
  return opened == 0;
}

void cog_transfer_begin_again(cog_transfer *t)
{
  t->spent += seconds_until(t->easy, CURLINFO_TOTAL_TIME_T);
  cog_easy_end(t);
  t->requests = 0;
  t->size_before = 0;
  t->words[0] = '\0';
}

static const char *words_of(const cog_transfer *t, CURLcode rc)
{
  if (t->resend)
    return "the server closed a kept-alive connection without a reply";
  if (t->malformed != NULL)
    return t->malformed;
  return t->words[0] != '\0' ? t->words : curl_easy_strerror(rc);
}

static cog_fault fault_of(const cog_transfer *t, CURLcode rc, int sent,
                          const char *words)
{
  size_t refused = cog_http_multi_of(t->http)->sockets.refused;
  if (t->resend)
    return COG_FAULT_CONNECTION_LOST;
  if (t->malformed != NULL)
    return COG_FAULT_MALFORMED_RESPONSE;
  if (t->too_large)
    return COG_FAULT_TOO_LARGE;
  return cog_fault_of(rc, sent, refused > t->refused_before, words);
}

/* libcurl has met what stands in place of a faulty proxy. */
static int is_at_faulty_proxy(const cog_transfer *t, int sent)
{
  return t->proxy_fault != NULL && !sent &&
         strstr(t->words, COG_NO_PROXY) != NULL;
}

static void tell_faulty_proxy(cog_transfer *t)
{
  char words[CURL_ERROR_SIZE];
  snprintf(words, sizeof words, "the proxy%s%s %s",
           t->proxy_name != NULL ? " in " : "",
           t->proxy_name != NULL ? t->proxy_name : "", t->proxy_fault);
  cog_fault_tell(&t->outcome, COG_FAULT_PROXY, 0, words);
}

static void fail(cog_transfer *t, CURLcode rc)
{
  int sent = cog_transfer_is_sent(t);
  const char *words;
  if (is_at_faulty_proxy(t, sent)) {
    tell_faulty_proxy(t);
    return;
  }
  if (sent && rc == CURLE_BAD_FUNCTION_ARGUMENT)
    t->malformed = t->reply_head == 0 ? FOLDED_FIRST : NO_HEADER;
  words = words_of(t, rc);
  cog_fault_tell(&t->outcome, fault_of(t, rc, sent, words), sent, words);
}

void cog_transfer_finish(cog_transfer *t, CURLcode rc)
{
  cog_outcome *o = &t->outcome;
  if (rc != CURLE_OK)
    fail(t, rc);
  else if (!t->head_ended) /* to libcurl that is a reply without a body */
    cog_fault_tell(o, COG_FAULT_CONNECTION_LOST, 1,
                   "it was closed within the headers");
  else if (t->status < 200) /* 101: to go on in another protocol */
    cog_fault_tell(o, COG_FAULT_MALFORMED_RESPONSE, 1,
                   "it ends with an interim status");
  else {
    o->fault = COG_FAULT_NONE;
    o->sent = 1;
    o->status = t->status;
  }
}

void cog_transfer_abort(cog_transfer *t, const char *words)
{
  /* What a parent of this process has sent can no more be known. */
  int sent = t->easy == NULL || cog_transfer_is_sent(t);
  cog_fault_tell(&t->outcome, COG_FAULT_ABORTED, sent, words);
}

const cog_outcome *cog_transfer_outcome(const cog_transfer *t)
{
  return &t->outcome;
}

long cog_transfer_id(const cog_transfer *t)
{
  return t->id;
}

const cog_send_settings *cog_transfer_settings(const cog_transfer *t)
{
  return &t->settings;
}

/* Since the transfer began, which may have begun again; 0 for what was never
 * reached. */
static double moment(const cog_transfer *t, CURLINFO what)
{
  double seconds = seconds_until(t->easy, what);
  return seconds > 0 ? t->spent + seconds : 0;
}

static cog_timings read_timings(const cog_transfer *t)
{
  cog_timings timings;
  timings.name_lookup = moment(t, CURLINFO_NAMELOOKUP_TIME_T);
  timings.connect = moment(t, CURLINFO_CONNECT_TIME_T);
  timings.tls = moment(t, CURLINFO_APPCONNECT_TIME_T);
  timings.first_byte = moment(t, CURLINFO_STARTTRANSFER_TIME_T);
  timings.total = moment(t, CURLINFO_TOTAL_TIME_T);
  return timings;
}

void cog_transfer_retire(cog_transfer *t)
{
  if (t->easy != NULL && t->settings.timings)
    t->timings = read_timings(t);
  cog_easy_end(t);
}

cog_timings cog_transfer_timings(const cog_transfer *t)
{
  return t->timings;
}

cog_str cog_reply_body(const cog_transfer *t)
{
  cog_str body = {"", t->reply.len - t->reply_head};
  if (body.n > 0)
    body.p = t->reply.data + t->reply_head;
  return body;
}

int cog_reply_header(const cog_transfer *t, size_t *at, cog_str *name,
                     cog_str *value)
{
  const char *line, *colon, *end;
  if (*at >= t->reply_head)
    return 0;
  line = t->reply.data + *at;
  colon = memchr(line, ':', t->reply_head - *at);
  end = memchr(colon, '\n', t->reply_head - *at - (size_t)(colon - line));
  *name = (cog_str){line, (size_t)(colon - line)};
  *value = (cog_str){colon + 1, (size_t)(end - colon) - 1};
  *at += (size_t)(end - line) + 1;
  return 1;
}

/* ---- life ---- */

cog_transfer *cog_transfer_new(cog_http *h)
{
  cog_transfer *t = calloc(1, sizeof *t);
  if (t == NULL)
    return NULL;
  t->http = h;
  t->request.grow = t->reply.grow = grow_on_heap;
  return t;
}

void cog_transfer_wipe(cog_transfer *t)
{
  empty(&t->request);
  empty(&t->reply);
  t->reply_head = 0;
}

void cog_transfer_forget(cog_transfer *t)
{
  t->easy = NULL;
}

void cog_transfer_free(cog_transfer *t)
{
  cog_easy_forget_url(t);
  let_go(&t->request);
  let_go(&t->reply);
  free(t->nodes);
  free(t);
}
