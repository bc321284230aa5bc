/*
 * http_request.c: see http_request.h.
 */
#include "http_request.h"

#include "ascii.h"
#include "heap_buffer.h"

void cog_request_init(cog_request *r)
{
  memset(r, 0, sizeof *r);
  cog_heap_init(&r->text);
}

static int add_text(cog_buffer *b, cog_str s)
{
  return cog_adds(b, s) && cog_addc(b, '\0');
}

int cog_request_line(cog_request *r, cog_str method, cog_str url)
{
  r->method = r->text.len;
  if (!add_text(&r->text, method))
    return 0;
  r->url = r->text.len;
  if (!add_text(&r->text, url))
    return 0;
  r->headers = r->text.len;
  return 1;
}

/* libcurl's notation: "name:" would remove a header, "name;" sends it with
 * an empty value. */
int cog_request_header(cog_request *r, cog_str name, cog_str value)
{
  cog_buffer *b = &r->text;
  value = cog_trim(value);
  if (!cog_adds(b, name) ||
      !(value.n == 0 ? cog_addc(b, ';')
                     : cog_add(b, ": ", 2) && cog_adds(b, value)) ||
      !cog_addc(b, '\0'))
    return 0;
  r->header_count++;
  return 1;
}

int cog_request_headers(cog_request *r, cog_str lines, size_t count)
{
  if (!cog_adds(&r->text, lines))
    return 0;
  r->header_count += count;
  return 1;
}

int cog_request_next_header(const cog_request *r, size_t *at, cog_str *name,
                            cog_str *value)
{
  const char *line = r->text.data + *at;
  const char *colon;
  size_t n;
  if (*at >= r->text.len)
    return 0;
  n = strlen(line);
  colon = memchr(line, ':', n);
  if (colon != NULL) {
    *name = (cog_str){line, (size_t)(colon - line)};
    *value = (cog_str){colon + 2, n - name->n - 2};
  } else {
    *name = (cog_str){line, n - 1};
    *value = (cog_str){line + n, 0};
  }
  *at += n + 1;
  return 1;
}

cog_str cog_request_body(const cog_request *r)
{
  cog_str body = {"", r->method};
  if (body.n > 0)
    body.p = r->text.data;
  return body;
}

const char *cog_request_method(const cog_request *r)
{
  return r->text.data + r->method;
}

const char *cog_request_url(const cog_request *r)
{
  return r->text.data + r->url;
}

void cog_request_wipe(cog_request *r)
{
  cog_heap_empty(&r->text);
  r->method = r->url = r->headers = r->header_count = 0;
}

void cog_request_free(cog_request *r)
{
  cog_heap_free(&r->text);
}
