/*
 * old_libraries.c: a process with a libcurl or an OpenSSL that is too old, to
 * be preloaded: OLD_CURL and OLD_OPENSSL are the versions to report. With
 * LENIENT_CURL, libcurl's reader of URLs takes all that others than libcurl ask
 * it about.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/crypto.h>

#define SHOWN __attribute__((visibility("default")))

/* 7.74.0 is 0x074a00. */
static unsigned int number(const char *version)
{
  unsigned int parts = 0, i;
  for (i = 0; i < 3; i++) {
    char *end;
    parts = parts << 8 | (unsigned int)strtoul(version, &end, 10);
    version = *end == '.' ? end + 1 : end;
  }
  return parts;
}

SHOWN curl_version_info_data *curl_version_info(CURLversion now)
{
  static curl_version_info_data info;
  curl_version_info_data *(*system_info)(CURLversion);
  const char *old = getenv("OLD_CURL");
  *(void **)&system_info = dlsym(RTLD_NEXT, "curl_version_info");
  if (old == NULL)
    return system_info(now);
  info = *system_info(now);
  info.version = old;
  info.version_num = number(old);
  return &info;
}

static int is_in_libcurl(void *place)
{
  Dl_info info;
  return dladdr(place, &info) != 0 &&
         strstr(info.dli_fname, "libcurl") != NULL;
}

SHOWN CURLUcode curl_url_set(CURLU *url, CURLUPart part, const char *text,
                             unsigned int flags)
{
  CURLUcode (*system_set)(CURLU *, CURLUPart, const char *, unsigned int);
  if (getenv("LENIENT_CURL") != NULL &&
      !is_in_libcurl(__builtin_return_address(0)))
    return CURLUE_OK;
  *(void **)&system_set = dlsym(RTLD_NEXT, "curl_url_set");
  return system_set(url, part, text, flags);
}

/* 1.1.0 is 0x10100000. */
SHOWN unsigned long OpenSSL_version_num(void)
{
  unsigned long (*system_number)(void);
  const char *old = getenv("OLD_OPENSSL");
  *(void **)&system_number = dlsym(RTLD_NEXT, "OpenSSL_version_num");
  return old == NULL ? system_number() : (unsigned long)number(old) << 12;
}

SHOWN const char *OpenSSL_version(int what)
{
  const char *(*system_version)(int);
  const char *old = getenv("OLD_OPENSSL");
  *(void **)&system_version = dlsym(RTLD_NEXT, "OpenSSL_version");
  return old == NULL ? system_version(what) : old;
}
