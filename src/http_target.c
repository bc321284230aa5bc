/*
 * http_target.c: see http_target.h.
 */
#include "http_target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host.h"
#include "http_multi.h"
#include "http_proxy.h"

/* In place of a faulty proxy: libcurl refuses the scheme. */
#define NO_PROXY "refused-by-cognito://proxy"

/* ---- the URL ---- */

void cog_target_free(cog_target *t)
{
  curl_url_cleanup(t->url);
  free(t->text);
  t->url = NULL;
  t->text = NULL;
}

static CURLcode parse(cog_target *t, const char *url)
{
  CURLUcode uc;
  t->url = curl_url();
  t->text = strdup(url);
  if (t->url == NULL || t->text == NULL)
    return CURLE_OUT_OF_MEMORY;
  uc = curl_url_set(t->url, CURLUPART_URL, url,
                    CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
  return uc == CURLUE_OK              ? CURLE_OK
         : uc == CURLUE_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY
                                      : CURLE_URL_MALFORMAT;
}

/* The host as libcurl sees it: it makes 127.0.0.1 of 127.1. */
static CURLcode look_at_host(cog_target *t)
{
  char *host;
  if (curl_url_get(t->url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return CURLE_OUT_OF_MEMORY;
  t->loopback = cog_is_this_machine((cog_str){host, strlen(host)});
  curl_free(host);
  return CURLE_OK;
}

/* The URL of the exchange before is still parsed. */
static CURLcode look_at_url(cog_target *t, const char *url)
{
  CURLcode rc;
  if (t->text != NULL && strcmp(t->text, url) == 0)
    return CURLE_OK;
  cog_target_free(t);
  rc = parse(t, url);
  if (rc == CURLE_OK)
    rc = look_at_host(t);
  if (rc != CURLE_OK)
    cog_target_free(t);
  t->plain = strncasecmp(url, "http:", 5) == 0;
  return rc;
}

/* ---- the proxy ---- */

static void look_at_proxy(cog_target *t, const char *proxy)
{
  const char *value = proxy;
  if (proxy == NULL)
    t->proxy_name = cog_proxy_variable(t->plain, &value);
  if (value != NULL && *value != '\0')
    t->proxy_fault = cog_check_proxy(value);
}

/* A proxy named in code is used for every host, but not for plain http to this
 * very machine: it would read everything, and reach another machine. Without
 * one libcurl reads https_proxy, no_proxy and their kin, never for this very
 * machine. Only libcurl knows whether no_proxy keeps it from a proxy at all:
 * if not, it stops at a faulty one before it opens a socket. */
static CURLcode set_proxy(cog_target *t, CURL *curl, const char *proxy,
                          int direct)
{
  CURLcode rc = CURLE_OK;
  t->proxy_fault = t->proxy_name = NULL;
  if (direct || (t->loopback && (t->plain || proxy == NULL))) {
    COG_SET(curl, CURLOPT_PROXY, "");
    return rc;
  }
  look_at_proxy(t, proxy);
  COG_SET(curl, CURLOPT_PROXY, t->proxy_fault != NULL ? NO_PROXY : proxy);
  COG_SET(curl, CURLOPT_NOPROXY, proxy != NULL ? "" : NULL);
  return rc;
}

int cog_target_stopped(const cog_target *t, const char *words)
{
  return t->proxy_fault != NULL && strstr(words, NO_PROXY) != NULL;
}

/* ---- both ---- */

/* libcurl would parse the text for every exchange: a twentieth of a call. Yet
 * it has the text, too, or would make one of what was parsed. */
CURLcode cog_target_set(cog_target *t, CURL *curl, const char *url,
                        const char *proxy, int direct)
{
  CURLcode rc = look_at_url(t, url);
  COG_SET(curl, CURLOPT_URL, url);
  COG_SET(curl, CURLOPT_CURLU, t->url);
  COG_SET(curl, CURLOPT_PROTOCOLS_STR, t->plain ? "http" : "https");
  return rc == CURLE_OK ? set_proxy(t, curl, proxy, direct) : rc;
}
