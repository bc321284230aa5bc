/*
 * url.c: see url.h.
 */
#include "url.h"

#include "ascii.h"

/* Takes n bytes from the front of s. */
static cog_str cut(cog_str *s, size_t n)
{
  cog_str head = {s->p, n};
  s->p += n;
  s->n -= n;
  return head;
}

/* How many bytes stand before the first of these signs. */
static size_t until(cog_str s, const char *signs, size_t count)
{
  size_t n = 0;
  while (n < s.n && memchr(signs, s.p[n], count) == NULL)
    n++;
  return n;
}

static int is_visible(cog_str s, const char *but_not)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (s.p[i] <= ' ' || s.p[i] > '~' || strchr(but_not, s.p[i]) != NULL)
      return 0;
  return 1;
}

static int read_scheme(cog_str *rest, cog_url *u)
{
  u->scheme = cut(rest, until(*rest, ":", 1));
  if (!cog_is_word(u->scheme, "https") && !cog_is_word(u->scheme, "http"))
    return 0;
  if (rest->n < 3 || memcmp(rest->p, "://", 3) != 0)
    return 0;
  cut(rest, 3);
  return 1;
}

static int read_host(cog_str *rest, cog_url *u)
{
  size_t n;
  if (rest->n == 0 || rest->p[0] != '[') {
    n = until(*rest, ":/?", 3);
  } else {
    n = until(*rest, "]", 1);
    n += n < rest->n;
  }
  u->host = cut(rest, n);
  return cog_host_read(u->host, u->address) != COG_HOST_WRONG;
}

unsigned cog_url_port(const cog_url *u)
{
  unsigned number = 0;
  size_t i;
  for (i = 0; i < u->port.n; i++)
    number = number * 10 + (unsigned)(u->port.p[i] - '0');
  return number > 0 ? number : cog_url_is_plain(u) ? 80 : 443;
}

/* At most five digits, which clients read as a number and write without
 * zeros before it. */
static int read_port(cog_str *rest, cog_url *u)
{
  cog_str port;
  size_t i;
  u->port = cut(rest, 0);
  if (rest->n == 0 || rest->p[0] != ':')
    return 1;
  cut(rest, 1);
  port = cut(rest, until(*rest, "/?", 2));
  if (port.n == 0 || port.n > 5)
    return 0;
  for (i = 0; i < port.n; i++)
    if (!cog_is_digit(port.p[i]))
      return 0;
  while (port.n > 0 && port.p[0] == '0')
    cut(&port, 1);
  u->port = port;
  if (port.n == 0 || cog_url_port(u) > 65535)
    return 0;
  if (cog_url_port(u) == (cog_url_is_plain(u) ? 80 : 443))
    u->port.n = 0;
  return 1;
}

static int read_path(cog_str rest, cog_url *u)
{
  u->path = cut(&rest, until(rest, "?", 1));
  u->query = rest;
  return is_visible(u->path, "#\\\"<>") && is_visible(u->query, "#") &&
         (u->path.n == 0 || u->path.p[0] == '/');
}

int cog_url_read(cog_str text, cog_url *u)
{
  cog_str rest = text;
  return read_scheme(&rest, u) && read_host(&rest, u) && read_port(&rest, u) &&
         read_path(rest, u);
}

int cog_url_is_plain(const cog_url *u)
{
  return u->scheme.n == sizeof "http" - 1;
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

int cog_url_write_host(const cog_url *u, cog_buffer *out)
{
  if (u->address[0] != '\0')
    return cog_add(out, u->address, strlen(u->address));
  return add_lower(out, u->host);
}

int cog_url_write_authority(const cog_url *u, cog_buffer *out)
{
  return cog_url_write_host(u, out) &&
         (u->port.n == 0 || (cog_addc(out, ':') && cog_adds(out, u->port)));
}

int cog_url_write(const cog_url *u, cog_buffer *out)
{
  int closed = u->path.n > 0 && u->path.p[u->path.n - 1] == '/';
  return add_lower(out, u->scheme) && cog_adds(out, COG_STR("://")) &&
         cog_url_write_authority(u, out) && cog_adds(out, u->path) &&
         (closed || cog_addc(out, '/'));
}
