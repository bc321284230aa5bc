/*
 * old_libraries.c: a process with a libcurl or an OpenSSL that is too old, to
 * be preloaded: OLD_CURL and OLD_OPENSSL are the versions to report.
 */
#include <dlfcn.h>
#include <stdlib.h>

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
