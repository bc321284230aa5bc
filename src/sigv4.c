/*
 * sigv4.c: the payload hash and steps 5 to 8 of the signing document.
 *
 * The functions that write text return 1, or 0 when the buffer has no room.
 */
#include "sigv4.h"

#include <stdint.h>

#include <openssl/crypto.h>

#include "canonical.h"
#include "heap_buffer.h"

static cog_str at_span(const cog_buffer *b, cog_span s)
{
  cog_str str;
  str.p = b->data + s.at;
  str.n = s.n;
  return str;
}

/* Step 4: the canonical request, with the hash of the payload. */

static cog_status hex_sha256(cog_digest *d, cog_str s,
                             char out[COG_SHA256_HEX])
{
  unsigned char hash[COG_SHA256_SIZE];
  cog_status status = cog_sha256(d, &s, 1, hash);
  if (status == COG_OK)
    cog_hex(out, hash, sizeof hash);
  return status;
}

static cog_status canonical_request(cog_digest *d, const cog_signing *in,
                                    cog_buffer *b, cog_span *signed_headers)
{
  char hex[COG_SHA256_HEX];
  cog_str payload_hash = in->payload_hash;
  if (payload_hash.p == NULL) {
    cog_status status = hex_sha256(d, in->body, hex);
    if (status != COG_OK)
      return status;
    payload_hash.p = hex;
    payload_hash.n = sizeof hex;
  }
  return cog_canonical_request(b, in, payload_hash, signed_headers)
             ? COG_OK
             : COG_ENOMEM;
}

/* Step 5: the string to sign. */

static int add_scope(cog_buffer *b, const cog_signing *in)
{
  return cog_add(b, in->time, COG_SIGV4_DATE) && cog_addc(b, '/') &&
         cog_adds(b, in->region) && cog_addc(b, '/') &&
         cog_adds(b, in->service) && cog_adds(b, COG_STR("/aws4_request"));
}

static int add_string_to_sign(cog_buffer *b, const cog_signing *in,
                              const char hash[COG_SHA256_HEX], cog_span *scope)
{
  if (!cog_adds(b, COG_STR("AWS4-HMAC-SHA256\n")) ||
      !cog_add(b, in->time, COG_SIGV4_TIME) || !cog_addc(b, '\n'))
    return 0;
  scope->at = b->len;
  if (!add_scope(b, in))
    return 0;
  scope->n = b->len - scope->at;
  return cog_addc(b, '\n') && cog_add(b, hash, COG_SHA256_HEX);
}

static cog_status string_to_sign(cog_digest *d, const cog_signing *in,
                                 cog_buffer *b, cog_str request,
                                 cog_span *scope)
{
  char hash[COG_SHA256_HEX];
  cog_status status = hex_sha256(d, request, hash);
  if (status != COG_OK)
    return status;
  return add_string_to_sign(b, in, hash, scope) ? COG_OK : COG_ENOMEM;
}

/* Step 6: the signing key, from the cache where it can be. */

static void forget_keys(cog_signer *s)
{
  size_t i;
  for (i = 0; i < COG_SIGV4_KEYS; i++) {
    cog_hmac_key_close(&s->keys[i].hmac);
    OPENSSL_cleanse(s->keys[i].id, sizeof s->keys[i].id);
  }
  s->next = 0;
}

static cog_str date_of(const cog_signing *in)
{
  cog_str date;
  date.p = in->time;
  date.n = COG_SIGV4_DATE;
  return date;
}

/* HMAC under HMAC: each result is the key of the next. */
static cog_status derive(cog_digest *d, const cog_signing *in,
                         cog_hmac_key *key)
{
  unsigned char next[COG_SHA256_SIZE];
  cog_str next_key = {(const char *)next, sizeof next};
  cog_str secret[2] = {{"AWS4", 4}, in->secret_access_key};
  cog_str messages[4] = {
      date_of(in), in->region, in->service, {"aws4_request", 12}};
  cog_status status = cog_hmac_key_set(d, key, secret, 2);
  size_t i;
  for (i = 0; i < 4 && status == COG_OK; i++) {
    status = cog_hmac_with(d, key, &messages[i], 1, next);
    if (status == COG_OK)
      status = cog_hmac_key_set(d, key, &next_key, 1);
  }
  OPENSSL_cleanse(next, sizeof next);
  return status;
}

static cog_status replace_key(cog_signer *s, const cog_signing *in,
                              const unsigned char id[COG_SHA256_SIZE],
                              const cog_hmac_key **found)
{
  cog_sigv4_key *key = &s->keys[s->next];
  cog_status status = derive(&s->digest, in, &key->hmac);
  if (status != COG_OK) {
    cog_hmac_key_close(&key->hmac);
    return status;
  }
  memcpy(key->id, id, COG_SHA256_SIZE);
  s->next = (s->next + 1) % COG_SIGV4_KEYS;
  *found = &key->hmac;
  return COG_OK;
}

static cog_status signing_key(cog_signer *s, const cog_signing *in,
                              cog_str scope, const cog_hmac_key **found)
{
  cog_str identity[2] = {scope, in->secret_access_key};
  unsigned char id[COG_SHA256_SIZE];
  cog_status status = cog_sha256(&s->digest, identity, 2, id);
  size_t i;
  if (status != COG_OK)
    return status;
  if (memcmp(s->date, in->time, COG_SIGV4_DATE) != 0) {
    forget_keys(s);
    memcpy(s->date, in->time, COG_SIGV4_DATE);
  }
  for (i = 0; i < COG_SIGV4_KEYS; i++) {
    if (s->keys[i].hmac.outer != NULL &&
        memcmp(s->keys[i].id, id, sizeof id) == 0) {
      *found = &s->keys[i].hmac;
      return COG_OK;
    }
  }
  return replace_key(s, in, id, found);
}

