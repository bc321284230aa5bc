/*
 * http_target.h: where a connection goes: a host, and the proxy on the way.
 */
#ifndef COGNITO_HTTP_TARGET_H
#define COGNITO_HTTP_TARGET_H

#include <curl/curl.h>

#include "buffer.h"

typedef struct cog_target {
  const char *url; /* its host's */
  int plain, loopback, direct;
  const char
      *proxy_fault;       /* what is wrong with the proxy's URL, if anything */
  const char *proxy_name; /* the variable that it comes from, if any */
  int written_out;        /* requests are, for an HTTP proxy: the whole URL */
  int asks;               /* whether there is such a one: only libcurl knows */
} cog_target;

/* `proxy` is NULL for the environment's and "" for none; a direct target is
 * reached through none, whatever there is. Requests that are written out need
 * the header that is appended, if any. 0 without memory. */
int cog_target_choose(cog_target *t, const char *proxy,
                      cog_buffer *authorization);

/* Directs a handle to the target. */
CURLcode cog_target_set(const cog_target *t, CURL *curl, const char *proxy);

/* Whether libcurl's message says that it stopped at a faulty proxy. */
int cog_target_stopped(const cog_target *t, const char *words);

/* Whether it says that there is a proxy, which was asked: then the target has
 * to be set again. `words` is NULL when there was none to stop at. */
int cog_target_answered(cog_target *t, const char *words);

#endif
