/*
 * endpoint.h: the service's URL, taken apart.
 */
#ifndef COGNITO_ENDPOINT_H
#define COGNITO_ENDPOINT_H

#include "buffer.h"

typedef struct cog_endpoint {
  cog_str scheme; /* as given: http or https in any case */
  cog_str host;   /* an IPv6 address with its brackets */
  cog_str port;   /* empty where it is the scheme's own */
  cog_str path;   /* empty, or begins with "/" */
} cog_endpoint;

/* Returns 0 when the text is not http(s)://host[:port][/path]. Nothing else
 * is let through: no user, no query, no fragment, no space, no control. */
int cog_endpoint_parse(cog_str url, cog_endpoint *e);

/* Append the lower-case URL, with a "/" at its end, and the Host header's
 * value as HTTP clients write it (RFC 9110, section 7.2); 0 when there is
 * no room. */
int cog_endpoint_url(const cog_endpoint *e, cog_buffer *out);
int cog_endpoint_host(const cog_endpoint *e, cog_buffer *out);

/* One label of a host name (RFC 1123): what a region must be. */
int cog_is_host_label(cog_str s);

#endif
