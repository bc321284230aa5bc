/*
 * h1_reader.c: see h1_reader.h. Section numbers are those of RFC 9112.
 */
#include "h1_reader.h"

#include <stdint.h>

#include "ascii.h"
#include "heap_buffer.h"

/* Bytes. A chunk's size comes with its extensions. */
#define LONGEST_HEAD 65536
#define LONGEST_SIZE 4096

enum { HEAD, BODY, REST, SIZE, CHUNK, CHUNK_END, CHUNK_LF, TRAILERS };

/* ---- life ---- */

void cog_h1_init(cog_h1_reader *h)
{
  memset(h, 0, sizeof *h);
  cog_heap_init(&h->line);
}

void cog_h1_free(cog_h1_reader *h)
{
  cog_heap_free(&h->line);
}

static void expect_head(cog_h1_reader *h)
{
  h->at = HEAD;
  h->is_first = 1;
  h->room = LONGEST_HEAD;
}

void cog_h1_begin(cog_h1_reader *h, cog_reply *reply, int is_head)
{
  cog_heap_empty(&h->line);
  h->reply = reply;
  h->is_head = is_head;
  h->surplus = 0;
  h->left = 0;
  h->outcome = COG_H1_MORE;
  h->words = NULL;
  expect_head(h);
}

/* ---- outcomes; these return 0 ---- */

static int stop(cog_h1_reader *h, cog_h1_outcome outcome, const char *words)
{
  h->outcome = outcome;
  h->words = words;
  return 0;
}

static int malformed(cog_h1_reader *h, const char *words)
{
  h->reply->malformed = words;
  return stop(h, COG_H1_MALFORMED, words);
}

static int too_large(cog_h1_reader *h, const char *words)
{
  h->reply->too_large = 1;
  return stop(h, COG_H1_TOO_LARGE, words);
}

/* The reply has refused what it was given. */
static int refused(cog_h1_reader *h)
{
  if (h->reply->malformed != NULL)
    return malformed(h, h->reply->malformed);
  if (h->reply->too_large)
    return too_large(h, "it is larger than max_response, or has too many "
                        "header lines");
  return stop(h, COG_H1_NO_MEMORY, "not enough memory");
}

static void complete(cog_h1_reader *h)
{
  h->outcome = COG_H1_COMPLETE;
}

/* ---- bytes ---- */

/* How many more may come. */
static size_t bound(const cog_h1_reader *h)
{
  return h->reply->most - h->reply->received;
}

static cog_str cut(cog_str *bytes, size_t n)
{
  cog_str head = {bytes->p, n};
  bytes->p += n;
  bytes->n -= n;
  return head;
}

/* Whether a line may be so long, as far as it has come. */
static int fits(cog_h1_reader *h, size_t n)
{
  if (n > h->room && h->room <= bound(h))
    return h->at == SIZE   ? malformed(h, "a chunk's size does not end")
           : h->at == HEAD ? too_large(h, "its head does not end")
                           : too_large(h, "its trailers do not end");
  return n <= bound(h) || too_large(h, "it is larger than max_response");
}

/* Takes a line with its end. Returns 0 when the end has not come, or never
 * may. The line stays until it is done with. */
static int take_line(cog_h1_reader *h, cog_str *bytes, cog_str *line)
{
  const char *end = memchr(bytes->p, '\n', bytes->n);
  size_t n = end != NULL ? (size_t)(end - bytes->p) + 1 : bytes->n;
  if (!fits(h, h->line.len + n))
    return 0;
  *line = cut(bytes, n);
  if (end != NULL && h->line.len == 0)
    return 1;
  if (!cog_adds(&h->line, *line))
    return stop(h, COG_H1_NO_MEMORY, "not enough memory");
  *line = (cog_str){h->line.data, h->line.len};
  return end != NULL;
}

static void done_with(cog_h1_reader *h, cog_str line)
{
  if (h->line.len > 0)
    cog_heap_empty(&h->line);
  h->room -= line.n;
}

/* ---- heads (sections 4 and 5) ---- */

/* Looked at as it comes, for a line that is none of HTTP's may never end. */
static int begins_as_http(cog_h1_reader *h, cog_str bytes)
{
  static const char name[] = "HTTP/";
  size_t at = h->line.len, i;
  for (i = 0; i < bytes.n && at + i < sizeof name - 1 && at + i <= bound(h);
       i++)
    if (bytes.p[i] != name[at + i])
      return malformed(h, "it does not begin as HTTP does");
  return 1;
}

/* Section 6.3. */
static void end_head(cog_h1_reader *h)
{
  const cog_reply *r = h->reply;
  h->room = LONGEST_SIZE;
  if (r->status == 101)
    malformed(h, "it changes the protocol, which was not requested");
  else if (r->status < 200)
    expect_head(h);
  else if (h->is_head || r->status == 204 || r->status == 304)
    /* NOLINTNEXTLINE(bugprone-branch-clone): that section's order. */
    complete(h);
  else if (r->chunked)
    h->at = SIZE;
  else if (r->length < 0)
    h->at = REST;
  else if (r->length > (double)bound(h))
    too_large(h, "it is larger than max_response");
  else if (r->length == 0)
    complete(h);
  else {
    h->at = BODY;
    h->left = (size_t)r->length;
  }
}

