/*
 * h1_reader.h: where a reply of HTTP/1.1 ends, and whether its connection can
 * carry another (RFC 9112). Bytes go in, in whatever pieces they come; lines
 * and pieces of the body go to a cog_reply, which checks and keeps them. The
 * outcome is the same however the bytes are cut.
 *
 * Everything is bounded: all bytes of the reply, interim replies and chunks'
 * sizes among them, by reply->most; a head and the trailers by 64 KiB each,
 * and together by 256 lines. Knows neither sockets nor Lua nor libcurl.
 */
#ifndef COGNITO_H1_READER_H
#define COGNITO_H1_READER_H

#include "http_reply.h"

typedef enum cog_h1_outcome {
  COG_H1_MORE, /* the reply goes on */
  COG_H1_COMPLETE,
  COG_H1_CUT_OFF, /* the connection ended before the reply did */
  COG_H1_MALFORMED,
  COG_H1_TOO_LARGE,
  COG_H1_NO_MEMORY
} cog_h1_outcome;

typedef struct cog_h1_reader {
  cog_reply *reply;
  cog_buffer line; /* the beginning of a line whose end has not come yet */
  int at;          /* which part of the reply comes next */
  int is_first;    /* what comes is the first line of a head */
  int is_head;     /* the request was HEAD */
  int surplus;     /* bytes came after the end */
  size_t room;     /* bytes that the lines to come may take */
  size_t left;     /* bytes of the body, or of the chunk, to come */
  cog_h1_outcome outcome;
  const char *words; /* why the outcome is none of the first two */
} cog_h1_reader;

/* `line` grows on the heap, and only for a line that comes in pieces. */
void cog_h1_init(cog_h1_reader *h);
void cog_h1_free(cog_h1_reader *h);

/* Makes ready for one reply. cog_reply_begin has been called on it, and says
 * how large it may be; it stays where it is until the outcome is known. */
void cog_h1_begin(cog_h1_reader *h, cog_reply *reply, int is_head);

/* Takes what has come, all of it, and says what became of the reply. Bytes
 * that come when it is complete were not asked for: they are surplus. */
cog_h1_outcome cog_h1_feed(cog_h1_reader *h, cog_str bytes);

/* The other side has closed. `orderly`: with a FIN, and under TLS with a
 * close_notify before it, else anyone may have cut the reply off. Only an
 * orderly end ends a body that has no other. */
cog_h1_outcome cog_h1_end(cog_h1_reader *h, int orderly);

/* Whether the connection can carry another exchange: the reply is complete,
 * nothing came after it, and neither side closes. The caller has to know that
 * its request has left whole. */
int cog_h1_keeps(const cog_h1_reader *h);

#endif
