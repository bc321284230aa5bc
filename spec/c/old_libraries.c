/*
 * old_libraries.c: a process with a libcurl or an OpenSSL that is too old, to
 * be preloaded: OLD_CURL and OLD_OPENSSL are the versions to report. With
 * LENIENT_CURL, libcurl's reader of URLs takes all that others than libcurl ask
 * it about; with BARE_CURL it has no TLS, with LOST_CURL no certificates, and
 * with BROKEN_CURL it does not begin; TLS_OF_CURL is the TLS library that it
 * names. With NO_RSA OpenSSL makes no key. With
 * FAST_CLOCK the monotonic clock runs a thousand times as fast. With
 * SIGNAL_IN_WAIT a signal interrupts the first wait for the end of a process.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

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
  info = *system_info(now);
  if (old != NULL) {
    info.version = old;
    info.version_num = number(old);
  }
  if (getenv("BARE_CURL") != NULL)
    info.features &= ~CURL_VERSION_SSL;
  if (getenv("LOST_CURL") != NULL)
    info.cainfo = info.capath = NULL;
  if (getenv("TLS_OF_CURL") != NULL)
    info.ssl_version = getenv("TLS_OF_CURL");
  return &info;
}

SHOWN CURLcode curl_global_init(long flags)
{
  CURLcode (*system_init)(long);
  if (getenv("BROKEN_CURL") != NULL)
    return CURLE_FAILED_INIT;
  *(void **)&system_init = dlsym(RTLD_NEXT, "curl_global_init");
  return system_init(flags);
}

SHOWN int EVP_PKEY_keygen(EVP_PKEY_CTX *ctx, EVP_PKEY **key)
{
  int (*system_keygen)(EVP_PKEY_CTX *, EVP_PKEY **);
  if (getenv("NO_RSA") != NULL)
    return 0;
  *(void **)&system_keygen = dlsym(RTLD_NEXT, "EVP_PKEY_keygen");
  return system_keygen(ctx, key);
}

#define FASTER 1000

/* ASan asks for the time within malloc, where dlsym must not be called. */
SHOWN int clock_gettime(clockid_t clock, struct timespec *t)
{
  static long long origin; /* nanoseconds */
  long long now;
  int rc = (int)syscall(SYS_clock_gettime, clock, t);
  if (rc != 0 || clock != CLOCK_MONOTONIC || getenv("FAST_CLOCK") == NULL)
    return rc;
  now = t->tv_sec * 1000000000LL + t->tv_nsec;
  if (origin == 0)
    origin = now;
  now = origin + (now - origin) * FASTER;
  t->tv_sec = (time_t)(now / 1000000000LL);
  t->tv_nsec = (long)(now % 1000000000LL);
  return 0;
}

SHOWN pid_t waitpid(pid_t pid, int *status, int options)
{
  static int interrupted;
  if (options == 0 && !interrupted && getenv("SIGNAL_IN_WAIT") != NULL) {
    interrupted = 1;
    errno = EINTR;
    return -1;
  }
  return (pid_t)syscall(SYS_wait4, pid, status, options, NULL);
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
