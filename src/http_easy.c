/*
 * http_easy.c: a libcurl handle for each exchange, and its options.
 *
 * No handle serves twice. libcurl 7.83 to 8.0 keeps, through
 * curl_easy_reset, a pointer to the last header of the exchange before; a
 * reply whose first header line is a folded one makes it free that twice.
 * Connections and looked-up names belong to the multi handle, TLS sessions to
 * its share, so a fresh handle costs its options and nothing else.
 */
#include "http_easy.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

#include "http_tls.h"

/* ---- what holds for every exchange ---- */

static const struct {
  CURLoption option;
  long value;
} rules[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_QUICK_EXIT, 1}, /* no waiting for a dead name server */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_PATH_AS_IS, 1}, /* the path that was signed */
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
    {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE}, /* none of ours to a proxy */
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
    {CURLOPT_TCP_NODELAY, 1},
    {CURLOPT_TCP_KEEPALIVE, 1},
    {CURLOPT_BUFFERSIZE, 1024}, /* as for UPLOAD_BUFFERSIZE the least: */
    {CURLOPT_UPLOAD_BUFFERSIZE, 16384}, /* allocated for every exchange */
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
      rc = CURLE_OK;
  }
  return rc;
}

/* ---- what libcurl calls; nothing here knows Lua ---- */

static long request_size(const cog_easy *e)
{
  long size = 0;
  curl_easy_getinfo(e->curl, CURLINFO_REQUEST_SIZE, &size);
  return size;
}

/* libcurl's clock starts when it first looks at the exchange. A process that
 * stood still between that and the call's start, or between the end of its
 * time and the next look, must not send what its caller has given up.
 *
 * When a kept-alive connection dies without a byte of reply, libcurl sends
 * the request again over a new one and reports success, though the service
 * may have carried it out twice. Nothing may be sent again once bytes have
 * left; the caller decides whether to repeat the call. */
static int on_request(void *arg, char *remote_ip, char *local_ip,
                      int remote_port, int local_port)
{
  cog_easy *e = arg;
  long size = request_size(e);
  (void)remote_ip;
  (void)local_ip;
  (void)remote_port;
  (void)local_port;
  if (e->requests > 0 && size > e->size_before) {
    e->resend = 1;
    return CURL_PREREQFUNC_ABORT;
  }
  if (cog_clock() > e->ends_at) {
    e->late = 1;
    return CURL_PREREQFUNC_ABORT;
  }
  e->requests++;
  e->size_before = size; /* a CONNECT to a proxy is counted, too */
  return CURL_PREREQFUNC_OK;
}

static size_t on_header(char *p, size_t size, size_t n, void *reply)
{
  cog_str line = {p, size * n};
  return cog_reply_line(reply, line) ? line.n : 0;
}

/* The piece lies in a buffer that libcurl 8.7 keeps for all exchanges of a
 * multi handle, and looks at it no more. */
static size_t on_body(char *p, size_t size, size_t n, void *reply)
{
  cog_str piece = {p, size * n};
  int taken = cog_reply_piece(reply, piece);
  OPENSSL_cleanse(p, piece.n);
  return taken ? piece.n : 0;
}

static CURLcode set_callbacks(cog_easy *e)
{
  CURLcode rc = CURLE_OK;
  COG_SET(e->curl, CURLOPT_ERRORBUFFER, e->words);
  COG_SET(e->curl, CURLOPT_PREREQFUNCTION, on_request);
  COG_SET(e->curl, CURLOPT_PREREQDATA, e);
  COG_SET(e->curl, CURLOPT_HEADERFUNCTION, on_header);
  COG_SET(e->curl, CURLOPT_WRITEFUNCTION, on_body);
  return rc;
}

CURLcode cog_easy_set_reply(cog_easy *e, cog_reply *r)
{
  CURLcode rc = CURLE_OK;
  COG_SET(e->curl, CURLOPT_HEADERDATA, r);
  COG_SET(e->curl, CURLOPT_WRITEDATA, r);
  COG_SET(e->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)r->most);
  return rc;
}

/* ---- the request ---- */

/* The headers that libcurl would add. Shared by all lists, never changed. */
static char no_accept[] = "Accept:";
static char no_expect[] = "Expect:";
static char no_form_type[] = "Content-Type:";
static struct curl_slist unwanted[] = {{no_accept, &unwanted[1]},
                                       {no_expect, &unwanted[2]},
                                       {no_form_type, NULL}};

static int has_room(cog_easy *e, size_t count)
{
  struct curl_slist *nodes = e->nodes;
  if (count <= e->node_room)
    return 1;
  nodes = realloc(nodes, count * sizeof *nodes);
  if (nodes == NULL)
    return 0;
  e->nodes = nodes;
  e->node_room = count;
  return 1;
}

/* Strings the headers together; NULL without memory. */
static struct curl_slist *header_list(cog_easy *e, const cog_request *r)
{
  char *text = r->text.data + r->headers;
  size_t i;
  if (r->header_count == 0)
    return unwanted;
  if (!has_room(e, r->header_count))
    return NULL;
  for (i = 0; i < r->header_count; i++) {
    e->nodes[i].data = text;
    e->nodes[i].next = &e->nodes[i + 1];
    text += strlen(text) + 1;
  }
  e->nodes[r->header_count - 1].next = unwanted;
  return e->nodes;
}

