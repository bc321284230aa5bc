/*
 * http_target.h: where an exchange goes: its URL, parsed once for as long as
 * it stays the same, and the proxy on the way.
 */
#ifndef COGNITO_HTTP_TARGET_H
#define COGNITO_HTTP_TARGET_H

#include <curl/curl.h>

typedef struct cog_target {
  CURLU *url; /* the last exchange's; NULL: none */
  char *text; /* what it was parsed from */
  int plain, loopback;
  const char
      *proxy_fault;       /* what is wrong with the proxy's URL, if anything */
  const char *proxy_name; /* the variable that it comes from, if any */
} cog_target;

/* Directs a handle to this URL. `proxy` is NULL for the environment's and ""
 * for none; `direct` goes through none, whatever there is. */
CURLcode cog_target_set(cog_target *t, CURL *curl, const char *url,
                        const char *proxy, int direct);

/* Whether libcurl's message says that it stopped at a faulty proxy. */
int cog_target_stopped(const cog_target *t, const char *words);

/* No handle may hold the URL any more. */
void cog_target_free(cog_target *t);

#endif
