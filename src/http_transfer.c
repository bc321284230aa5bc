/*
 * http_transfer.c: see http_transfer.h.
 *
 * The buffers stay for the next exchange, so a call costs no allocation of
 * ours. libcurl copies neither header list nor body: both lie in the request,
 * which does not move while the transfer is in flight.
 */
#include "http_transfer.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- life ---- */

cog_transfer *cog_transfer_new(const cog_http_settings *common, cog_multi *m)
{
  cog_transfer *t = calloc(1, sizeof *t);
  if (t == NULL)
    return NULL;
  t->common = common;
  t->multi = m;
  cog_request_init(&t->request);
  cog_reply_init(&t->reply);
  return t;
}

void cog_transfer_wipe(cog_transfer *t)
{
  cog_request_wipe(&t->request);
  cog_reply_wipe(&t->reply);
}

void cog_transfer_free(cog_transfer *t)
{
  cog_easy_free(&t->easy);
  cog_request_free(&t->request);
  cog_reply_free(&t->reply);
  free(t);
}

void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send)
{
  t->settings = *send;
  cog_reply_begin(&t->reply, (size_t)t->common->max_response);
  t->refused_before = t->multi->sockets.refused;
  t->fresh = 0;
  t->dead_before = 0;
  t->spent = 0;
  t->given_at = cog_clock();
  t->outcome.fault = COG_FAULT_NONE;
  t->outcome.status = 0;
  t->timings = (cog_timings){0, 0, 0, 0, 0};
}

CURLcode cog_transfer_prepare(cog_transfer *t)
{
  const cog_send_settings *s = &t->settings;
  CURLcode rc = CURLE_OPERATION_TIMEDOUT;
  /* It stood in line, or the process stood still, until its caller has given
   * it up. */
  if (cog_clock() > t->given_at + s->timeout)
    return rc;
  rc = cog_easy_open(&t->easy, t->multi, t->common, t);
  if (rc == CURLE_OK)
    rc = cog_easy_set_request(&t->easy, &t->request, t->common->proxy,
                              s->direct);
  if (rc == CURLE_OK)
    rc = cog_easy_set_reply(&t->easy, &t->reply);
  if (rc == CURLE_OK)
    rc = cog_easy_set_times(&t->easy, s, s->timeout - t->spent, t->fresh);
  return rc;
}

/* ---- beginning again ---- */

static int is_end_of_connection(CURLcode rc)
{
  return rc == CURLE_SEND_ERROR || rc == CURLE_RECV_ERROR ||
         rc == CURLE_GOT_NOTHING;
}

/* libcurl asks before each time that it sends; it has opened no connection, so
 * each time was over a kept one. */
int cog_transfer_is_unharmed(const cog_transfer *t, CURLcode rc)
{
  return is_end_of_connection(rc) && !t->fresh && t->easy.requests > 0 &&
         t->reply.received == 0 && !cog_easy_is_sent(&t->easy) &&
         cog_easy_connections(&t->easy) == 0;
}

/* From libcurl 8.22 on a connection that was closed since libcurl looked last,
 * up to a second ago, is used; after six such it gives up, though no byte left.
 * Those that were hung up on are used up before a new one is opened. */
void cog_transfer_begin_again(cog_transfer *t, size_t dead)
{
  t->spent += cog_easy_seconds(&t->easy, CURLINFO_TOTAL_TIME_T);
  cog_easy_end(&t->easy);
  t->fresh = dead == 0 || (t->dead_before > 0 && dead >= t->dead_before);
  t->dead_before = dead;
}

/* ---- the outcome ---- */

static const char *words_of(const cog_transfer *t, CURLcode rc)
{
  if (t->easy.resend)
    return "the server closed a kept-alive connection without a reply";
  if (t->easy.late)
    return "the process stood still until the time was over";
  if (t->reply.malformed != NULL)
    return t->reply.malformed;
  return t->easy.words[0] != '\0' ? t->easy.words : curl_easy_strerror(rc);
}

