/*
 * handle.h: a libcurl handle set as src/http_connection.c set
 * theirs, and the exchange it carries out again and again.
 */
#ifndef BENCH_HANDLE_H
#define BENCH_HANDLE_H

#include <curl/curl.h>

#include "request.h"

typedef struct handle {
  CURL *curl;
  request r;
  struct curl_slist headers[REQUEST_LINES + 3];
  char *reply;
  size_t nreply, room;
  long sent;
} handle;

void handle_init(handle *h, const bench *b);

/* Makes the handle ready for the next exchange. */
void handle_prepare(handle *h);

/* Ends the program unless the exchange was a success. */
void handle_check(const handle *h, CURLcode rc);

#endif
