/*
 * http_request.h: a request in parts, which lie one behind the
 * other in one buffer, which does not move while the request is in flight.
 * Knows neither Lua nor libcurl.
 *
 * It is written in this order: the body, which a signature covers, into the
 * empty text; cog_request_line; cog_request_header for each header.
 */
#ifndef COGNITO_HTTP_REQUEST_H
#define COGNITO_HTTP_REQUEST_H

#include "buffer.h"

typedef struct cog_request {
  cog_buffer text;             /* body method NUL url NUL (header NUL)* */
  size_t method, url, headers; /* where they begin */
  size_t header_count;
} cog_request;

void cog_request_init(cog_request *r);

/* These return 0 without memory. The request keeps copies. */
int cog_request_line(cog_request *r, cog_str method, cog_str url);
int cog_request_header(cog_request *r, cog_str name, cog_str value);

/* Headers that were written before, one behind the other. */
int cog_request_headers(cog_request *r, cog_str lines, size_t count);

cog_str cog_request_body(const cog_request *r);
const char *cog_request_method(const cog_request *r);
const char *cog_request_url(const cog_request *r);

/* Walks over the headers: *at begins as r->headers. Returns 0 after the last.
 */
int cog_request_next_header(const cog_request *r, size_t *at, cog_str *name,
                            cog_str *value);

/* Forgets the request; keeps its memory for the next one. */
void cog_request_wipe(cog_request *r);
void cog_request_free(cog_request *r);

#endif
