/*
 * http_check.h: what may stand in a request. Each check returns NULL, or the
 * complaint: a sentence that names the field and never shows the value.
 */
#ifndef COGNITO_HTTP_CHECK_H
#define COGNITO_HTTP_CHECK_H

#include "buffer.h"

const char *cog_check_method(cog_str method);

/* http(s)://host[:port][/path][?query], visible ASCII. Plain http only
 * towards a literal loopback address unless allow_http. */
const char *cog_check_url(cog_str url, int allow_http);

const char *cog_check_header(cog_str name, cog_str value);

/* 127.0.0.0/8 and ::1 as literal addresses. */
int cog_is_loopback(cog_str host);

/* Those in any spelling, and the names that mean them (RFC 6761, section
 * 6.3): no proxy leads there. */
int cog_is_this_machine(cog_str host);

#endif
