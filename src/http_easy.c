/*
 * http_easy.c: a libcurl handle for each exchange, and its options.
 *
 * No handle serves twice. libcurl 7.83 to 8.0 keeps, through
 * curl_easy_reset, a pointer to the last header of the exchange before; a
 * reply whose first header line is a folded one makes it free that twice.
 * Connections and looked-up names belong to the multi handle, TLS sessions to
 * its share, so a fresh handle costs its options and nothing else.
 */
#include "http_transfer.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "http_check.h"
#include "http_proxy.h"

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

/* OpenSSL would wait for whoever writes to a FIFO, and read a device for
 * ever. One that is not there is for libcurl to refuse. */
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

static CURLcode set_up(cog_transfer *t)
{
  const cog_http_settings *s = cog_http_settings_of(t->http);
  CURLcode rc = set_rules(t->easy);
  if (rc == CURLE_OK)
    rc = cog_transfer_callbacks(t);
  if (rc == CURLE_OK)
    rc = cog_multi_adopt(cog_http_multi_of(t->http), t->easy);
  if (rc == CURLE_OK)
    rc = set_trust(t->easy, s);
  COG_SET(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)s->max_response);
  return rc;
}

/* ---- what holds for one exchange ---- */

static CURLcode set_protocol(cog_transfer *t)
{
  CURLcode rc = CURLE_OK;
  COG_SET(t->easy, CURLOPT_PROTOCOLS_STR, t->plain ? "http" : "https");
  return rc;
}

/* A proxy named in code is used for every host, but not for plain http to this
 * very machine: it would read everything, and reach another machine. Without
 * one libcurl reads https_proxy, no_proxy and their kin, never for this very
 * machine. */
static CURLcode set_proxy(cog_transfer *t, const char *proxy)
{
  int direct =
      t->settings.direct || (t->loopback && (t->plain || proxy == NULL));
  const char *value = proxy;
  CURLcode rc = CURLE_OK;
  t->proxy_fault = t->proxy_name = NULL;
  if (direct) {
    COG_SET(t->easy, CURLOPT_PROXY, "");
    return rc;
  }
  if (proxy == NULL)
    t->proxy_name = cog_proxy_variable(t->plain, &value);
  if (value != NULL && *value != '\0')
    t->proxy_fault = cog_check_proxy(value);
  /* Only libcurl knows whether no_proxy keeps it from a proxy at all. If it
   * does not, it stops at this one before it opens a socket. */
  if (t->proxy_fault != NULL)
    COG_SET(t->easy, CURLOPT_PROXY, COG_NO_PROXY);
  else
    COG_SET(t->easy, CURLOPT_PROXY, proxy);
  COG_SET(t->easy, CURLOPT_NOPROXY, proxy != NULL ? "" : NULL);
  return rc;
}

void cog_easy_forget_url(cog_transfer *t)
{
  curl_url_cleanup(t->parsed_url);
  free(t->parsed_from);
  t->parsed_url = NULL;
  t->parsed_from = NULL;
}

