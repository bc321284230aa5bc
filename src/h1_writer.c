/*
 * h1_writer.c: see h1_writer.h.
 */
#include "h1_writer.h"

#include "ascii.h"

#define END COG_STR("\r\n")

static int is_host(cog_str name)
{
  return name.n == 4 && cog_is_word(name, "host");
}

/* ---- the request line ---- */

/* Origin form, or absolute form for a proxy (RFC 9112, section 3.2). */
static int add_target(cog_buffer *out, const cog_h1_way *way)
{
  const cog_url *u = way->url;
  if (way->by_proxy &&
      !(cog_adds(out, COG_STR("http://")) && cog_url_write_authority(u, out)))
    return 0;
  return cog_adds(out, u->path.n > 0 ? u->path : COG_STR("/")) &&
         cog_adds(out, u->query);
}

static int add_line(cog_buffer *out, const cog_request *r,
                    const cog_h1_way *way)
{
  const char *method = cog_request_method(r);
  return cog_add(out, method, strlen(method)) && cog_addc(out, ' ') &&
         add_target(out, way) && cog_adds(out, COG_STR(" HTTP/1.1\r\n"));
}

/* ---- headers ---- */

static int add_header(cog_buffer *out, cog_str name, cog_str value)
{
  return cog_adds(out, name) && cog_addc(out, ':') &&
         (value.n == 0 || (cog_addc(out, ' ') && cog_adds(out, value))) &&
         cog_adds(out, END);
}

/* The request's own comes first, and no second one: a proxy and its server
 * may each believe another (RFC 9112, section 3.2). */
static int add_host(cog_buffer *out, const cog_request *r,
                    const cog_h1_way *way)
{
  size_t at = r->headers;
  cog_str name, value;
  while (cog_request_next_header(r, &at, &name, &value))
    if (is_host(name))
      return add_header(out, name, value);
  return cog_adds(out, COG_STR("Host: ")) &&
         cog_url_write_authority(way->url, out) && cog_adds(out, END);
}

static int add_others(cog_buffer *out, const cog_request *r)
{
  size_t at = r->headers;
  cog_str name, value;
  while (cog_request_next_header(r, &at, &name, &value))
    if (!is_host(name) && !add_header(out, name, value))
      return 0;
  return 1;
}

static int add_way(cog_buffer *out, const cog_h1_way *way)
{
  if (way->proxy_header.n > 0 &&
      !(cog_adds(out, way->proxy_header) && cog_adds(out, END)))
    return 0;
  return !way->closes || cog_adds(out, COG_STR("Connection: close\r\n"));
}

static int add_number(cog_buffer *out, size_t n)
{
  char digits[20];
  size_t i = sizeof digits;
  do {
    digits[--i] = (char)('0' + n % 10);
    n /= 10;
  } while (n > 0);
  return cog_add(out, digits + i, sizeof digits - i);
}

/* Said of an empty body, too, but for the methods that never have one (RFC
 * 9110, section 8.6). */
static int add_length(cog_buffer *out, const cog_request *r)
{
  const char *method = cog_request_method(r);
  size_t n = cog_request_body(r).n;
  if (n == 0 && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0))
    return 1;
  return cog_adds(out, COG_STR("Content-Length: ")) && add_number(out, n) &&
         cog_adds(out, END);
}

int cog_h1_write_head(const cog_request *r, const cog_h1_way *way,
                      cog_buffer *out)
{
  return add_line(out, r, way) && add_host(out, r, way) && add_way(out, way) &&
         add_others(out, r) && add_length(out, r) && cog_adds(out, END);
}
