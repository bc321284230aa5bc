/*
 * easy.c: the floor of libcurl: one easy handle, one call after another.
 * MODE may be "fresh": a new connection for each call.
 */
#include "handle.h"

static void call(void *arg)
{
  handle *h = arg;
  handle_prepare(h);
  handle_check(h, curl_easy_perform(h->curl));
}

int main(int argc, char **argv)
{
  static handle h;
  bench b = bench_arguments(argc, argv);
  bench_must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl");
  handle_init(&h, &b);
  bench_run(b.calls, call, &h);
  curl_easy_cleanup(h.curl);
  return 0;
}
