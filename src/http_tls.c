/*
 * http_tls.c: the TLS library below libcurl.
 *
 * OpenSSL decrypts a record where it was received, and from 3.2 on an idle
 * connection may keep that buffer: the tokens of its last reply would be there
 * until the connection closes. OpenSSL can be asked to wipe what it has handed
 * on (SSL_CTX_set_options(3), since 3.0).
 *
 * An end of the connection without TLS's own (close_notify) is an error to
 * OpenSSL since 3.0. But libcurl 7.88 does not let it see the end, and before 3.0
 * it is none: then libcurl reports it like an orderly one, so that whoever cuts a
 * connection could cut a reply. OpenSSL is asked in any case.
 */
#include "http_tls.h"

#include <string.h>

#include <openssl/ssl.h>

#include "http_multi.h"

/* libcurl may have another TLS library than the one that we are linked with,
 * or another copy of it. */
static int is_ours(const char *theirs)
{
  static const char name[] = "OpenSSL/";
  const char *ours =
      OpenSSL_version(OPENSSL_VERSION); /* OpenSSL 3.0.1 1 ... */
  size_t n;
  if (theirs == NULL || strncmp(theirs, name, sizeof name - 1) != 0 ||
      strncmp(ours, "OpenSSL ", sizeof name - 1) != 0)
    return 0;
  theirs += sizeof name - 1;
  ours += sizeof name - 1;
  n = strcspn(ours, " ");
  return strlen(theirs) == n && strncmp(theirs, ours, n) == 0;
}

static const char *tls_of_libcurl(void)
{
  return curl_version_info(CURLVERSION_NOW)->ssl_version;
}

/* ---- what it keeps ---- */

#ifdef SSL_OP_CLEANSE_PLAINTEXT

static CURLcode on_context(CURL *easy, void *context, void *arg)
{
  (void)easy;
  (void)arg;
  SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
  return CURLE_OK;
}

CURLcode cog_tls_keep_nothing(CURL *easy)
{
  CURLcode rc = CURLE_OK;
  if (is_ours(tls_of_libcurl()))
    COG_SET(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
  return rc;
}

#else

CURLcode cog_tls_keep_nothing(CURL *easy)
{
  (void)easy;
  return CURLE_OK;
}

#endif

/* ---- how it ends ---- */

/* GnuTLS reports an end without close_notify as an error. */
static int reports_cuts(const char *theirs)
{
  static const char name[] = "GnuTLS/";
  return theirs != NULL && strncmp(theirs, name, sizeof name - 1) == 0;
}

int cog_tls_has_ended(CURL *easy)
{
  const char *theirs = tls_of_libcurl();
  struct curl_tlssessioninfo *info = NULL;
  if (reports_cuts(theirs))
    return 1;
  if (!is_ours(theirs) ||
      curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK ||
      info == NULL || info->backend != CURLSSLBACKEND_OPENSSL ||
      info->internals == NULL)
    return 0;
  return (SSL_get_shutdown(info->internals) & SSL_RECEIVED_SHUTDOWN) != 0;
}
