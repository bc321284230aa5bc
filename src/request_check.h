/*
 * request_check.h: what may stand in a request. Each check returns NULL, or the
 * complaint: a sentence that names the field and never shows the value.
 */
#ifndef COGNITO_REQUEST_CHECK_H
#define COGNITO_REQUEST_CHECK_H

#include "url.h"

const char *cog_check_method(cog_str method);

/* A URL of url.h; plain http only towards a literal loopback address unless
 * allow_http. */
const char *cog_check_url(cog_str text, int allow_http, cog_url *u);

const char *cog_check_header(cog_str name, cog_str value);

#endif