static CURLcode parse_url(cog_transfer *t, const char *url)
{
  CURLUcode uc;
  t->parsed_url = curl_url();
  t->parsed_from = strdup(url);
  if (t->parsed_url == NULL || t->parsed_from == NULL)
    return CURLE_OUT_OF_MEMORY;
  uc = curl_url_set(t->parsed_url, CURLUPART_URL, url,
                    CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
  return uc == CURLUE_OK              ? CURLE_OK
         : uc == CURLUE_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY
                                      : CURLE_URL_MALFORMAT;
}

/* The host as libcurl sees it: it makes 127.0.0.1 of 127.1. */
static CURLcode look_at_host(cog_transfer *t)
{
  char *host;
  if (curl_url_get(t->parsed_url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return CURLE_OUT_OF_MEMORY;
  t->loopback = cog_is_this_machine((cog_str){host, strlen(host)});
  curl_free(host);
  return CURLE_OK;
}

/* What the exchange before had is still known. */
static CURLcode look_at_url(cog_transfer *t, const char *url)
{
  CURLcode rc;
  if (t->parsed_from != NULL && strcmp(t->parsed_from, url) == 0)
    return CURLE_OK;
  cog_easy_forget_url(t);
  rc = parse_url(t, url);
  if (rc == CURLE_OK)
    rc = look_at_host(t);
  if (rc != CURLE_OK)
    cog_easy_forget_url(t);
  t->plain = strncasecmp(url, "http:", 5) == 0;
  return rc;
}

/* libcurl would parse the text for every exchange: a twentieth of a call. Yet
 * it has the text, too, or would make one of what was parsed. */
static CURLcode set_target(cog_transfer *t, const cog_http_settings *s)
{
  const char *url = t->request.data + t->url;
  CURLcode rc = look_at_url(t, url);
  COG_SET(t->easy, CURLOPT_URL, url);
  COG_SET(t->easy, CURLOPT_CURLU, t->parsed_url);
  if (rc == CURLE_OK)
    rc = set_protocol(t);
  if (rc == CURLE_OK)
    rc = set_proxy(t, s->proxy);
  return rc;
}

/* What libcurl would add by itself. Shared by all lists, never changed. */
static char no_accept[] = "Accept:";
static char no_expect[] = "Expect:";
static char no_form_type[] = "Content-Type:";
static struct curl_slist unwanted[] = {{no_accept, &unwanted[1]},
                                       {no_expect, &unwanted[2]},
                                       {no_form_type, NULL}};

/* Strings the headers together; NULL without memory. */
static struct curl_slist *header_list(cog_transfer *t)
{
  char *text = t->request.data + t->headers;
  size_t i;
  if (t->header_count == 0)
    return unwanted;
  if (t->header_count > t->node_room) {
    struct curl_slist *nodes =
        realloc(t->nodes, t->header_count * sizeof *nodes);
    if (nodes == NULL)
      return NULL;
    t->nodes = nodes;
    t->node_room = t->header_count;
  }
  for (i = 0; i < t->header_count; i++) {
    t->nodes[i].data = text;
    t->nodes[i].next = &t->nodes[i + 1];
    text += strlen(text) + 1;
  }
  t->nodes[t->header_count - 1].next = unwanted;
  return t->nodes;
}

static CURLcode set_upload(cog_transfer *t)
{
  size_t n = t->request.len - t->body;
  CURLcode rc = CURLE_OK;
  COG_SET(t->easy, CURLOPT_POST, 1L);
  COG_SET(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
  COG_SET(t->easy, CURLOPT_POSTFIELDS, t->request.data + t->body);
  return rc;
}

/* POST is what carries a body, whatever the method is called; a new handle is
 * set to GET. */
static CURLcode set_body(cog_transfer *t)
{
  const char *method = t->request.data;
  CURLcode rc = CURLE_OK;
  if (strcmp(method, "HEAD") == 0) {
    COG_SET(t->easy, CURLOPT_NOBODY, 1L);
    return rc;
  }
  if (t->request.len == t->body && strcmp(method, "GET") == 0)
    return rc;
  rc = set_upload(t);
  if (strcmp(method, "POST") != 0)
    COG_SET(t->easy, CURLOPT_CUSTOMREQUEST, method);
  return rc;
}

/* libcurl counts whole seconds of idleness and means "not more than": a limit
 * of 4 allows 4.999. */
static CURLcode set_max_idle(cog_transfer *t, double seconds)
{
  long limit = seconds < 2 ? 0 : (long)seconds - 1;
  CURLcode rc = CURLE_OK;
  COG_SET(t->easy, CURLOPT_FRESH_CONNECT, (long)(limit < 1 || t->fresh));
  COG_SET(t->easy, CURLOPT_MAXAGE_CONN, limit < 1 ? 1L : limit);
  return rc;
}

/* Rounded up: to libcurl 0 means forever. */
static long milliseconds(double seconds)
{
  long ms = (long)(seconds * 1000);
  return seconds > 0 ? ms + ((double)ms < seconds * 1000) : 1;
}

static CURLcode set_times(cog_transfer *t)
{
  const cog_send_settings *send = &t->settings;
  CURLcode rc = set_max_idle(t, send->max_idle);
  COG_SET(t->easy, CURLOPT_TIMEOUT_MS, milliseconds(send->timeout - t->spent));
  COG_SET(t->easy, CURLOPT_CONNECTTIMEOUT_MS,
          milliseconds(send->connect_timeout));
  return rc;
}

CURLcode cog_easy_prepare(cog_transfer *t)
{
  struct curl_slist *headers = header_list(t);
  CURLcode rc;
  t->easy = curl_easy_init();
  if (headers == NULL || t->easy == NULL)
    return CURLE_OUT_OF_MEMORY;
  rc = set_up(t);
  if (rc == CURLE_OK)
    rc = set_target(t, cog_http_settings_of(t->http));
  if (rc == CURLE_OK)
    rc = set_body(t);
  if (rc == CURLE_OK)
    rc = set_times(t);
  COG_SET(t->easy, CURLOPT_HTTPHEADER, headers);
  return rc;
}

void cog_easy_end(cog_transfer *t)
{
  if (t->easy != NULL)
    curl_easy_cleanup(t->easy);
  t->easy = NULL;
}
