/*
 * http_proxy.c: see http_proxy.h.
 */
#include "http_proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "ascii.h"

static const char *const schemes[] = {"http",    "https",  "socks4",
                                      "socks4a", "socks5", "socks5h"};

static int is_scheme(const char *p, size_t n)
{
  size_t i;
  for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
    if (cog_is_word((cog_str){p, n}, schemes[i]))
      return 1;
  return 0;
}

/* Signs that end a user's name or a host for some reader, and those that no
 * URL holds. A control character would not get through libcurl's decoding. */
static int is_user(const char *p, size_t n)
{
  size_t i;
  for (i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i];
    if (c <= ' ' || c == 0x7f || strchr("@#?\\\"<>[]", c) != NULL)
      return 0;
    if (c == '%') {
      int high = n - i > 2 ? cog_hex_value(p[i + 1]) : -1;
      int low = high >= 0 ? cog_hex_value(p[i + 2]) : -1;
      if (low < 0 || high * 16 + low < ' ' || high * 16 + low == 0x7f)
        return 0;
    }
  }
  return 1;
}

/* A name of other letters is for libcurl to translate. */
static int is_host_char(char c)
{
  return cog_is_alnum(c) || c == '-' || c == '.' || c == '_' ||
         (unsigned char)c >= 0x80;
}

/* Returns what follows the host, NULL when there is none. */
static const char *skip_host(const char *p, const char *end)
{
  const char *from = p;
  if (p < end && *p == '[') {
    for (p++; p < end && (cog_hex_value(*p) >= 0 || strchr(":.", *p) != NULL);)
      p++;
    while (p < end && *p != ']') /* a zone */
      p++;
    return p < end && p > from + 2 ? p + 1 : NULL;
  }
  while (p < end && is_host_char(*p))
    p++;
  return p > from ? p : NULL;
}

static int is_port(const char *p, const char *end)
{
  unsigned long port = 0;
  if (p == end)
    return 1;
  if (*p++ != ':' || p == end || end - p > 5)
    return 0;
  for (; p < end; p++) {
    if (!cog_is_digit(*p))
      return 0;
    port = port * 10 + (unsigned long)(*p - '0');
  }
  return port > 0 && port <= 65535;
}

/* libcurl quotes what it cannot read, with the password. Our own reading has
 * found the user in order: where libcurl 7.88 does not, it had no memory. */
static int is_read_by_libcurl(const char *url)
{
  CURLU *parts = curl_url();
  CURLUcode rc = CURLUE_OUT_OF_MEMORY;
  if (parts != NULL)
    rc = curl_url_set(parts, CURLUPART_URL, url,
                      CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
  curl_url_cleanup(parts);
  return rc == CURLUE_OK || rc == CURLUE_OUT_OF_MEMORY ||
         rc == CURLUE_BAD_LOGIN;
}

#define ENCODE                                                                \
  "holds a sign in its user or password that must be percent-encoded, as "    \
  "%23 for # and %40 for @"

#define NO_HOST "names no host: write http://host:port"

const char *cog_check_proxy(const char *url)
{
  const char *mark = strstr(url, "://"), *colon = strchr(url, ':');
  const char *p = url, *end, *at, *rest;
  if (mark != NULL) {
    if (!is_scheme(url, (size_t)(mark - url)))
      return "has an unknown scheme: write http://host:port, or https, "
             "socks4, socks4a, socks5, socks5h in place of http";
    p = mark + 3;
  } else if (colon != NULL && is_scheme(url, (size_t)(colon - url)) &&
             strchr(colon, '@') != NULL) /* no user is called http */
    return "misses the // behind its scheme: write http://host:port";
  end = p + strcspn(p, "/");
  if (strchr(end, '@') != NULL)
    return ENCODE;
  for (at = end; at > p && at[-1] != '@';)
    at--;
  if (at > p && !is_user(p, (size_t)(at - 1 - p)))
    return ENCODE;
  if (at - p > COG_PROXY_USER)
    return "has more than 2048 bytes of user and password";
  rest = skip_host(at, end);
  if (rest == NULL)
    return NO_HOST;
  if (!is_port(rest, end) || strpbrk(end, "#?") != NULL)
    return "has a faulty host or port, or a password that is not "
           "percent-encoded: write http://user:password@host:port";
  return is_read_by_libcurl(url) ? NULL : NO_HOST;
}

static const char *variable(const char *name, const char **value)
{
  *value = getenv(name);
  return *value != NULL && **value != '\0' ? name : NULL;
}

/* The order is libcurl's. It does not read HTTP_PROXY, which a web server
 * may have made of a client's header. */
const char *cog_proxy_variable(int plain, const char **value)
{
  static const char *const secure[] = {"https_proxy", "HTTPS_PROXY",
                                       "all_proxy", "ALL_PROXY", NULL};
  static const char *const open[] = {"http_proxy", "all_proxy", "ALL_PROXY",
                                     NULL};
  const char *const *name = plain ? open : secure;
  while (*name != NULL && variable(*name, value) == NULL)
    name++;
  return *name;
}
