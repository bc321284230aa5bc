/*
 * endpoint.c: strict parsing of the one kind of URL that is ever called.
 */
#include "endpoint.h"

#include "ascii.h"

static int alnum(char c)
{
  return (cog_lower(c) >= 'a' && cog_lower(c) <= 'z') || cog_is_digit(c);
}

/* Takes n bytes from the front of s. */
static cog_str cut(cog_str *s, size_t n)
{
  cog_str head = {s->p, n};
  s->p += n;
  s->n -= n;
  return head;
}

static size_t until(cog_str s, char stop, char or_stop)
{
  size_t n = 0;
  while (n < s.n && s.p[n] != stop && s.p[n] != or_stop)
    n++;
  return n;
}

static int parse_scheme(cog_str *rest, cog_str *scheme)
{
  *scheme = cut(rest, until(*rest, ':', ':'));
  if (!cog_is_word(*scheme, "https") && !cog_is_word(*scheme, "http"))
    return 0;
  if (rest->n < 3 || memcmp(rest->p, "://", 3) != 0)
    return 0;
  cut(rest, 3);
  return 1;
}

static int parse_host(cog_str *rest, cog_str *host)
{
  size_t i, n;
  if (rest->n > 0 && rest->p[0] == '[') {
    n = until(*rest, ']', ']');
    if (n == rest->n || n < 3)
      return 0;
    for (i = 1; i < n; i++)
      if (strchr("0123456789abcdefABCDEF:.", rest->p[i]) == NULL ||
          rest->p[i] == '\0')
        return 0;
    *host = cut(rest, n + 1);
    return 1;
  }
  *host = cut(rest, until(*rest, ':', '/'));
  for (i = 0; i < host->n; i++)
    if (!alnum(host->p[i]) && host->p[i] != '-' && host->p[i] != '.' &&
        host->p[i] != '_')
      return 0;
  return host->n > 0 && host->n <= 253;
}

static int parse_port(cog_str *rest, const cog_str *scheme, cog_str *port)
{
  unsigned long number = 0;
  size_t i;
  *port = cut(rest, 0);
  if (rest->n == 0 || rest->p[0] != ':')
    return 1;
  cut(rest, 1);
  *port = cut(rest, until(*rest, '/', '/'));
  if (port->n == 0 || port->n > 5)
    return 0;
  for (i = 0; i < port->n; i++) {
    if (port->p[i] < '0' || port->p[i] > '9')
      return 0;
    number = number * 10 + (unsigned long)(port->p[i] - '0');
  }
  if (number == (cog_is_word(*scheme, "https") ? 443UL : 80UL))
    port->n = 0;
  return number > 0 && number <= 65535;
}

static int parse_path(cog_str rest, cog_str *path)
{
  size_t i;
  for (i = 0; i < rest.n; i++)
    if (rest.p[i] <= ' ' || rest.p[i] > '~' ||
        strchr("?#\\\"<>", rest.p[i]) != NULL)
      return 0;
  *path = rest;
  return rest.n == 0 || rest.p[0] == '/';
}

int cog_endpoint_parse(cog_str url, cog_endpoint *e)
{
  cog_str rest = url;
  return parse_scheme(&rest, &e->scheme) && parse_host(&rest, &e->host) &&
         parse_port(&rest, &e->scheme, &e->port) && parse_path(rest, &e->path);
}

static int add_lower(cog_buffer *out, cog_str s)
{
  char *to = cog_room(out, s.n);
  size_t i;
  if (to == NULL)
    return 0;
  for (i = 0; i < s.n; i++)
    to[i] = cog_lower(s.p[i]);
  out->len += s.n;
  return 1;
}

int cog_endpoint_host(const cog_endpoint *e, cog_buffer *out)
{
  return add_lower(out, e->host) &&
         (e->port.n == 0 || (cog_addc(out, ':') && cog_adds(out, e->port)));
}

int cog_endpoint_url(const cog_endpoint *e, cog_buffer *out)
{
  int closed = e->path.n > 0 && e->path.p[e->path.n - 1] == '/';
  return add_lower(out, e->scheme) && cog_adds(out, COG_STR("://")) &&
         cog_endpoint_host(e, out) && cog_adds(out, e->path) &&
         (closed || cog_addc(out, '/'));
}

int cog_is_host_label(cog_str s)
{
  size_t i;
  if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
    return 0;
  for (i = 0; i < s.n; i++)
    if (!alnum(s.p[i]) && s.p[i] != '-')
      return 0;
  return 1;
}