static CURLcode set_headers(cog_easy *e, const cog_request *r)
{
  struct curl_slist *headers = header_list(e, r);
  CURLcode rc = headers == NULL ? CURLE_OUT_OF_MEMORY : CURLE_OK;
  COG_SET(e->curl, CURLOPT_HTTPHEADER, headers);
  return rc;
}

static CURLcode set_upload(cog_easy *e, cog_str body)
{
  CURLcode rc = CURLE_OK;
  COG_SET(e->curl, CURLOPT_POST, 1L);
  COG_SET(e->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
  COG_SET(e->curl, CURLOPT_POSTFIELDS, body.p);
  return rc;
}

/* POST is what carries a body, whatever the method is called; a new handle is
 * set to GET. */
static CURLcode set_body(cog_easy *e, const cog_request *r)
{
  const char *method = cog_request_method(r);
  cog_str body = cog_request_body(r);
  CURLcode rc = CURLE_OK;
  if (strcmp(method, "HEAD") == 0) {
    COG_SET(e->curl, CURLOPT_NOBODY, 1L);
    return rc;
  }
  if (body.n == 0 && strcmp(method, "GET") == 0)
    return rc;
  rc = set_upload(e, body);
  if (strcmp(method, "POST") != 0)
    COG_SET(e->curl, CURLOPT_CUSTOMREQUEST, method);
  return rc;
}

CURLcode cog_easy_set_request(cog_easy *e, const cog_request *r,
                              const char *proxy, int direct)
{
  CURLcode rc =
      cog_target_set(&e->target, e->curl, cog_request_url(r), proxy, direct);
  if (rc == CURLE_OK)
    rc = set_headers(e, r);
  return rc == CURLE_OK ? set_body(e, r) : rc;
}

/* ---- times ---- */

/* libcurl counts whole seconds of idleness and means "not more than": a limit
 * of 4 allows 4.999. */
static CURLcode set_max_idle(cog_easy *e, double seconds, int fresh)
{
  long limit = seconds < 2 ? 0 : (long)seconds - 1;
  CURLcode rc = CURLE_OK;
  COG_SET(e->curl, CURLOPT_FRESH_CONNECT, (long)(limit < 1 || fresh));
  COG_SET(e->curl, CURLOPT_MAXAGE_CONN, limit < 1 ? 1L : limit);
  return rc;
}

/* Rounded up: to libcurl 0 means forever. */
static long milliseconds(double seconds)
{
  long ms = (long)(seconds * 1000);
  return seconds > 0 ? ms + ((double)ms < seconds * 1000) : 1;
}

CURLcode cog_easy_set_times(cog_easy *e, const cog_send_settings *s,
                            double seconds, int fresh)
{
  CURLcode rc = set_max_idle(e, s->max_idle, fresh);
  e->ends_at = cog_clock() + seconds;
  COG_SET(e->curl, CURLOPT_TIMEOUT_MS, milliseconds(seconds));
  COG_SET(e->curl, CURLOPT_CONNECTTIMEOUT_MS,
          milliseconds(s->connect_timeout));
  return rc;
}

/* ---- from opening to closing ---- */

CURLcode cog_easy_open(cog_easy *e, cog_multi *m, const cog_http_settings *s,
                       void *owner)
{
  CURLcode rc;
  e->requests = e->resend = e->late = 0;
  e->size_before = 0;
  e->words[0] = '\0';
  e->curl = curl_easy_init();
  if (e->curl == NULL)
    return CURLE_OUT_OF_MEMORY;
  rc = set_rules(e->curl);
  if (rc == CURLE_OK)
    rc = set_callbacks(e);
  if (rc == CURLE_OK)
    rc = cog_multi_adopt(m, e->curl);
  if (rc == CURLE_OK)
    rc = set_trust(e->curl, s);
  if (rc == CURLE_OK)
    rc = cog_tls_keep_nothing(e->curl);
  COG_SET(e->curl, CURLOPT_PRIVATE, owner);
  return rc;
}

int cog_easy_is_sent(const cog_easy *e)
{
  return e->resend || (e->requests > 0 && request_size(e) > e->size_before);
}

long cog_easy_connections(const cog_easy *e)
{
  long n = 0;
  curl_easy_getinfo(e->curl, CURLINFO_NUM_CONNECTS, &n);
  return n;
}

double cog_easy_seconds(const cog_easy *e, CURLINFO moment)
{
  curl_off_t us = 0;
  if (curl_easy_getinfo(e->curl, moment, &us) != CURLE_OK)
    return 0;
  return (double)us / 1e6;
}

void cog_easy_end(cog_easy *e)
{
  if (e->curl != NULL)
    curl_easy_cleanup(e->curl);
  e->curl = NULL;
}

void cog_easy_forget(cog_easy *e)
{
  e->curl = NULL;
}

void cog_easy_free(cog_easy *e)
{
  cog_easy_end(e);
  cog_target_free(&e->target);
  free(e->nodes);
  e->nodes = NULL;
  e->node_room = 0;
}
