/*
 * http_reply.c: see http_reply.h. RFC 9110 and RFC 9112 have the rules.
 */
#include "http_reply.h"

#include "ascii.h"
#include "header.h"
#include "heap_buffer.h"

#define MAX_LINES    256 /* joining repeated headers takes time squared */

#define FOLDED_FIRST "its first header line continues another"
#define NO_HEADER    "one of its header lines is no header"
#define STRAY_END    "one of its lines holds a NUL or a line break"

/* ---- life ---- */

void cog_reply_init(cog_reply *r)
{
  memset(r, 0, sizeof *r);
  cog_heap_init(&r->text);
}

void cog_reply_begin(cog_reply *r, size_t most)
{
  cog_heap_empty(&r->text);
  r->head = r->lines = r->received = 0;
  r->most = most;
  r->head_ended = r->chunked = r->closes = r->in_body = r->too_large = 0;
  r->status = r->framing = 0;
  r->length = -1;
  r->malformed = NULL;
}

void cog_reply_wipe(cog_reply *r)
{
  cog_heap_empty(&r->text);
  r->head = 0;
}

void cog_reply_free(cog_reply *r)
{
  cog_heap_free(&r->text);
}

static int malformed(cog_reply *r, const char *why)
{
  r->malformed = why;
  return 0;
}

/* ---- lines ---- */

cog_str cog_reply_without_end(cog_str line)
{
  if (line.n > 0 && line.p[line.n - 1] == '\n')
    line.n--;
  if (line.n > 0 && line.p[line.n - 1] == '\r')
    line.n--;
  return line;
}

int cog_reply_is_line(cog_str line)
{
  return memchr(line.p, '\r', line.n) == NULL &&
         memchr(line.p, '\0', line.n) == NULL;
}

static int count_line(cog_reply *r)
{
  if (r->lines++ < MAX_LINES)
    return 1;
  r->too_large = 1;
  return 0;
}

/* ---- status lines ---- */

/* HTTP/1.0 or HTTP/1.1, a blank, a status from 100 to 599, and its end (RFC
 * 9112, section 4). */