static cog_fault fault_of(const cog_transfer *t, CURLcode rc, int sent,
                          const char *words)
{
  size_t refused = t->multi->sockets.refused;
  if (t->easy.resend)
    return COG_FAULT_CONNECTION_LOST;
  if (t->easy.late)
    return COG_FAULT_TIMEOUT;
  if (t->reply.malformed != NULL)
    return COG_FAULT_MALFORMED_RESPONSE;
  if (t->reply.too_large)
    return COG_FAULT_TOO_LARGE;
  return cog_fault_of(rc, sent, refused > t->refused_before, words);
}

static void tell_faulty_proxy(cog_transfer *t)
{
  const cog_target *target = &t->easy.target;
  char words[CURL_ERROR_SIZE];
  snprintf(words, sizeof words, "the proxy%s%s %s",
           target->proxy_name != NULL ? " in " : "",
           target->proxy_name != NULL ? target->proxy_name : "",
           target->proxy_fault);
  cog_fault_tell(&t->outcome, COG_FAULT_PROXY, 0, words);
}

static void fail(cog_transfer *t, CURLcode rc)
{
  int sent = cog_easy_is_sent(&t->easy);
  const char *words;
  if (!sent && cog_target_stopped(&t->easy.target, t->easy.words)) {
    tell_faulty_proxy(t);
    return;
  }
  if (sent && rc == CURLE_BAD_FUNCTION_ARGUMENT)
    cog_reply_refuse_line(&t->reply);
  words = words_of(t, rc);
  cog_fault_tell(&t->outcome, fault_of(t, rc, sent, words), sent, words);
}

void cog_transfer_finish(cog_transfer *t, CURLcode rc)
{
  cog_outcome *o = &t->outcome;
  if (rc != CURLE_OK)
    fail(t, rc);
  else if (!t->reply.head_ended) /* to libcurl a reply without a body */
    cog_fault_tell(o, COG_FAULT_CONNECTION_LOST, 1,
                   "it was closed within the headers");
  else if (t->reply.status < 200) /* 101: to go on in another protocol */
    cog_fault_tell(o, COG_FAULT_MALFORMED_RESPONSE, 1,
                   "it ends with an interim status");
  else {
    o->fault = COG_FAULT_NONE;
    o->sent = 1;
    o->status = t->reply.status;
  }
}

void cog_transfer_abort(cog_transfer *t, const char *words)
{
  /* What a parent of this process has sent can no more be known. */
  int sent = t->easy.curl == NULL || cog_easy_is_sent(&t->easy);
  cog_fault_tell(&t->outcome, COG_FAULT_ABORTED, sent, words);
}

void cog_transfer_refuse(cog_transfer *t, cog_fault fault, const char *words)
{
  cog_fault_tell(&t->outcome, fault, 0, words);
}

/* Since the transfer began, which may have begun again. */
static double moment(const cog_transfer *t, CURLINFO what)
{
  double seconds = cog_easy_seconds(&t->easy, what);
  return seconds > 0 ? t->spent + seconds : 0;
}

static cog_timings read_timings(const cog_transfer *t)
{
  cog_timings timings;
  timings.name_lookup = moment(t, CURLINFO_NAMELOOKUP_TIME_T);
  timings.connect = moment(t, CURLINFO_CONNECT_TIME_T);
  timings.tls = moment(t, CURLINFO_APPCONNECT_TIME_T);
  timings.first_byte = moment(t, CURLINFO_STARTTRANSFER_TIME_T);
  timings.total = moment(t, CURLINFO_TOTAL_TIME_T);
  return timings;
}

void cog_transfer_retire(cog_transfer *t)
{
  if (t->easy.curl != NULL && t->settings.timings)
    t->timings = read_timings(t);
  cog_easy_end(&t->easy);
}
