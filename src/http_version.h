/*
 * http_version.h: what differs from one libcurl to the next, in one place.
 *
 * The headers that this is compiled with may be older or newer than the
 * library at run time, though neither is older than needed.h allows. So values
 * that the headers may lack are written out here, and the library at run time
 * is asked what it can do.
 *
 * http_version.c lists what they do, the versions that it was seen on, and where
 * the library deals with it.
 */
#ifndef COGNITO_HTTP_VERSION_H
#define COGNITO_HTTP_VERSION_H

#include <stddef.h>

#include <curl/curl.h>

/* Versions as curl_version_info has them. */
#define COG_CURL_THREAD_QUEUE   0x081400 /* 8.20 */
#define COG_CURL_HOARDS         0x080100 /* 8.1 */
#define COG_CURL_HOARDS_NO_MORE 0x080e00 /* 8.14, or before */

#if LIBCURL_VERSION_NUM < COG_CURL_THREAD_QUEUE
#define CURLMOPT_RESOLVE_THREADS_MAX ((CURLMoption)(CURLOPTTYPE_LONG + 20))
#define CURLMOPT_QUICK_EXIT          ((CURLMoption)(CURLOPTTYPE_LONG + 21))
#endif

/* A behaviour that the library has to deal with. */
typedef struct cog_curl_fault {
  unsigned since;  /* the first version that has it; 0 for all */
  unsigned before; /* the first that has it no more; 0 when all later do */
  const char *tls; /* the beginning of its TLS library's version; "" for any */
  const char *seen;
  const char *what;
  const char *answer;
} cog_curl_fault;

/* The i-th; NULL behind the last. */
const cog_curl_fault *cog_curl_fault_at(size_t i);

/* Whether the library at run time has it. */
int cog_curl_has(const cog_curl_fault *fault);

/* Whether the library at run time is this version or a later one. */
int cog_curl_is(unsigned version);

/* Whether it may have received more than it was asked for. */
int cog_curl_hoards(void);

/* Why the library at run time is of no use; NULL when it is of use. */
const char *cog_curl_refused(void);

#endif
