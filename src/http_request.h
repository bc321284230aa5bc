/*
 * http_request.h: a request as libcurl takes it: its parts lie one behind the
 * other in one buffer, which does not move while the request is in flight.
 * Knows neither Lua nor libcurl.
 *
 * It is written in this order: cog_request_line, cog_request_header for each
 * header, cog_request_body.
 */
#ifndef COGNITO_HTTP_REQUEST_H
#define COGNITO_HTTP_REQUEST_H

#include "buffer.h"

typedef struct cog_request {
  cog_buffer text;           /* method NUL url NUL (header NUL)* body */
  size_t url, headers, body; /* where they begin */
  size_t header_count;
} cog_request;

void cog_request_init(cog_request *r);

/* These return 0 without memory. The request keeps copies. */
int cog_request_line(cog_request *r, cog_str method, cog_str url);
int cog_request_header(cog_request *r, cog_str name, cog_str value);
int cog_request_body(cog_request *r, cog_str body);

const char *cog_request_method(const cog_request *r);
const char *cog_request_url(const cog_request *r);

/* Forgets the request; keeps its memory for the next one. */
void cog_request_wipe(cog_request *r);
void cog_request_free(cog_request *r);

#endif
