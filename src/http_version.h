/*
 * http_version.h: what differs from one libcurl to the next, in one place.
 *
 * The headers that this is compiled with may be older or newer than the
 * library at run time. So values that the headers may lack are written out
 * here, and the library at run time is asked what it can do.
 *
 * Seen on 7.88.1, 8.14.1 and 8.23.0, or read in libcurl's history; and where
 * the library deals with it:
 *
 *   all           sends a request again, silently, when a kept   on_request
 *                 connection dies without a reply
 *   before 7.80   has no callback that would see it              on_seek
 *   7.83 to 8.0   frees twice when a handle is used again and    http_easy.c
 *                 a reply begins with a folded line
 *   before 7.87   closes only when all names are looked up       nowhere
 *   8.20 and on   has 20 threads at most to look names up, and   free_threads
 *                 closes when they have ended
 *   7.88          uses connections on which bytes are waiting    http_sockets.c
 *   7.88          unpacks any Transfer-Encoding, unasked         check_encoding
 *   7.88          takes HTTP/2's status line and "-05"           read_status
 *   8.0 and on    takes the first three of a status's digits     read_status
 */
#ifndef COGNITO_HTTP_VERSION_H
#define COGNITO_HTTP_VERSION_H

#include <curl/curl.h>

/* Versions as curl_version_info has them. */
#define COG_CURL_LEAST        0x074400 /* 7.68 */
#define COG_CURL_PREREQ       0x075000 /* 7.80 */
#define COG_CURL_QUICK_EXIT   0x075700 /* 7.87 */
#define COG_CURL_THREAD_QUEUE 0x081400 /* 8.20 */

#if LIBCURL_VERSION_NUM < COG_CURL_PREREQ
#define CURLOPT_PREREQFUNCTION ((CURLoption)(CURLOPTTYPE_FUNCTIONPOINT + 312))
#define CURLOPT_PREREQDATA     ((CURLoption)(CURLOPTTYPE_OBJECTPOINT + 313))
#define CURL_PREREQFUNC_OK     0
#define CURL_PREREQFUNC_ABORT  1
#endif

#if LIBCURL_VERSION_NUM < 0x075500
#define CURLOPT_PROTOCOLS_STR ((CURLoption)(CURLOPTTYPE_OBJECTPOINT + 318))
#endif

/* By its number: newer headers warn of the name. */
#define COG_CURLOPT_PROTOCOLS ((CURLoption)(CURLOPTTYPE_LONG + 181))

#if LIBCURL_VERSION_NUM < COG_CURL_QUICK_EXIT
#define CURLOPT_QUICK_EXIT ((CURLoption)(CURLOPTTYPE_LONG + 322))
#endif

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
