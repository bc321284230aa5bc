/*
 * h1.c: replies of any form for the reader of HTTP/1.1: however the bytes are
 * cut, it says the same of them; what it keeps is bounded; and a reply that it
 * takes, written out in the plainest form, is the same reply.
 *
 * An input: a byte for the request and the bound, and what the server sends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "h1_reader.h"
#include "heap_buffer.h"

typedef struct reading {
  cog_reply reply;
  cog_h1_reader reader;
  int keeps;
} reading;

static void expect(int truth, const char *what)
{
  if (truth)
    return;
  fprintf(stderr, "fault: %s\n", what);
  abort();
}

/* ---- reading ---- */

/* Bytes that the next piece has: `cuts` is a number for each. */
static size_t next_piece(size_t step, unsigned *cuts, size_t left)
{
  size_t n = step;
  if (step == 0) {
    *cuts = (*cuts * 16807u + 7u) % 65521u;
    n = 1 + *cuts % 23;
  }
  return n < left ? n : left;
}

static void expect_bounded(const reading *g)
{
  size_t most = g->reply.most;
  expect(g->reply.received <= most, "it takes more than it may");
  expect(g->reply.text.len <= most && g->reader.line.len <= most,
         "it keeps more than it may");
}

/* A piece in memory of its own, which ends where the piece does. */
static void feed_apart(cog_h1_reader *h, cog_str piece)
{
  char *copy = malloc(piece.n);
  expect(copy != NULL, "no memory");
  memcpy(copy, piece.p, piece.n);
  cog_h1_feed(h, (cog_str){copy, piece.n});
  free(copy);
}

/* In pieces of `step` bytes; 0: in pieces of changing length. */
static void read_text(reading *g, cog_str text, size_t most, int is_head,
                      size_t step)
{
  unsigned cuts = (unsigned)(text.n % 65521u);
  size_t at, n;
  cog_reply_init(&g->reply);
  cog_h1_init(&g->reader);
  cog_reply_begin(&g->reply, most);
  cog_h1_begin(&g->reader, &g->reply, is_head);
  for (at = 0; at < text.n; at += n) {
    n = next_piece(step, &cuts, text.n - at);
    if (step == 0)
      feed_apart(&g->reader, (cog_str){text.p + at, n});
    else
      cog_h1_feed(&g->reader, (cog_str){text.p + at, n});
    expect_bounded(g);
  }
  g->keeps = cog_h1_keeps(&g->reader);
}

static void end(reading *g, int orderly)
{
  cog_h1_outcome outcome = cog_h1_end(&g->reader, orderly);
  expect(outcome != COG_H1_MORE, "it waits for more after the end");
  expect((outcome == COG_H1_COMPLETE) == (g->reader.words == NULL),
         "it is no reply, and it does not say why");
  expect(!cog_h1_keeps(&g->reader), "a connection that has ended is kept");
}

static void let_go(reading *g)
{
  cog_reply_free(&g->reply);
  cog_h1_free(&g->reader);
}

/* ---- comparing ---- */

static int same(cog_str a, cog_str b)
{
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static void compare(const reading *a, const reading *b)
{
  expect(a->reader.outcome == b->reader.outcome,
         "cut, it has another outcome");
  expect(a->reader.words == b->reader.words, "cut, it has another fault");
  expect(a->keeps == b->keeps, "cut, its connection is kept, or not");
  if (a->reader.outcome != COG_H1_COMPLETE)
    return;
  expect(a->reply.status == b->reply.status && a->reply.head == b->reply.head,
         "cut, it has another head");
  expect(same((cog_str){a->reply.text.data, a->reply.text.len},
              (cog_str){b->reply.text.data, b->reply.text.len}),
         "cut, it is another reply");
}

/* ---- writing ---- */

static int is_framing(cog_str name)
{
  return same(name, COG_STR("content-length")) ||
         same(name, COG_STR("transfer-encoding"));
}

static void write_out(const reading *g, cog_buffer *out)
{
  char text[64];
  size_t at = 0;
  cog_str name, value;
  snprintf(text, sizeof text, "HTTP/1.1 %d\r\n", g->reply.status);
  cog_add(out, text, strlen(text));
  while (cog_reply_header(&g->reply, &at, &name, &value)) {
    if (is_framing(name))
      continue;
    cog_adds(out, name);
    cog_adds(out, COG_STR(": "));
    cog_adds(out, value);
    cog_adds(out, COG_STR("\r\n"));
  }
  snprintf(text, sizeof text, "content-length: %zu\r\n\r\n",
           cog_reply_body(&g->reply).n);
  cog_add(out, text, strlen(text));
  cog_adds(out, cog_reply_body(&g->reply));
}

static cog_str without_blanks(cog_str s)
{
  while (s.n > 0 && strchr(" \t", s.p[s.n - 1]) != NULL)
    s.n--;
  while (s.n > 0 && strchr(" \t", s.p[0]) != NULL) {
    s.p++;
    s.n--;
  }
  return s;
}

static int next_header(const reading *g, size_t *at, cog_str *name,
                       cog_str *value)
{
  while (cog_reply_header(&g->reply, at, name, value))
    if (!is_framing(*name))
      return 1;
  return 0;
}

static void compare_written(const reading *a, const reading *b)
{
  size_t at = 0, there = 0;
  cog_str name, value, other_name, other_value;
  expect(b->reader.outcome == COG_H1_COMPLETE, "written out, it is none");
  expect(a->reply.status == b->reply.status, "written out, another status");
  expect(same(cog_reply_body(&a->reply), cog_reply_body(&b->reply)),
         "written out, it has another body");
  while (next_header(a, &at, &name, &value))
    expect(next_header(b, &there, &other_name, &other_value) &&
               same(name, other_name) &&
               same(without_blanks(value), without_blanks(other_value)),
           "written out, it has other headers");
  expect(!next_header(b, &there, &name, &value), "a header too many");
}

static void read_written(const reading *g, int is_head)
{
  reading again;
  cog_buffer out;
  cog_heap_init(&out);
  write_out(g, &out);
  read_text(&again, (cog_str){out.data, out.len}, out.len, is_head, 0);
  compare_written(g, &again);
  let_go(&again);
  cog_heap_free(&out);
}

/* ---- the target ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const size_t steps[] = {1, 2, 0};
  static const size_t bounds[] = {65536, 65536, 100, 1048576, 0, 1, 4, 20};
  cog_str text = {(const char *)data, size};
  int way = size > 0 ? *data : 0, is_head = way % 16 == 1;
  size_t most = bounds[way % 8], i;
  reading whole, cut;
  if (size > 0) {
    text.p++;
    text.n--;
  }
  read_text(&whole, text, most, is_head, text.n);
  end(&whole, way / 16 % 2 == 0);
  for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    read_text(&cut, text, most, is_head, steps[i]);
    end(&cut, way / 16 % 2 == 0);
    compare(&whole, &cut);
    let_go(&cut);
  }
  if (whole.reader.outcome == COG_H1_COMPLETE && whole.reply.lines < 255)
    read_written(&whole, is_head);
  let_go(&whole);
  return 0;
}
