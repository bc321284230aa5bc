/*
 * host.h: the hosts of URLs: names and addresses, and which of them are this
 * machine. No look-ups.
 */
#ifndef COGNITO_HOST_H
#define COGNITO_HOST_H

#include "buffer.h"

#define COG_ADDRESS_SIZE 48 /* an address as text, brackets and NUL included */

typedef enum cog_host_kind {
  COG_HOST_WRONG, /* neither of the two */
  COG_HOST_NAME,
  COG_HOST_ADDRESS
} cog_host_kind;

/* Of an address, `address` gets the text that libcurl connects to and writes
 * into the Host header: 127.0.0.1 for 127.1, [::1] for [0:0::1]. */
cog_host_kind cog_host_read(cog_str host, char address[COG_ADDRESS_SIZE]);

/* A literal address of 127.0.0.0/8, or ::1 in brackets. Only four decimal
 * numbers count as IPv4: other programs read 127.1 and 127.0.0.010 as names
 * or as other addresses. */
int cog_is_loopback(cog_str host);

/* Those in any spelling, and the names that mean them (RFC 6761, section
 * 6.3): no proxy leads there. */
int cog_is_this_machine(cog_str host);

/* One label of a host name (RFC 1123): what a region must be. */
int cog_is_host_label(cog_str s);

#endif
