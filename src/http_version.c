/*
 * http_version.c: the libcurl at run time, and what is known of its versions.
 *
 * Where the version that ended a behaviour is unknown, `before` is the oldest one
 * on which it was looked for and not seen. core.info() and `cognito doctor` name
 * those of the libcurl in the process.
 */
#include "http_version.h"

#include <string.h>

static const cog_curl_fault faults[] = {
    {0, 0, "", "7.88.1, 8.14.1, 8.23.0",
     "looks through all connections of a multi handle to find one, for each "
     "send and receive",
     "a multi handle has few of them (http_multi.h)"},
    {0, 0, "", "7.88.1, 8.14.1, 8.23.0",
     "parses the system's whole bundle of certificates for every connection, "
     "although there is a hashed directory",
     "one of the two is named (http_trust.c)"},
    {0, 0x080e00, "", "7.88.1",
     "closes a socket that never got connected without a word",
     "a number that another file has by then is left alone (http_sockets.c)"},
    {0x080000, 0, "", "8.14.1, 8.23.0",
     "closes connections that no handle is attached to and on which bytes are "
     "waiting",
     "handles stay attached (http_connection.c)"},
    {COG_CURL_HOARDS, COG_CURL_HOARDS_NO_MORE, "", "8.1 to 8.13",
     "may have received more than it was asked for",
     "it is asked until it has no more (http_connection.c)"},
    {0, 0x080e00, "OpenSSL/", "7.88.1",
     "takes the end of a connection for an orderly end of TLS",
     "OpenSSL is asked (http_tls.c)"},
    {COG_CURL_THREAD_QUEUE, 0, "", "8.23.0",
     "has 20 threads at most to look names up, and closes when they have "
     "ended",
     "more are allowed, and closing does not wait (http_multi.c)"},
};

const cog_curl_fault *cog_curl_fault_at(size_t i)
{
  return i < sizeof faults / sizeof *faults ? &faults[i] : NULL;
}

int cog_curl_has(const cog_curl_fault *fault)
{
  const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return strncmp(tls != NULL ? tls : "", fault->tls, strlen(fault->tls)) ==
             0 &&
         cog_curl_is(fault->since) &&
         (fault->before == 0 || !cog_curl_is(fault->before));
}

int cog_curl_is(unsigned version)
{
  return curl_version_info(CURLVERSION_NOW)->version_num >= version;
}

int cog_curl_hoards(void)
{
  return cog_curl_is(COG_CURL_HOARDS) && !cog_curl_is(COG_CURL_HOARDS_NO_MORE);
}

const char *cog_curl_refused(void)
{
  if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SSL) == 0)
    return "libcurl was built without TLS";
  return NULL;
}
