/*
 * request.h: the bytes that the library sends, made by the shortest way: what
 * does not change is written once, and a signature costs three hashes.
 */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H

#include "../src/digest.h"
#include "bench.h"

#define REQUEST_LINES 12

typedef struct request {
  const bench *b;
  int is_signed;
  const char *target, *body;
  char lines[REQUEST_LINES][256]; /* headers as "Name: value" */
  int nlines;
  cog_digest digest;
  cog_hmac_key key; /* the derived one */
} request;

void request_init(request *r, const bench *b);

/* Signs again, if the operation is a signed one. */
void request_sign(request *r);

#endif
