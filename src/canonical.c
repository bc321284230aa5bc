/*
 * canonical.c: steps 1 to 4 of the signing document, in its order.
 *
 * The functions that write text return 1, or 0 when the buffer has no room.
 */
#include "canonical.h"

#include <stdint.h>
#include <stdlib.h>

#include "ascii.h"

/* RFC 3986, section 2.3 */
static int is_unreserved(int byte)
{
  char c = (char)byte;
  return cog_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static int is_white(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int add_encoded(cog_buffer *b, int c)
{
  static const char digits[] = "0123456789ABCDEF";
  char escape[3] = "%";
  if (is_unreserved(c))
    return cog_addc(b, (char)c);
  escape[1] = digits[c >> 4];
  escape[2] = digits[c & 15];
  return cog_add(b, escape, sizeof escape);
}

/* Step 1: the canonical URI. The path stands in the request line already
 * encoded and is encoded once more, as every service but S3 has it. */

static int add_path_text(cog_buffer *b, cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (!(s.p[i] == '/' ? cog_addc(b, '/')
                        : add_encoded(b, (unsigned char)s.p[i])))
      return 0;
  return 1;
}

static void drop_segment(cog_buffer *b, size_t start)
{
  while (b->len > start && b->data[--b->len] != '/')
    ;
}

/* One segment, without its slashes; "//" makes an empty one. */
static int add_segment(cog_buffer *b, size_t start, cog_str s)
{
  if (s.n == 0 || (s.n == 1 && s.p[0] == '.'))
    return 1;
  if (s.n == 2 && s.p[0] == '.' && s.p[1] == '.') {
    drop_segment(b, start);
    return 1;
  }
  return cog_addc(b, '/') && add_path_text(b, s);
}

/* Ends in a slash only when the path does: RFC 3986 would turn "/a/b/.."
 * into "/a/", but all AWS signers, and so the services, say "/a". */
static int add_normal_path(cog_buffer *b, cog_str path)
{
  size_t start = b->len, from = 0, i;
  for (i = 0; i <= path.n; i++) {
    cog_str segment;
    if (i < path.n && path.p[i] != '/')
      continue;
    segment.p = path.p + from;
    segment.n = i - from;
    if (!add_segment(b, start, segment))
      return 0;
    from = i + 1;
  }
  if (b->len > start && path.p[path.n - 1] != '/')
    return 1;
  return cog_addc(b, '/');
}

static int add_canonical_uri(cog_buffer *b, const cog_signing *in)
{
  if (in->path.n == 0)
    return cog_addc(b, '/');
  return in->normalize ? add_normal_path(b, in->path)
                       : add_path_text(b, in->path);
}

/* Step 2: the canonical query. Every name and value is decoded and encoded
 * again, so it does not matter how far the caller had encoded it. A "+"
 * is a plus sign: to mean a space is a custom of HTML forms. */

/* Takes the next decoded byte off the front; -1 at the end. */
static int next_byte(cog_str *s)
{
  int high, low;
  size_t used = 1;
  int c;
  if (s->n == 0)
    return -1;
  c = (unsigned char)s->p[0];
  if (c == '%' && s->n >= 3 && (high = cog_hex_value(s->p[1])) >= 0 &&
      (low = cog_hex_value(s->p[2])) >= 0) {
    c = high * 16 + low;
    used = 3;
  }
  s->p += used;
  s->n -= used;
  return c;
}

/* Where a byte's encoded form sorts: "%" comes before all that is not
 * encoded, and upper-case hex sorts like the byte it stands for. */
static int encoded_rank(int c)
{
  return is_unreserved(c) ? 256 + c : c;
}

static int compare_encoded(cog_str a, cog_str b)
{
  int x, y;
  do {
    x = encoded_rank(next_byte(&a));
    y = encoded_rank(next_byte(&b));
  } while (x == y && x >= 0);
  return x - y;
}

static int compare_parameters(const void *a, const void *b)
{
  const cog_header *x = a, *y = b;
  int by_name = compare_encoded(x->name, y->name);
  return by_name != 0 ? by_name : compare_encoded(x->value, y->value);
}

/* "key" alone has an empty value. */
static cog_header split_parameter(cog_str text)
{
  const char *sign = memchr(text.p, '=', text.n);
  cog_header parameter;
  parameter.name = parameter.value = text;
  if (sign != NULL)
    parameter.name.n = (size_t)(sign - text.p);
  parameter.value.p += parameter.name.n + (sign != NULL);
  parameter.value.n -= parameter.name.n + (sign != NULL);
  return parameter;
}

static int is_signature(cog_str name)
{
  static const char signature[] = "X-Amz-Signature";
  return name.n == sizeof signature - 1 &&
         memcmp(name.p, signature, name.n) == 0;
}

static size_t split_query(cog_str query, cog_header *to)
{
  size_t from = 0, count = 0, i;
  for (i = 0; i <= query.n; i++) {
    cog_str text;
    if (i < query.n && query.p[i] != '&')
      continue;
    text.p = query.p + from;
    text.n = i - from;
    from = i + 1;
    if (text.n == 0)
      continue;
    to[count] = split_parameter(text);
    if (!is_signature(to[count].name))
      count++;
  }
  return count;
}

static void add_decoded_encoded(cog_buffer *b, cog_str s)
{
  int c;
  while ((c = next_byte(&s)) >= 0)
    add_encoded(b, c);
}

static size_t count_parameters(cog_str query)
{
  size_t n = 1, i;
  for (i = 0; i < query.n; i++)
    n += query.p[i] == '&';
  return n;
}

/* Room for the list of parameters, behind the room for all of their text:
 * writing the text will neither move the list nor run into it. */
static cog_header *parameter_room(cog_buffer *b, cog_str query)
{
  size_t n, text, align;
  char *room;
  if (query.n > SIZE_MAX / (8 * sizeof(cog_header)))
    return NULL;
  n = count_parameters(query);
  text = 3 * query.n + 2 * n;
  room = cog_room(b, text + (n + 1) * sizeof(cog_header));
  if (room == NULL)
    return NULL;
  align = (uintptr_t)(room + text) % sizeof(cog_header);
  return (cog_header *)(void *)(room + text + sizeof(cog_header) - align);
}

static int add_canonical_query(cog_buffer *b, const cog_signing *in)
{
  cog_header *list;
  size_t n, i;
  if (in->query.n == 0)
    return 1;
  list = parameter_room(b, in->query);
  if (list == NULL)
    return 0;
  n = split_query(in->query, list);
  qsort(list, n, sizeof *list, compare_parameters);
  for (i = 0; i < n; i++) { /* there is room for all of it */
    if (i > 0)
      cog_addc(b, '&');
    add_decoded_encoded(b, list[i].name);
    cog_addc(b, '=');
    add_decoded_encoded(b, list[i].value);
  }
  return 1;
}

/* Step 3: the canonical headers and the list of their names. */

int cog_compare_names(cog_str a, cog_str b)
{
  size_t n = a.n < b.n ? a.n : b.n;
  size_t i;
  for (i = 0; i < n; i++) {
    int d =
        (unsigned char)cog_lower(a.p[i]) - (unsigned char)cog_lower(b.p[i]);
    if (d != 0)
      return d;
  }
  return (a.n > b.n) - (a.n < b.n);
}

/* The prefix is lower-case. */
static int begins_with(cog_str name, const char *prefix)
{
  size_t i;
  for (i = 0; prefix[i] != '\0'; i++)
    if (i == name.n || cog_lower(name.p[i]) != prefix[i])
      return 0;
  return 1;
}

#define NAME(literal)                                                         \
  {                                                                           \
    literal, sizeof(literal) - 1                                              \
  }

/* What proxies, tracing and HTTP libraries add, change or remove on the
 * way, and the Authorization header, which is being made here. */
static const cog_str unsigned_names[] = {
    NAME("authorization"),
    NAME("cache-control"),
    NAME("connection"),
    NAME("expect"),
    NAME("from"),
    NAME("keep-alive"),
    NAME("max-forwards"),
    NAME("pragma"),
    NAME("referer"),
    NAME("te"),
    NAME("trailer"),
    NAME("transfer-encoding"),
    NAME("upgrade"),
    NAME("user-agent"),
    NAME("x-amzn-trace-id"),
    {NULL, 0},
};

static int is_left_unsigned(cog_str name)
{
  const cog_str *other;
  for (other = unsigned_names; other->p != NULL; other++)
    if (name.n == other->n && cog_compare_names(name, *other) == 0)
      return 1;
  return begins_with(name, "proxy-") || begins_with(name, "sec-");
}

/* Brings the headers to sign to the front, sorted; those of one name stay
 * in their order. A dozen headers want no better sort than this. */
static size_t choose_headers(cog_header *headers, size_t n)
{
  size_t chosen = 0, i;
  for (i = 0; i < n; i++) {
    cog_header h = headers[i];
    size_t at;
    if (is_left_unsigned(h.name))
      continue;
    for (at = chosen++; at > 0; at--) {
      if (cog_compare_names(headers[at - 1].name, h.name) <= 0)
        break;
      headers[at] = headers[at - 1];
    }
    headers[at] = h;
  }
  return chosen;
}

static int add_lower(cog_buffer *b, cog_str s)
{
  char *to = cog_room(b, s.n);
  size_t i;
  if (to == NULL)
    return 0;
  for (i = 0; i < s.n; i++)
    to[i] = cog_lower(s.p[i]);
  b->len += s.n;
  return 1;
}

/* White space at the ends goes, runs of it become one space, also inside
 * quotes; a folded line (RFC 9112, section 5.2) is one such run. */
static int add_trimmed(cog_buffer *b, cog_str s)
{
  char *room = cog_room(b, s.n);
  char *to = room;
  int pending = 0;
  size_t i;
  if (room == NULL)
    return 0;
  for (i = 0; i < s.n; i++) {
    if (is_white(s.p[i])) {
      pending = to > room;
      continue;
    }
    if (pending)
      *to++ = ' ';
    *to++ = s.p[i];
    pending = 0;
  }
  b->len += (size_t)(to - room);
  return 1;
}

static int is_repeated(const cog_header *headers, size_t i)
{
  return i > 0 && cog_compare_names(headers[i - 1].name, headers[i].name) == 0;
}

static int add_canonical_headers(cog_buffer *b, const cog_header *h, size_t n)
{
  size_t i;
  for (i = 0; i < n; i++) {
    if (is_repeated(h, i)) {
      b->data[b->len - 1] = ','; /* the last one's line goes on */
    } else if (!add_lower(b, h[i].name) || !cog_addc(b, ':')) {
      return 0;
    }
    if (!add_trimmed(b, h[i].value) || !cog_addc(b, '\n'))
      return 0;
  }
  return 1;
}

static int add_signed_headers(cog_buffer *b, const cog_header *h, size_t n)
{
  size_t i;
  for (i = 0; i < n; i++) {
    if (is_repeated(h, i))
      continue;
    if ((i > 0 && !cog_addc(b, ';')) || !add_lower(b, h[i].name))
      return 0;
  }
  return 1;
}

/* Step 4: the canonical request. */

int cog_canonical_request(cog_buffer *b, const cog_signing *in,
                          cog_str payload_hash, cog_span *signed_headers)
{
  size_t n = choose_headers(in->headers, in->nheaders);
  if (!cog_adds(b, in->method) || !cog_addc(b, '\n') ||
      !add_canonical_uri(b, in) || !cog_addc(b, '\n') ||
      !add_canonical_query(b, in) || !cog_addc(b, '\n') ||
      !add_canonical_headers(b, in->headers, n) || !cog_addc(b, '\n'))
    return 0;
  signed_headers->at = b->len;
  if (!add_signed_headers(b, in->headers, n))
    return 0;
  signed_headers->n = b->len - signed_headers->at;
  return cog_addc(b, '\n') && cog_adds(b, payload_hash);
}
