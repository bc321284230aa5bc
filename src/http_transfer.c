/*
 * http_transfer.c: see http_transfer.h.
 *
 * The buffers stay for the next exchange, so a call costs no allocation of
 * ours.
 */
#include "http_transfer.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "h1_writer.h"
#include "heap_buffer.h"
#include "http_clock.h"

/* One record of TLS: what a failed send was to take has not left, if nothing
 * was sent before it. */
#define MOST_AT_ONCE 16384

/* Pieces that one transfer sends or receives before others have their turn. */
#define TURN 32

/* ---- life ---- */

cog_transfer *cog_transfer_new(const cog_http_settings *common)
{
  cog_transfer *t = calloc(1, sizeof *t);
  if (t == NULL)
    return NULL;
  t->common = common;
  cog_request_init(&t->request);
  cog_reply_init(&t->reply);
  cog_heap_init(&t->bytes);
  cog_h1_init(&t->reader);
  return t;
}

void cog_transfer_wipe(cog_transfer *t)
{
  cog_request_wipe(&t->request);
  cog_reply_wipe(&t->reply);
  cog_heap_empty(&t->bytes);
  cog_heap_empty(&t->reader.line);
}

void cog_transfer_free(cog_transfer *t)
{
  cog_request_free(&t->request);
  cog_reply_free(&t->reply);
  cog_heap_free(&t->bytes);
  cog_h1_free(&t->reader);
  free(t);
}

void cog_transfer_reset(cog_transfer *t, const cog_send_settings *send)
{
  t->settings = *send;
  t->host = NULL;
  t->connection = NULL;
  t->written = 0;
  t->sent = t->eager = 0;
  t->given_at = cog_clock();
  t->begun_at = 0;
  t->outcome.fault = COG_FAULT_NONE;
  t->outcome.status = 0;
  t->timings = (cog_timings){0, 0, 0, 0, 0};
  cog_reply_begin(&t->reply, (size_t)t->common->max_response);
}

/* It stood in line, or the process stood still, until its caller has given it
 * up. */
int cog_transfer_begin(cog_transfer *t, double now)
{
  t->begun_at = now;
  t->ends_at = now + t->settings.timeout;
  return now <= t->given_at + t->settings.timeout;
}

/* ---- outcomes ---- */

static cog_progress end(cog_transfer *t, cog_fault fault, const char *words)
{
  cog_fault_tell(&t->outcome, fault, t->sent, words);
  return COG_ENDED;
}

static cog_progress succeed(cog_transfer *t)
{
  t->outcome.fault = COG_FAULT_NONE;
  t->outcome.sent = 1;
  t->outcome.status = t->reply.status;
  return COG_ENDED;
}

static cog_progress refuse_reply(cog_transfer *t)
{
  static const cog_fault faults[] = {COG_FAULT_NONE,
                                     COG_FAULT_NONE,
                                     COG_FAULT_CONNECTION_LOST,
                                     COG_FAULT_MALFORMED_RESPONSE,
                                     COG_FAULT_TOO_LARGE,
                                     COG_FAULT_ABORTED};
  return end(t, faults[t->reader.outcome], t->reader.words);
}

static const char *words_of(const cog_transfer *t, CURLcode rc)
{
  const char *words = t->connection != NULL ? t->connection->words : "";
  return words[0] != '\0' ? words : curl_easy_strerror(rc);
}

static cog_progress fail(cog_transfer *t, CURLcode rc)
{
  const char *words = words_of(t, rc);
  if (!t->sent && t->connection->used)
    return COG_UNHARMED;
  return end(t,
             rc == CURLE_OUT_OF_MEMORY ? COG_FAULT_ABORTED
             : t->sent                 ? COG_FAULT_CONNECTION_LOST
                                       : COG_FAULT_CONNECT,
             words);
}

/* ---- sending ---- */

static int write_request(cog_transfer *t, const cog_connection *c)
{
  cog_url url = cog_host_url(t->host, cog_request_url(&t->request));
  cog_h1_way way = {&url, c->target.written_out, {"", 0}, 0};
  if (c->target.written_out && c->authorization.len > 0)
    way.proxy_header = (cog_str){c->authorization.data, c->authorization.len};
  cog_heap_empty(&t->bytes);
  return cog_h1_write_head(&t->request, &way, &t->bytes) &&
         cog_adds(&t->bytes, cog_request_body(&t->request));
}

int cog_transfer_give(cog_transfer *t, cog_connection *c)
{
  t->connection = c;
  c->user = t;
  t->written = 0;
  cog_h1_begin(&t->reader, &t->reply,
               strcmp(cog_request_method(&t->request), "HEAD") == 0);
  return write_request(t, c);
}

static int is_written(const cog_transfer *t)
{
  return t->written == t->bytes.len;
}

/* Of a record of TLS a part may have left although none was taken. */
static CURLcode send_piece(cog_transfer *t)
{
  cog_str piece = {t->bytes.data + t->written, t->bytes.len - t->written};
  CURLcode rc;
  size_t n;
  if (piece.n > MOST_AT_ONCE)
    piece.n = MOST_AT_ONCE;
  rc = cog_connection_write(t->connection, piece, &n);
  t->sent |= rc == CURLE_OK || rc == CURLE_AGAIN;
  t->written += n;
  return rc;
}