static void read_head(cog_h1_reader *h, cog_str *bytes)
{
  cog_str line;
  if (h->is_first && !begins_as_http(h, *bytes))
    return;
  if (!take_line(h, bytes, &line))
    return;
  h->is_first = 0;
  if (!cog_reply_line(h->reply, line)) {
    refused(h);
    return;
  }
  done_with(h, line);
  if (h->reply->head_ended)
    end_head(h);
}

/* ---- bodies ---- */

static int add_piece(cog_h1_reader *h, cog_str piece)
{
  return cog_reply_piece(h->reply, piece) || refused(h);
}

static void read_counted(cog_h1_reader *h, cog_str *bytes)
{
  cog_str piece = cut(bytes, bytes->n < h->left ? bytes->n : h->left);
  if (!add_piece(h, piece))
    return;
  h->left -= piece.n;
  if (h->left > 0)
    return;
  if (h->at == BODY)
    complete(h);
  else
    h->at = CHUNK_END;
}

/* ---- chunks (section 7.1) ---- */

/* At most sixteen hexadecimal digits; extensions are passed over. */
static int read_size(cog_str line, uint64_t *size)
{
  size_t i = 0;
  *size = 0;
  while (i < line.n && i < 16 && cog_hex_value(line.p[i]) >= 0)
    *size = *size * 16 + (uint64_t)cog_hex_value(line.p[i++]);
  if (i == 0 || !cog_reply_is_line(line))
    return 0;
  while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
    i++;
  return i == line.n || line.p[i] == ';';
}

static void begin_chunk(cog_h1_reader *h, uint64_t size)
{
  if (size > bound(h)) {
    too_large(h, "it is larger than max_response");
    return;
  }
  h->at = size > 0 ? CHUNK : TRAILERS;
  h->left = (size_t)size;
  h->room = LONGEST_HEAD;
}

static void read_size_line(cog_h1_reader *h, cog_str *bytes)
{
  cog_str line;
  uint64_t size;
  if (!take_line(h, bytes, &line))
    return;
  cog_reply_count(h->reply, line.n);
  if (read_size(cog_reply_without_end(line), &size))
    begin_chunk(h, size);
  else
    malformed(h, "a chunk's size is not a number");
  if (h->line.len > 0)
    cog_heap_empty(&h->line);
}

/* CR LF, or LF alone. */
static void read_chunk_end(cog_h1_reader *h, cog_str *bytes)
{
  char c = *cut(bytes, 1).p;
  if (!cog_reply_count(h->reply, 1))
    refused(h);
  else if (c == '\r' && h->at == CHUNK_END)
    h->at = CHUNK_LF;
  else if (c != '\n')
    malformed(h, "a chunk is longer than its size");
  else {
    h->at = SIZE;
    h->room = LONGEST_SIZE;
  }
}

static void read_trailer(cog_h1_reader *h, cog_str *bytes)
{
  cog_str line;
  if (!take_line(h, bytes, &line))
    return;
  if (!cog_reply_line(h->reply, line))
    refused(h);
  else if (cog_reply_without_end(line).n == 0)
    complete(h);
  done_with(h, line);
}

/* ---- all of it ---- */

static void read_part(cog_h1_reader *h, cog_str *bytes)
{
  switch (h->at) {
  case HEAD:
    read_head(h, bytes);
    break;
  case BODY:
  case CHUNK:
    read_counted(h, bytes);
    break;
  case REST:
    add_piece(h, cut(bytes, bytes->n));
    break;
  case SIZE:
    read_size_line(h, bytes);
    break;
  case CHUNK_END:
  case CHUNK_LF:
    read_chunk_end(h, bytes);
    break;
  default:
    read_trailer(h, bytes);
  }
}

cog_h1_outcome cog_h1_feed(cog_h1_reader *h, cog_str bytes)
{
  while (bytes.n > 0 && h->outcome == COG_H1_MORE)
    read_part(h, &bytes);
  if (bytes.n > 0)
    h->surplus = 1;
  return h->outcome;
}

/* Whether a byte of a reply has come, an interim one's too. */
static int has_begun(const cog_h1_reader *h)
{
  return h->reply->received > 0 || h->line.len > 0;
}

static const char *where_cut(const cog_h1_reader *h)
{
  if (!has_begun(h))
    return "it was closed without a reply";
  if (h->at == HEAD)
    return "it was closed within the headers";
  return "it was closed within the body";
}

cog_h1_outcome cog_h1_end(cog_h1_reader *h, int orderly)
{
  if (h->outcome != COG_H1_MORE)
    h->surplus = 1;
  else if (h->at == REST && orderly)
    complete(h);
  else
    stop(h, COG_H1_CUT_OFF, where_cut(h));
  return h->outcome;
}

/* Where two headers say how long it is, or one that a reply without a body
 * may not have (sections 6.1 and 6.3), another reader saw another end. */
static int has_clear_end(const cog_h1_reader *h)
{
  const cog_reply *r = h->reply;
  if (r->status == 204)
    return !r->chunked && r->length <= 0;
  return !r->chunked || r->length < 0;
}

int cog_h1_keeps(const cog_h1_reader *h)
{
  return h->outcome == COG_H1_COMPLETE && h->at != REST && !h->surplus &&
         !h->reply->closes && has_clear_end(h);
}