/* Step 7: the signature. */

static cog_status signature(cog_signer *s, const cog_signing *in,
                            cog_str scope, cog_str text,
                            char out[COG_SHA256_HEX])
{
  const cog_hmac_key *key = NULL;
  unsigned char mac[COG_SHA256_SIZE];
  cog_status status = signing_key(s, in, scope, &key);
  if (status == COG_OK)
    status = cog_hmac_with(&s->digest, key, &text, 1, mac);
  if (status == COG_OK)
    cog_hex(out, mac, sizeof mac);
  return status;
}

/* Step 8: the Authorization header. */

static int add_authorization(cog_buffer *b, cog_str access_key_id,
                             cog_str scope, cog_str signed_headers,
                             const char signature_hex[COG_SHA256_HEX])
{
  return cog_adds(b, COG_STR("AWS4-HMAC-SHA256 Credential=")) &&
         cog_adds(b, access_key_id) && cog_addc(b, '/') &&
         cog_adds(b, scope) && cog_adds(b, COG_STR(", SignedHeaders=")) &&
         cog_adds(b, signed_headers) && cog_adds(b, COG_STR(", Signature=")) &&
         cog_add(b, signature_hex, COG_SHA256_HEX);
}

int cog_sigv4_plain(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '/' || s.p[i] == ',')
      return 0;
  return s.n > 0;
}

int cog_sigv4_visible(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (s.p[i] <= ' ' || s.p[i] > '~')
      return 0;
  return 1;
}

static int can_sign(const cog_signing *in)
{
  return cog_sigv4_plain(in->access_key_id) && cog_sigv4_plain(in->region) &&
         cog_sigv4_plain(in->service) && in->secret_access_key.n > 0;
}

cog_status cog_sigv4_authorization(cog_signer *s, const cog_signing *in,
                                   cog_buffer *scratch, cog_buffer *out,
                                   cog_sigv4_steps *steps_or_null)
{
  cog_sigv4_steps steps;
  cog_span signed_headers, scope, request = {0, 0}, text;
  cog_status status;
  if (!can_sign(in))
    return COG_EINVAL;

  scratch->len = 0;
  status = canonical_request(&s->digest, in, scratch, &signed_headers);
  if (status != COG_OK)
    return status;
  request.n = text.at = scratch->len;
  status = string_to_sign(&s->digest, in, scratch, at_span(scratch, request),
                          &scope);
  if (status != COG_OK)
    return status;
  text.n = scratch->len - text.at;

  steps.canonical_request = at_span(scratch, request);
  steps.string_to_sign = at_span(scratch, text);
  status = signature(s, in, at_span(scratch, scope), steps.string_to_sign,
                     steps.signature);
  if (status != COG_OK)
    return status;
  if (steps_or_null != NULL)
    *steps_or_null = steps;
  return add_authorization(out, in->access_key_id, at_span(scratch, scope),
                           at_span(scratch, signed_headers), steps.signature)
             ? COG_OK
             : COG_ENOMEM;
}

cog_status cog_signer_init(cog_signer *s)
{
  cog_heap_init(&s->scratch);
  return cog_digest_init(&s->digest);
}

void cog_signer_close(cog_signer *s)
{
  forget_keys(s);
  cog_heap_free(&s->scratch);
  cog_digest_close(&s->digest);
}

/* Dates: the C library's gmtime shares its result between threads, and
 * gmtime_r and gmtime_s are not everywhere. */

static int64_t leap_days_before(int64_t year)
{
  year--;
  return year / 4 - year / 100 + year / 400;
}

static int64_t days_before(int64_t year)
{
  return 365 * (year - 1970) + leap_days_before(year) - leap_days_before(1970);
}

static int is_leap(int64_t year)
{
  return leap_days_before(year + 1) > leap_days_before(year);
}

static int days_in_month(int64_t year, int month)
{
  static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

static void put_digits(char *to, int width, int64_t n)
{
  for (; width > 0; n /= 10)
    to[--width] = (char)('0' + n % 10);
}

static void put_date(char *to, int64_t day)
{
  int64_t year = 1970 + day / 366; /* never too late */
  int month = 1;
  while (days_before(year + 1) <= day)
    year++;
  day -= days_before(year);
  for (; day >= days_in_month(year, month); month++)
    day -= days_in_month(year, month);
  put_digits(to, 4, year);
  put_digits(to + 4, 2, month);
  put_digits(to + 6, 2, day + 1);
}

static void put_time(char *to, int64_t second)
{
  to[0] = 'T';
  put_digits(to + 1, 2, second / 3600);
  put_digits(to + 3, 2, second / 60 % 60);
  put_digits(to + 5, 2, second % 60);
  to[7] = 'Z';
}

int cog_sigv4_time(double epoch_seconds, char out[COG_SIGV4_TIME + 1])
{
  int in_range = epoch_seconds >= 0 && epoch_seconds < 253402300800.0;
  int64_t seconds = in_range ? (int64_t)epoch_seconds : 0;
  put_date(out, seconds / 86400);
  put_time(out + COG_SIGV4_DATE, seconds % 86400);
  out[COG_SIGV4_TIME] = '\0';
  return in_range;
}