static CURLcode send_some(cog_transfer *t)
{
  CURLcode rc = CURLE_OK;
  int i;
  for (i = 0; i < TURN && rc == CURLE_OK && !is_written(t); i++)
    rc = send_piece(t);
  return rc == CURLE_AGAIN ? CURLE_OK : rc;
}

/* ---- receiving ---- */

static cog_progress conclude(cog_transfer *t)
{
  if (t->reader.outcome == COG_H1_MORE)
    return COG_WAITS;
  return t->reader.outcome == COG_H1_COMPLETE ? succeed(t) : refuse_reply(t);
}

static cog_progress take(cog_transfer *t, cog_str bytes)
{
  if (t->timings.first_byte == 0 && t->settings.timings)
    t->timings.first_byte = cog_clock() - t->begun_at;
  cog_h1_feed(&t->reader, bytes);
  return conclude(t);
}

static cog_progress take_end(cog_transfer *t)
{
  cog_h1_end(&t->reader, cog_connection_has_ended(t->connection));
  return conclude(t);
}

static cog_progress receive_piece(cog_transfer *t, char *space, size_t room,
                                  int *more)
{
  size_t n;
  CURLcode rc = cog_connection_read(t->connection, space, room, &n);
  cog_progress progress;
  *more = rc != CURLE_AGAIN;
  if (rc == CURLE_AGAIN)
    return COG_WAITS;
  if (rc != CURLE_OK)
    return fail(t, rc);
  progress = n > 0 ? take(t, (cog_str){space, n}) : take_end(t);
  OPENSSL_cleanse(space, n);
  return progress;
}

static cog_progress receive_some(cog_transfer *t, char *space, size_t room)
{
  cog_progress progress = COG_WAITS;
  int i, more = 1;
  for (i = 0; i < TURN && more && progress == COG_WAITS; i++)
    progress = receive_piece(t, space, room, &more);
  t->eager = more && progress == COG_WAITS;
  return progress;
}

/* A server may answer before it has read all, and close. */
static cog_progress take_early(cog_transfer *t, CURLcode rc, char *space,
                               size_t room)
{
  cog_progress progress = receive_some(t, space, room);
  return progress == COG_WAITS ? fail(t, rc) : progress;
}

/* When the request has just left it is too early for the reply. */
static cog_progress exchange_some(cog_transfer *t, char *space, size_t room)
{
  CURLcode rc;
  if (is_written(t))
    return receive_some(t, space, room);
  rc = send_some(t);
  if (rc != CURLE_OK)
    return t->sent ? take_early(t, rc, space, room) : fail(t, rc);
  return is_written(t) ? COG_WAITS : receive_some(t, space, room);
}

/* TLS may have to read before it can write. */
cog_progress cog_transfer_advance(cog_transfer *t, char *space, size_t room)
{
  cog_progress progress = exchange_some(t, space, room);
  int events = is_written(t) ? COG_POLL_READ : COG_POLL_READ | COG_POLL_WRITE;
  if (progress == COG_WAITS && !cog_connection_watch(t->connection, events))
    return end(t, COG_FAULT_ABORTED, "the system refuses to watch a socket");
  return progress;
}

int cog_transfer_spared(const cog_transfer *t)
{
  return t->outcome.fault == COG_FAULT_NONE && is_written(t) &&
         cog_h1_keeps(&t->reader);
}

/* ---- other ends ---- */

static void tell_faulty_proxy(cog_transfer *t, const cog_target *target)
{
  char words[CURL_ERROR_SIZE];
  (void)snprintf(words, sizeof words, "the proxy%s%s %s",
                 target->proxy_name != NULL ? " in " : "",
                 target->proxy_name != NULL ? target->proxy_name : "",
                 target->proxy_fault);
  cog_fault_tell(&t->outcome, COG_FAULT_PROXY, 0, words);
}

void cog_transfer_unconnected(cog_transfer *t, CURLcode rc, int refused)
{
  const cog_connection *c = t->connection;
  const char *words = words_of(t, rc);
  if (c != NULL && cog_target_stopped(&c->target, c->words))
    tell_faulty_proxy(t, &c->target);
  else
    end(t, cog_fault_of(rc, refused), words);
}

static double moment(const cog_transfer *t, CURLINFO what)
{
  const cog_connection *c = t->connection;
  double seconds = cog_connection_seconds(c, what);
  return seconds > 0 ? c->made_at - t->begun_at + seconds : 0;
}

void cog_transfer_connected(cog_transfer *t)
{
  if (!t->settings.timings)
    return;
  t->timings.name_lookup = moment(t, CURLINFO_NAMELOOKUP_TIME_T);
  t->timings.connect = moment(t, CURLINFO_CONNECT_TIME_T);
  t->timings.tls = moment(t, CURLINFO_APPCONNECT_TIME_T);
}

void cog_transfer_abort(cog_transfer *t, const char *words)
{
  end(t, COG_FAULT_ABORTED, words);
}

void cog_transfer_time_out(cog_transfer *t, double now)
{
  char words[128];
  (void)snprintf(
      words, sizeof words,
      "it timed out after %.0f milliseconds with %zu bytes received",
      (now - t->begun_at) * 1000, t->reply.received);
  end(t, COG_FAULT_TIMEOUT, words);
}

void cog_transfer_retire(cog_transfer *t, double now)
{
  if (t->settings.timings && t->begun_at > 0)
    t->timings.total = now - t->begun_at;
  cog_heap_empty(&t->bytes);
  cog_heap_empty(&t->reader.line);
}
