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
 *   all           sends a request again, silently, when a kept   on_request
 *                 connection dies without a reply
 *   7.83 to 8.0   frees twice when a handle is used again and    http_easy.c
 *                 a reply begins with a folded line
 *   8.20 and on   has 20 threads at most to look names up, and   free_threads
 *                 closes when they have ended
 *   7.88          uses connections on which bytes are waiting  http_sockets.c
 *   8.22 and on   uses connections that it saw alive within the  begin_again
 *                 last second, and gives up after six dead ones
 *   8.7 and on    receives for all exchanges of a multi into one    on_body
 *                 buffer, and keeps it
 *   7.88          unpacks any Transfer-Encoding, unasked  check_encoding
 *   7.88          takes HTTP/2's status line and "-05"           read_status
 *   8.0 and on    takes the first three of a status's digits     read_status
 */
#ifndef COGNITO_HTTP_VERSION_H
#define COGNITO_HTTP_VERSION_H

#include <curl/curl.h>

/* Versions as curl_version_info has them. */
#define COG_CURL_THREAD_QUEUE 0x081400 /* 8.20 */

#if LIBCURL_VERSION_NUM < 0x080600
#define CURLE_TOO_LARGE ((CURLcode)100)
#endif

#if LIBCURL_VERSION_NUM < COG_CURL_THREAD_QUEUE
#define CURLMOPT_RESOLVE_THREADS_MAX ((CURLMoption)(CURLOPTTYPE_LONG + 20))
#define CURLMOPT_QUICK_EXIT          ((CURLMoption)(CURLOPTTYPE_LONG + 21))
#endif

/* Whether the library at run time is this version or a later one. */
int cog_curl_is(unsigned version);

/* Why the library at run time is of no use; NULL when it is of use. */
const char *cog_curl_refused(void);

#endif
