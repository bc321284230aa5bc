/*
 * url.h: the one kind of URL that is ever called, taken apart.
 *
 * A user before the host, a backslash or a stray sign means different hosts to
 * different readers, so nothing of the kind is let through.
 */
#ifndef COGNITO_URL_H
#define COGNITO_URL_H

#include "buffer.h"
#include "host.h"

typedef struct cog_url {
  cog_str scheme; /* as given: http or https in any case */
  cog_str host;   /* as given; an IPv6 address with its brackets */
  cog_str port;   /* empty where it is the scheme's own; no leading zeros */
  cog_str path;   /* empty, or begins with "/" */
  cog_str query;  /* empty, or begins with "?" */
  char address[COG_ADDRESS_SIZE]; /* see cog_host_read; empty for a name */
} cog_url;

/* Returns 0 when the text is not http(s)://host[:port][/path][?query] in
 * visible ASCII: no user, no fragment, no space, no control. */
int cog_url_read(cog_str text, cog_url *u);

int cog_url_is_plain(const cog_url *u); /* http */
unsigned cog_url_port(const cog_url *u);

/* Append the lower-case URL without its query, with a "/" at its end; the
 * host in lower case, or the address; and the Host header's value as HTTP
 * clients write it (RFC 9110, section 7.2). 0 when there is no room. */
int cog_url_write(const cog_url *u, cog_buffer *out);
int cog_url_write_host(const cog_url *u, cog_buffer *out);
int cog_url_write_authority(const cog_url *u, cog_buffer *out);

#endif
