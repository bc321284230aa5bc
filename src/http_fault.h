/*
 * http_fault.h: what became of an exchange: libcurl's result codes as the few
 * faults that a caller can tell apart and do something about.
 */
#ifndef COGNITO_HTTP_FAULT_H
#define COGNITO_HTTP_FAULT_H

#include <curl/curl.h>

typedef enum cog_fault {
  COG_FAULT_NONE,
  COG_FAULT_DNS,
  COG_FAULT_CONNECT,
  COG_FAULT_NO_DESCRIPTOR, /* the process may open no more of them */
  COG_FAULT_TLS,
  COG_FAULT_TIMEOUT,
  COG_FAULT_CONNECTION_LOST,
  COG_FAULT_ABORTED,
  COG_FAULT_TOO_LARGE,
  COG_FAULT_MALFORMED_RESPONSE,
  COG_FAULT_INVALID_PARAMETER, /* libcurl refuses what our checks let pass */
  COG_FAULT_PROXY              /* its URL is faulty: nothing was sent */
} cog_fault;

typedef struct cog_outcome {
  cog_fault fault;
  int sent;          /* bytes of the request have, or may have, left */
  int status;        /* 0 with a fault */
  char message[640]; /* what happened, and what to look at */
} cog_outcome;

/* Why libcurl made no connection. `refused`: the system has refused
 * descriptors meanwhile. */
cog_fault cog_fault_of(CURLcode rc, int refused);

/* Fills in an outcome with what happened in words and what to look at. */
void cog_fault_tell(cog_outcome *o, cog_fault fault, int sent,
                    const char *words);

/* "dns", "connect", ... */
const char *cog_fault_code(cog_fault fault);

#endif
