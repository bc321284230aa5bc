/*
 * request_check.c: requests are refused here, before a byte leaves. C strings
 * end at a NUL and header lines at a line break, so neither may get through
 * to libcurl.
 */
#include "request_check.h"

#include "header.h"

const char *cog_check_method(cog_str method)
{
  return cog_is_token(method) && method.n <= 32
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

const char *cog_check_header(cog_str name, cog_str value)
{
  if (!cog_is_token(name))
    return "has a name that is not a header name";
  if (!cog_is_header_value(value))
    return "holds a line break, a NUL or another control character";
  if (cog_is_framing_header(name))
    return "is set by the library itself";
  return NULL;
}
