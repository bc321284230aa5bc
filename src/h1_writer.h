/*
 * h1_writer.h: a request as the bytes of HTTP/1.1 (RFC 9112, section 3). Knows
 * neither sockets nor Lua nor libcurl.
 */
#ifndef COGNITO_H1_WRITER_H
#define COGNITO_H1_WRITER_H

#include "http_request.h"
#include "url.h"

/* How the request goes to its server. */
typedef struct cog_h1_way {
  const cog_url *url;   /* of the request, taken apart */
  int by_proxy;         /* plain http through a proxy: the whole URL is sent */
  cog_str proxy_header; /* "Proxy-Authorization: ..."; empty: none */
  int closes;           /* the connection is for this exchange alone */
} cog_h1_way;

/* Appends the head, up to the empty line; the body, cog_request_body, goes
 * behind it as it is. The request's parts have passed request_check.h. Returns
 * 0 when there is no room. */
int cog_h1_write_head(const cog_request *r, const cog_h1_way *way,
                      cog_buffer *out);

#endif
