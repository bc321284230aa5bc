/*
 * soak_faults.c: see soak_faults.h.
 */
#include "soak_faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD(status, type)                                                    \
  "HTTP/1.1 " status "\r\nContent-Type: " type                                \
  "\r\nx-amzn-RequestId: soak-#\r\n"
#define JSON   "application/x-amz-json-1.1"
#define LENGTH "Content-Length: @\r\n\r\n"
#define BODY   "{\"Username\":\"soak-#\"}"
#define OK     HEAD("200 OK", JSON)
#define GOOD   OK LENGTH BODY
#define REFUSAL(status, code)                                                 \
  HEAD(status, JSON) LENGTH "{\"__type\":\"" code "\",\"message\":\"soak\"}"
#define PAGE(status)                                                          \
  HEAD(status, "text/html") LENGTH "<html><h1>" status "</h1></html>"

#define BEFORE   .when = SOAK_REQUEST, .carried = SOAK_NEVER
#define AFTER    .when = SOAK_REQUEST, .carried = SOAK_AT_ONCE
#define NO_REPLY .text = ""

const soak_fault soak_faults[] = {
    /* ---- of connections ---- */
    {"closed when accepted", .when = SOAK_ACCEPTED, .ends = SOAK_CLOSE,
     NO_REPLY},
    {"reset when accepted", .when = SOAK_ACCEPTED, .ends = SOAK_RESET,
     NO_REPLY},
    {"silent when accepted", .when = SOAK_ACCEPTED, .ends = SOAK_SILENT,
     NO_REPLY, .waits = 1},
    {"closed, and connections refused", BEFORE, .ends = SOAK_REFUSE, NO_REPLY},

    /* ---- the request is not carried out, or late ---- */
    {"closed before", BEFORE, .ends = SOAK_CLOSE, NO_REPLY},
    {"reset before", BEFORE, .ends = SOAK_RESET, NO_REPLY},
    {"silent before", BEFORE, .ends = SOAK_SILENT, NO_REPLY, .waits = 1},
    {"500 before", BEFORE,
     .text = REFUSAL("500 Internal Server Error", "InternalErrorException")},
    {"502 before", BEFORE, .text = PAGE("502 Bad Gateway")},
    {"503 before", BEFORE, .text = PAGE("503 Service Unavailable")},
    {"throttled", BEFORE,
     .text = REFUSAL("400 Bad Request", "TooManyRequestsException")},
    {"throttled without a type", BEFORE,
     .text = HEAD("400 Bad Request", JSON) LENGTH
     "{\"message\":\"Rate exceeded\"}"},
    {"a limit", BEFORE,
     .text = REFUSAL("400 Bad Request", "LimitExceededException")},
    {"carried out late", .carried = SOAK_LATE, .text = GOOD, .delay = 300,
     .waits = 1},

    /* ---- carried out, and the reply is lost ---- */
    {"closed after", AFTER, .ends = SOAK_CLOSE, NO_REPLY},
    {"reset after", AFTER, .ends = SOAK_RESET, NO_REPLY},
    {"silent after", AFTER, .ends = SOAK_SILENT, NO_REPLY, .waits = 1},
    {"500 after", AFTER,
     .text = REFUSAL("500 Internal Server Error", "InternalErrorException")},
    {"504 after", AFTER, .text = PAGE("504 Gateway Timeout")},
    {"closed in the status line", AFTER, .ends = SOAK_CLOSE, .text = GOOD,
     .share = 6},
    {"reset in the headers", AFTER, .ends = SOAK_RESET, .text = GOOD,
     .share = 40},
    {"silent in the headers", AFTER, .ends = SOAK_SILENT, .text = GOOD,
     .share = 40, .waits = 1},
    {"closed in the body", AFTER, .ends = SOAK_CLOSE, .text = GOOD,
     .share = 90},
    {"silent in the body", AFTER, .ends = SOAK_SILENT, .text = GOOD,
     .share = 90, .waits = 1},

    /* ---- carried out, and the reply lies ---- */
    {"half a document", AFTER, .text = OK LENGTH "{\"Username\":\"soak-#"},
    {"a length that is too small", AFTER,
     .text = OK "Content-Length: 5\r\n\r\n" BODY},
    {"a length that is too large", AFTER, .ends = SOAK_CLOSE,
     .text = OK "Content-Length: 99\r\n\r\n" BODY},
    {"two lengths", AFTER,
     .text = OK "Content-Length: 30\r\nContent-Length: 31\r\n\r\n" BODY},
    {"more than any reply has", AFTER, .ends = SOAK_CLOSE,
     .text = OK "Content-Length: 99999999\r\n\r\n" BODY},
    {"a bad chunk", AFTER,
     .text = OK "Transfer-Encoding: chunked\r\n\r\nzz\r\n" BODY},
    {"no HTTP", AFTER, .ends = SOAK_CLOSE, .text = "soak\r\n\r\n"},
    {"an unasked reply behind", AFTER,
     .text = OK "Content-Length: 30\r\n\r\n" BODY
                "HTTP/1.1 200 OK\r\nx-amzn-RequestId: soak-none\r\n"
                "Content-Length: 2\r\n\r\n{}"},

    /* ---- odd, and good ---- */
    {"in chunks", AFTER,
     .text =
         OK "Transfer-Encoding: chunked\r\n\r\n1e\r\n" BODY "\r\n0\r\n\r\n"},
    {"interim replies", AFTER,
     .text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
             "x-amzn-RequestId: soak-none\r\n\r\n" GOOD},
    {"closed behind the reply", AFTER, .ends = SOAK_CLOSE, .text = GOOD},
    {"reset behind the reply", AFTER, .ends = SOAK_RESET, .text = GOOD},
    {"a little late", .carried = SOAK_LATE, .text = GOOD, .delay = 2},
    {"in pieces", AFTER, .text = GOOD, .piece = 40},

    {NULL, AFTER, .text = GOOD},
};

