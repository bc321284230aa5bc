/*
 * http_fault.h: libcurl's result codes as the few faults a caller can tell
 * apart and do something about.
 */
#ifndef COGNITO_HTTP_FAULT_H
#define COGNITO_HTTP_FAULT_H

#include <curl/curl.h>

#include "http.h"

/* `sent`: bytes of the request have left. `refused`: the system has refused
 * sockets meanwhile. `words`: libcurl's own message. */
cog_fault cog_fault_of(CURLcode rc, int sent, int refused, const char *words);

/* Fills in an outcome with what happened in words and what to look at. */
void cog_fault_tell(cog_outcome *o, cog_fault fault, int sent,
                    const char *words);

#endif
