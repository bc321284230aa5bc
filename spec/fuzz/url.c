/*
 * url.c: URLs as the library reads them and as libcurl does: of all that we
 * let through, libcurl must make the same host, port, path and query.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "fuzz.h"
#include "heap_buffer.h"
#include "url.h"

static void fault(const char *what)
{
  fprintf(stderr, "fault: %s\n", what);
  abort();
}

/* Empty where libcurl has none, which keeps a host's case. */
static void expect(CURLU *theirs, CURLUPart part, cog_str ours,
                   const char *what)
{
  char *text = NULL;
  CURLUcode rc = curl_url_get(theirs, part, &text, CURLU_DEFAULT_PORT);
  size_t n = rc == CURLUE_OK ? strlen(text) : 0;
  if (n != ours.n || (n > 0 && strncasecmp(text, ours.p, n) != 0))
    fault(what);
  curl_free(text);
}

static void compare(CURLU *theirs, const cog_url *ours)
{
  cog_buffer host;
  char port[16];
  cog_str query = ours->query;
  cog_heap_init(&host);
  if (!cog_url_write_host(ours, &host))
    abort();
  expect(theirs, CURLUPART_HOST, (cog_str){host.data, host.len}, "host");
  cog_heap_free(&host);
  snprintf(port, sizeof port, "%u", cog_url_port(ours));
  expect(theirs, CURLUPART_PORT, (cog_str){port, strlen(port)}, "port");
  expect(theirs, CURLUPART_PATH, ours->path.n > 0 ? ours->path : COG_STR("/"),
         "path");
  if (query.n > 0) {
    query.p++;
    query.n--;
  }
  expect(theirs, CURLUPART_QUERY, query, "query");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = malloc(size + 1);
  cog_url ours;
  CURLU *theirs = curl_url();
  if (text == NULL || theirs == NULL)
    abort();
  if (size > 0)
    memcpy(text, data, size);
  text[size] = '\0';
  if (cog_url_read((cog_str){text, size}, &ours)) {
    if (curl_url_set(theirs, CURLUPART_URL, text,
                     CURLU_PATH_AS_IS | CURLU_DISALLOW_USER) != CURLUE_OK)
      fault("libcurl refuses it");
    compare(theirs, &ours);
  }
  curl_url_cleanup(theirs);
  free(text);
  return 0;
}
