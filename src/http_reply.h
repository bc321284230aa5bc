/*
 * http_reply.h: a reply as it comes in, line by line and piece by piece, with
 * its checks. Knows neither Lua nor libcurl.
 */
#ifndef COGNITO_HTTP_REPLY_H
#define COGNITO_HTTP_REPLY_H

#include "buffer.h"

typedef struct cog_reply {
  cog_buffer text; /* (name:value LF)* body */
  size_t head;     /* where the body begins */
  size_t lines;
  size_t received, most; /* bytes */
  int head_ended, chunked, in_body;
  int closes;    /* the server ends the connection after it */
  int framing;   /* the last header line says where the reply ends */
  int status;    /* of the head that came last */
  double length; /* as the headers have it; negative: they do not */
  int too_large;
  const char *malformed; /* the first fault found in it; NULL: none */
} cog_reply;

void cog_reply_init(cog_reply *r);

/* Makes ready for a reply of at most so many bytes, head and body. */
void cog_reply_begin(cog_reply *r, size_t most);

/* A status line, a header line, the empty line behind them, or a trailer. An
 * interim (1xx) reply is dropped when the next status line comes. Returns 0
 * when the reply is not to be read any further: too_large or malformed says
 * why, else memory has run out. */
int cog_reply_line(cog_reply *r, cog_str line);

/* Counts bytes that are neither, as those around chunks; returns likewise. */
int cog_reply_count(cog_reply *r, size_t n);

/* A line without its end: LF, or CR LF. */
cog_str cog_reply_without_end(cog_str line);

/* Whether such a line is one to all readers: it holds no NUL and no CR. */
int cog_reply_is_line(cog_str line);

/* A piece of the body; returns likewise. */
int cog_reply_piece(cog_reply *r, cog_str piece);

/* A NUL follows it, like that of a Lua string. */
cog_str cog_reply_body(const cog_reply *r);

/* Walks over the headers of the final reply, names in lower case: *at begins
 * as 0. Returns 0 after the last. */
int cog_reply_header(const cog_reply *r, size_t *at, cog_str *name,
                     cog_str *value);

/* Forgets the reply; keeps its memory for the next one. */
void cog_reply_wipe(cog_reply *r);
void cog_reply_free(cog_reply *r);

#endif
