/*
 * http_tls.c: the TLS library below libcurl.
 *
 * OpenSSL decrypts a record where it was received, and from 3.2 on an idle
 * connection may keep that buffer: the tokens of its last reply would be there
 * until the connection closes. OpenSSL can be asked to wipe what it has handed
 * on (SSL_CTX_set_options(3), since 3.0).
 */
#include "http_tls.h"

#include <string.h>

#include <openssl/ssl.h>

#include "http_multi.h"

#ifdef SSL_OP_CLEANSE_PLAINTEXT

/* libcurl may have another TLS library than the one that we are linked with,
 * or another copy of it. */
static int is_ours(void)
{
  static const char name[] = "OpenSSL/";
  const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return theirs != NULL && strncmp(theirs, name, sizeof name - 1) == 0 &&
         strcmp(theirs + sizeof name - 1,
                OpenSSL_version(OPENSSL_VERSION_STRING)) == 0;
}

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
  if (is_ours())
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