/* ---- which one, and when ---- */

unsigned long soak_happened[SOAK_FAULTS];

/* Of each deck's size, so many are faults: drawn without putting back, so that
 * each happens as often as the others. */
typedef struct deck {
  const soak_fault *card[1000];
  int size, left;
} deck;

static deck for_requests = {{NULL}, 1000, 0},
            for_connections = {{NULL}, 100, 0};

static void put(deck *d, const soak_fault *f, int times)
{
  while (times-- > 0 && d->left < d->size)
    d->card[d->left++] = f;
}

void soak_make_decks(int chance)
{
  const soak_fault *f;
  srand48(20261127);
  for (f = soak_faults; f->name != NULL; f++)
    if (f->when == SOAK_ACCEPTED)
      put(&for_connections, f, chance / 10);
    else
      put(&for_requests, f, f->waits ? chance / 10 : chance);
  put(&for_connections, f, for_connections.size);
  put(&for_requests, f, for_requests.size);
}

static const soak_fault *draw(deck *d)
{
  const soak_fault *drawn;
  long i;
  if (d->left == 0)
    d->left = d->size;
  i = lrand48() % d->left--;
  drawn = d->card[i];
  d->card[i] = d->card[d->left];
  d->card[d->left] = drawn;
  soak_happened[drawn - soak_faults]++;
  return drawn;
}

const soak_fault *soak_draw(int when)
{
  return draw(when == SOAK_ACCEPTED ? &for_connections : &for_requests);
}

/* ---- replies ---- */

/* Replaces # and @; returns the bytes. */
static size_t expand(const char *from, unsigned long call, size_t length,
                     char *to)
{
  char *at = to;
  for (; *from != '\0'; from++)
    if (*from == '#')
      at += sprintf(at, "%010lu", call);
    else if (*from == '@')
      at += sprintf(at, "%zu", length);
    else
      *at++ = *from;
  return (size_t)(at - to);
}

/* Behind the last empty line; interim replies have one, too. */
static const char *body_of(const char *text)
{
  const char *body = text, *found;
  while ((found = strstr(body, "\r\n\r\n")) != NULL)
    body = found + 4;
  return body;
}

size_t soak_write(const soak_fault *f, unsigned long call, char *to)
{
  size_t n = expand(body_of(f->text), call, 0, to);
  n = expand(f->text, call, n, to);
  return f->share > 0 ? n * (size_t)f->share / 100 : n;
}
