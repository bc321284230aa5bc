/*
 * http_target.c: see http_target.h.
 */
#include "http_target.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "ascii.h"
#include "heap_buffer.h"
#include "http_multi.h"
#include "http_proxy.h"

/* In place of a proxy: libcurl refuses the scheme. */
#define NO_PROXY "refused-by-cognito://proxy"

/* ---- the proxy's user ---- */

static int add_basic(cog_buffer *out, const char *user, const char *password)
{
  unsigned char plain[COG_PROXY_USER + 2];
  unsigned char coded[4 * (sizeof plain / 3 + 1) + 1];
  size_t n = strlen(user), more = strlen(password);
  int added, size;
  if (n + more > COG_PROXY_USER)
    return 0; /* unreachable: cog_check_proxy refuses it */
  /* NOLINTBEGIN(bugprone-not-null-terminated-result): counted bytes. */
  memcpy(plain, user, n);
  plain[n++] = ':';
  memcpy(plain + n, password, more);
  /* NOLINTEND(bugprone-not-null-terminated-result) */
  size = EVP_EncodeBlock(coded, plain, (int)(n + more));
  added = cog_adds(out, COG_STR("Proxy-Authorization: Basic ")) &&
          cog_add(out, (char *)coded, (size_t)size);
  OPENSSL_cleanse(plain, sizeof plain);
  OPENSSL_cleanse(coded, sizeof coded);
  return added;
}

static void let_go(char *text)
{
  if (text == NULL)
    return;
  OPENSSL_cleanse(text, strlen(text));
  curl_free(text);
}

/* Appends the header that a proxy wants, if it wants one. */
static int authorize(const char *proxy, cog_buffer *out)
{
  CURLU *url = curl_url();
  char *user = NULL, *password = NULL;
  int added = url != NULL;
  if (added && curl_url_set(url, CURLUPART_URL, proxy,
                            CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) ==
                   CURLUE_OK) {
    curl_url_get(url, CURLUPART_USER, &user, CURLU_URLDECODE);
    curl_url_get(url, CURLUPART_PASSWORD, &password, CURLU_URLDECODE);
  }
  if (user != NULL || password != NULL)
    added = add_basic(out, user != NULL ? user : "",
                      password != NULL ? password : "");
  let_go(user);
  let_go(password);
  curl_url_cleanup(url);
  return added;
}

/* ---- the proxy ---- */

/* A proxy named in code is used for every host, but not for plain http to this
 * very machine: it would read everything, and reach another machine. Without
 * one libcurl reads https_proxy, no_proxy and their kin, never for this very
 * machine. */
static int has_none(const cog_target *t, const char *proxy)
{
  return t->direct || (t->loopback && (t->plain || proxy == NULL));
}

static int is_socks(const char *proxy)
{
  return strlen(proxy) >= 5 && cog_is_word((cog_str){proxy, 5}, "socks");
}

/* Only libcurl knows whether no_proxy keeps it from a proxy at all: if not, it
 * stops at one that is none before it opens a socket. */
int cog_target_choose(cog_target *t, const char *proxy,
                      cog_buffer *authorization)
{
  const char *value = proxy;
  t->proxy_fault = t->proxy_name = NULL;
  t->written_out = t->asks = 0;
  if (has_none(t, proxy))
    return 1;
  if (proxy == NULL)
    t->proxy_name = cog_proxy_variable(t->plain, &value);
  if (value == NULL || *value == '\0')
    return 1;
  t->proxy_fault = cog_check_proxy(value);
  if (t->proxy_fault != NULL || !t->plain || is_socks(value))
    return 1;
  t->written_out = 1;
  t->asks = proxy == NULL;
  return authorize(value, authorization);
}

CURLcode cog_target_set(const cog_target *t, CURL *curl, const char *proxy)
{
  CURLcode rc = CURLE_OK;
  COG_SET(curl, CURLOPT_URL, t->url);
  COG_SET(curl, CURLOPT_PROTOCOLS_STR, t->plain ? "http" : "https");
  if (has_none(t, proxy)) {
    COG_SET(curl, CURLOPT_PROXY, "");
    return rc;
  }
  COG_SET(curl, CURLOPT_PROXY,
          t->proxy_fault != NULL || t->asks ? NO_PROXY : proxy);
  COG_SET(curl, CURLOPT_NOPROXY, proxy != NULL ? "" : NULL);
  return rc;
}

int cog_target_stopped(const cog_target *t, const char *words)
{
  return t->proxy_fault != NULL && strstr(words, NO_PROXY) != NULL;
}

int cog_target_answered(cog_target *t, const char *words)
{
  int asked = t->asks;
  if (!asked || (words != NULL && strstr(words, NO_PROXY) == NULL))
    return 0;
  t->asks = 0;
  t->written_out = words != NULL;
  return 1;
}