static int read_status(cog_str line)
{
  const char *p = line.p + sizeof "HTTP/1.1 " - 1;
  if (line.n < sizeof "HTTP/1.1 200" - 1 ||
      (memcmp(line.p, "HTTP/1.1 ", 9) != 0 &&
       memcmp(line.p, "HTTP/1.0 ", 9) != 0) ||
      p[0] < '1' || p[0] > '5' || !cog_is_digit(p[1]) || !cog_is_digit(p[2]) ||
      (line.n > 12 && p[3] != ' '))
    return 0;
  return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

/* The reply before was an interim one. HTTP/1.0 keeps no connection unless
 * it says so, and its servers say so by chance. */
static int begin_head(cog_reply *r, cog_str line)
{
  cog_heap_empty(&r->text);
  r->head_ended = r->chunked = r->framing = 0;
  r->length = -1;
  r->status = read_status(line);
  r->closes = r->status != 0 && line.p[7] == '0';
  return r->status != 0 ||
         malformed(r, "its status line is not one of HTTP/1.1");
}

/* ---- header lines ---- */

/* Two lengths, or one that is no number, leave open where the reply ends (RFC
 * 9112, section 6.3). */
static int check_length(cog_reply *r, cog_str text)
{
  double before = r->length;
  size_t i;
  r->length = 0;
  for (i = 0; i < text.n && cog_is_digit(text.p[i]); i++)
    r->length = r->length * 10 + (text.p[i] - '0');
  if (text.n == 0 || i < text.n)
    return malformed(r, "its Content-Length is not a number");
  return before < 0 || before == r->length ||
         malformed(r, "it has two values for Content-Length");
}

/* The request allows no other, once (RFC 9112, sections 6.1 and 7.4). */
static int check_encoding(cog_reply *r, cog_str text)
{
  if (r->chunked || !cog_is_word(text, "chunked"))
    return malformed(r, "its Transfer-Encoding is not chunked");
  r->chunked = 1;
  return 1;
}

static int is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/* Whether one of the words between blanks and commas is this one. */
static int has_word(cog_str list, const char *word)
{
  cog_str part = {list.p, 0};
  size_t i;
  for (i = 0; i < list.n; i++) {
    if (list.p[i] != ',' && !is_blank(list.p[i]))
      part.n++;
    else if (cog_is_word(part, word))
      return 1;
    else
      part = (cog_str){list.p + i + 1, 0};
  }
  return cog_is_word(part, word);
}

/* To end the connection is never wrong. */
static int check_connection(cog_reply *r, cog_str text)
{
  r->closes = r->closes || has_word(text, "close");
  return 1;
}

/* Headers that say where the reply ends, and its connection. */
static const struct {
  cog_str name;
  int (*check)(cog_reply *r, cog_str value);
} framing[] = {{{"content-length", 14}, check_length},
               {{"transfer-encoding", 17}, check_encoding},
               {{"connection", 10}, check_connection}};

/* The name is in lower case. */
static int check_header(cog_reply *r, cog_str name, cog_str value)
{
  size_t i;
  r->framing = 0;
  for (i = 0; i < sizeof framing / sizeof framing[0]; i++)
    if (name.n == framing[i].name.n &&
        memcmp(name.p, framing[i].name.p, name.n) == 0) {
      r->framing = 1;
      return framing[i].check(r, value);
    }
  return 1;
}

/* The text before the colon; empty where there is none. */
static cog_str name_of(cog_str line)
{
  const char *colon = memchr(line.p, ':', line.n);
  return (cog_str){line.p, colon != NULL ? (size_t)(colon - line.p) : 0};
}

static int add_header(cog_reply *r, cog_str line)
{
  cog_buffer *b = &r->text;
  cog_str name = name_of(line), value;
  char *to = cog_room(b, line.n + 1);
  if (to == NULL)
    return 0;
  if (!cog_lower_token(name, to))
    return malformed(r, NO_HEADER);
  name.p = to;
  value = (cog_str){line.p + name.n + 1, line.n - name.n - 1};
  value = cog_trim(value);
  b->len += name.n;
  return check_header(r, name, value) && cog_addc(b, ':') &&
         cog_adds(b, value) && cog_addc(b, '\n');
}

/* A line that begins with a blank goes on where the last one ended (RFC
 * 9112, section 5.2). Where that one says how the reply ends, readers may take
 * it without the rest, or with it. */
static int add_folded(cog_reply *r, cog_str line)
{
  cog_buffer *b = &r->text;
  if (b->len == 0)
    return malformed(r, FOLDED_FIRST);
  if (r->framing)
    return malformed(r, "a header that says where it ends is folded");
  b->data[b->len - 1] = ' ';
  return cog_adds(b, cog_trim(line)) && cog_addc(b, '\n');
}

static int is_folded(cog_str line)
{
  return is_blank(*line.p);
}

static int keep_line(cog_reply *r, cog_str line)
{
  if (!count_line(r))
    return 0;
  return is_folded(line) ? add_folded(r, line) : add_header(r, line);
}

/* Trailers are not used, but one that is no header may be the next reply. */
static int check_trailer(cog_reply *r, cog_str line)
{
  if (line.n == 0)
    return 1;
  if (!count_line(r))
    return 0;
  return is_folded(line) || cog_is_token(name_of(line)) ||
         malformed(r, NO_HEADER);
}

/* ---- what comes in ---- */

int cog_reply_count(cog_reply *r, size_t n)
{
  if (n > r->most - r->received) {
    r->too_large = 1;
    return 0;
  }
  r->received += n;
  return 1;
}

/* A head begins where none has come, and behind an interim one. */
static int add_line(cog_reply *r, cog_str line)
{
  if (r->status == 0 || (r->head_ended && r->status < 200))
    return begin_head(r, line);
  if (r->in_body || r->head_ended)
    return check_trailer(r, line); /* of an empty body, too */
  if (line.n > 0)
    return keep_line(r, line);
  r->head_ended = 1;
  return 1;
}

int cog_reply_line(cog_reply *r, cog_str line)
{
  if (!cog_reply_count(r, line.n))
    return 0; /* unreachable: the reader of HTTP/1.1 has counted */
  line = cog_reply_without_end(line);
  if (!cog_reply_is_line(line))
    return malformed(r, STRAY_END);
  if (!add_line(r, line))
    return 0;
  if (!r->in_body && !r->head_ended)
    r->head = r->text.len;
  return 1;
}

int cog_reply_piece(cog_reply *r, cog_str piece)
{
  r->in_body = 1;
  if (!cog_reply_count(r, piece.n) || cog_room(&r->text, piece.n + 1) == NULL)
    return 0;
  cog_adds(&r->text, piece);
  r->text.data[r->text.len] = '\0';
  return 1;
}

/* ---- what came ---- */

cog_str cog_reply_body(const cog_reply *r)
{
  cog_str body = {"", r->text.len - r->head};
  if (body.n > 0)
    body.p = r->text.data + r->head;
  return body;
}

int cog_reply_header(const cog_reply *r, size_t *at, cog_str *name,
                     cog_str *value)
{
  const char *line, *colon, *end;
  if (*at >= r->head)
    return 0;
  line = r->text.data + *at;
  colon = memchr(line, ':', r->head - *at);
  end = memchr(colon, '\n', r->head - *at - (size_t)(colon - line));
  *name = (cog_str){line, (size_t)(colon - line)};
  *value = (cog_str){colon + 1, (size_t)(end - colon) - 1};
  *at += (size_t)(end - line) + 1;
  return 1;
}
