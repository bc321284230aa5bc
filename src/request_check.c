/*
 * request_check.c: requests are refused here, before a byte leaves. C strings
 * end at a NUL and header lines at a line break, so neither may get through
 * to libcurl.
 */
#include "request_check.h"

#include <string.h>

#include "ascii.h"

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

const char *cog_check_url(cog_str text, int allow_http, cog_url *u)
{
  if (!cog_url_read(text, u))
    return "request.url must be https://host[:port]/path in plain ASCII, "
           "without user, fragment or control characters";
  if (cog_url_is_plain(u) && !allow_http && !cog_is_loopback(u->host))
    return "request.url: plain http is only for a literal loopback address, "
           "unless allow_http is set";
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
