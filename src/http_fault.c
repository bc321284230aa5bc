/*
 * http_fault.c: what went wrong, in a code and in words.
 */
#include "http_fault.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "http_sockets.h"

static const struct {
  const char *code, *what, *advice;
} faults[] = {
    {"", "", ""},
    {"dns", "the host name could not be resolved",
     "check the region or endpoint, the proxy, and this machine's name "
     "resolution"},
    {"connect", "no connection",
     "check the endpoint, the network and the proxy"},
    {"connect", "no descriptor is free for another connection",
     "raise the limit (ulimit -n), or allow fewer connections at once"},
    {"tls", "no trusted TLS connection",
     "check ca_file and ca_path, the host name and this machine's clock"},
    {"timeout", "no complete reply in time",
     "check the network, or allow more time"},
    {"connection_lost",
     "the connection was lost before the reply was complete",
     "check the network and the proxy"},
    {"aborted", "the request was given up", ""},
    {"too_large", "the reply is too large",
     "max_response is the bound; check that the endpoint is the service"},
    {"malformed_response", "the reply is not HTTP as it should be",
     "check that the endpoint is the service"},
    {"invalid_parameter", "the request cannot be sent", ""},
    {"invalid_parameter", "the request cannot be sent", ""},
};

const char *cog_fault_code(cog_fault fault)
{
  return faults[fault].code;
}

static cog_fault by_code(CURLcode rc)
{
  switch (rc) {
  case CURLE_OK:
    return COG_FAULT_NONE;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
    return COG_FAULT_DNS;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CRL_BADFILE:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_ENGINE_NOTFOUND:
  case CURLE_SSL_ENGINE_SETFAILED:
  case CURLE_SSL_ENGINE_INITFAILED:
    return COG_FAULT_TLS;
  case CURLE_OPERATION_TIMEDOUT:
    return COG_FAULT_TIMEOUT;
  case CURLE_OUT_OF_MEMORY:
  case CURLE_ABORTED_BY_CALLBACK:
    return COG_FAULT_ABORTED;
  case CURLE_URL_MALFORMAT:
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_BAD_FUNCTION_ARGUMENT:
    return COG_FAULT_INVALID_PARAMETER;
  default:
    return COG_FAULT_CONNECT;
  }
}

/* A connection is a socket, certificates are files, names are looked up by
 * means of both; libcurl does not tell why it got none. */
static int takes_descriptors(cog_fault fault, CURLcode rc)
{
  return fault == COG_FAULT_DNS || fault == COG_FAULT_CONNECT ||
         fault == COG_FAULT_TLS || rc == CURLE_OUT_OF_MEMORY;
}

cog_fault cog_fault_of(CURLcode rc, int refused)
{
  cog_fault fault = by_code(rc);
  if (takes_descriptors(fault, rc) && (refused || cog_descriptors_are_short()))
    return COG_FAULT_NO_DESCRIPTOR;
  return fault;
}

/* A certificate or a proxy may put anything into libcurl's message: C1 and
 * bidirectional controls are UTF-8 there. */
static void make_printable(char *p)
{
  for (; *p != '\0'; p++)
    if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
      *p = '?';
}

static int ends_url(char c)
{
  return c == '\0' || strchr(" '\"`()<>,;", c) != NULL;
}

/* What stands before an @, as far back as a URL or its scheme goes, and what
 * stands behind a question mark: libcurl and OpenSSL quote what they were
 * given. */
static void hide_secrets(char *text)
{
  char *from, *to = text, *word = text;
  int query = 0;
  for (from = text; *from != '\0'; from++) {
    if (ends_url(*from))
      query = 0;
    if (query)
      continue;
    *to++ = *from;
    if (ends_url(*from) || (to - text >= 3 && memcmp(to - 3, "://", 3) == 0))
      word = to;
    else if (*from == '@')
      to = word;
    else if (*from == '?')
      query = 1;
  }
  OPENSSL_cleanse(to, (size_t)(from - to)); /* what moved up stood there */
}

/* libcurl quotes the URL of a proxy that it refuses. It cuts long texts, and a
 * quotation mark may stand in a password. Returns how much of the words comes
 * before the quotation; `rest` is what comes behind it. */
static size_t without_quotation(const char *words, const char **rest)
{
  static const char quoting[] = "Unsupported proxy";
  const char *from, *to;
  *rest = "";
  from = strchr(words, '\'');
  if (strncmp(words, quoting, sizeof quoting - 1) != 0 || from == NULL)
    return strlen(words);
  to = strrchr(words, '\'');
  *rest = to > from && strlen(words) < CURL_ERROR_SIZE - 8 ? to : "'";
  return (size_t)(from - words) + 1;
}

void cog_fault_tell(cog_outcome *o, cog_fault fault, int sent,
                    const char *words)
{
  const char *advice = faults[fault].advice, *rest;
  size_t n = without_quotation(words, &rest);
  o->fault = fault;
  o->sent = sent;
  o->status = 0;
  (void)snprintf(o->message, sizeof o->message, "%s: %.*s%s%s%s",
                 faults[fault].what, (int)n, words, rest,
                 advice[0] != '\0' ? "; " : "", advice);
  make_printable(o->message);
  hide_secrets(o->message);
}
