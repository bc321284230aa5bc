/*
 * http_version.c: the libcurl at run time.
 */
#include "http_version.h"

#include <stddef.h>

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
