/*
 * http_check.c: requests are refused here, before a byte leaves. C strings
 * end at a NUL and header lines at a line break, so neither may get through
 * to libcurl.
 */
#include "http_check.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "ascii.h"
#include "endpoint.h"

/* RFC 9110, section 5.6.2. */
static int is_token_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         (c >= '0' && c <= '9') ||
         (c != '\0' && strchr("!#$%&'*+.^_`|~", c) != NULL);
}

static int is_token(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (!is_token_char(s.p[i]))
      return 0;
  return s.n > 0;
}

const char *cog_check_method(cog_str method)
{
  return is_token(method) && method.n <= 32
             ? NULL
             : "request.method must be an HTTP method such as POST";
}

int cog_is_loopback(cog_str host)
{
  char text[INET_ADDRSTRLEN];
  struct in_addr address;
  if (host.n == 5 && memcmp(host.p, "[::1]", 5) == 0)
    return 1;
  if (host.n >= sizeof text || host.n < 4 || memcmp(host.p, "127.", 4) != 0)
    return 0;
  memcpy(text, host.p, host.n);
  text[host.n] = '\0';
  return inet_pton(AF_INET, text, &address) == 1;
}

/* In any spelling: "::ffff:127.0.0.1" leads there, too. */
static int is_loopback6(const char *text)
{
  static const unsigned char mapped[12] = {0, 0, 0, 0, 0,    0,
                                           0, 0, 0, 0, 0xff, 0xff};
  struct in6_addr address;
  if (inet_pton(AF_INET6, text, &address) != 1)
    return 0;
  return IN6_IS_ADDR_LOOPBACK(&address) ||
         (memcmp(address.s6_addr, mapped, sizeof mapped) == 0 &&
          address.s6_addr[12] == 127);
}

static int is_localhost(cog_str name)
{
  static const char localhost[] = ".localhost";
  size_t n = sizeof localhost - 1;
  if (name.n == n - 1)
    return cog_is_word(name, localhost + 1);
  return name.n >= n &&
         cog_is_word((cog_str){name.p + name.n - n, n}, localhost);
}

int cog_is_this_machine(cog_str host)
{
  char text[INET6_ADDRSTRLEN];
  if (host.n > 0 && host.p[host.n - 1] == '.')
    host.n--;
  if (host.n < 3 || host.p[0] != '[')
    return cog_is_loopback(host) || is_localhost(host);
  if (host.n - 2 >= sizeof text)
    return 0;
  memcpy(text, host.p + 1, host.n - 2);
  text[host.n - 2] = '\0';
  return is_loopback6(text);
}

static int is_query(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '#')
      return 0;
  return 1;
}

const char *cog_check_url(cog_str url, int allow_http)
{
  const char *mark = memchr(url.p, '?', url.n);
  size_t n = mark != NULL ? (size_t)(mark - url.p) : url.n;
  cog_endpoint e;
  if (!cog_endpoint_parse((cog_str){url.p, n}, &e) ||
      !is_query((cog_str){url.p + n, url.n - n}))
    return "request.url must be https://host[:port]/path in plain ASCII, "
           "without user, fragment or control characters";
  if (e.scheme.n == sizeof "http" - 1 && !allow_http &&
      !cog_is_loopback(e.host))
    return "request.url: plain http is only for a literal loopback address, "
           "unless the http object was made with allow_http";
  return NULL;
}

/* RFC 9110, section 5.5: a tab is the only control character. */
static int is_value(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if ((c < ' ' && c != '\t') || c == 0x7f)
      return 0;
  }
  return 1;
}

const char *cog_check_header(cog_str name, cog_str value)
{
  if (!is_token(name))
    return "has a name that is not a header name";
  if (!is_value(value))
    return "holds a line break, a NUL or another control character";
  /* How the body is framed is for the library to say. */
  if (cog_is_word(name, "content-length") ||
      cog_is_word(name, "transfer-encoding") || cog_is_word(name, "expect"))
    return "is set by the library itself";
  return NULL;
}
