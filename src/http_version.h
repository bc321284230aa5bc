/*
 * http_version.h: what differs from one libcurl to the next, in one place.
 *
 * The headers that this is compiled with may be older or newer than the
 * library at run time, though neither is older than needed.h allows. So values
 * that the headers may lack are written out here, and the library at run time
 * is asked what it can do.
 *
 * Seen on 7.88.1, 8.14.1 and 8.23.0, or read in libcurl's history; and where
 * the library deals with it:
 *
 *   all           finds a connection by looking through all of   http_multi.h
 *                 its multi handle, for each send and receive
 *   7.88          closes a socket that never got connected       http_sockets.c
 *                 without a word
 *   8.0 and on    closes connections that no handle is      http_connection.c
 *                 attached to and on which bytes are waiting
 *   8.1 to 8.13   may have received more than it was asked for   is_dry
 *   8.20 and on   has 20 threads at most to look names up, and   free_threads
 *                 closes when they have ended
 */
#ifndef COGNITO_HTTP_VERSION_H
#define COGNITO_HTTP_VERSION_H

#include <curl/curl.h>

/* Versions as curl_version_info has them. */
#define COG_CURL_THREAD_QUEUE   0x081400 /* 8.20 */
#define COG_CURL_HOARDS         0x080100 /* 8.1 */
#define COG_CURL_HOARDS_NO_MORE 0x080e00 /* 8.14, or before */

#if LIBCURL_VERSION_NUM < COG_CURL_THREAD_QUEUE
#define CURLMOPT_RESOLVE_THREADS_MAX ((CURLMoption)(CURLOPTTYPE_LONG + 20))
#define CURLMOPT_QUICK_EXIT          ((CURLMoption)(CURLOPTTYPE_LONG + 21))
#endif

/* Whether the library at run time is this version or a later one. */
int cog_curl_is(unsigned version);

/* Whether it may have received more than it was asked for. */
int cog_curl_hoards(void);

/* Why the library at run time is of no use; NULL when it is of use. */
const char *cog_curl_refused(void);

#endif
