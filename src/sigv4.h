/*
 * sigv4.h: AWS Signature Version 4 in the Authorization header.
 *
 * One function per step of the signing document
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-
 * request.html). No Lua in it: text goes into a cog_buffer, and the only
 * memory held between calls is the signer's.
 */
#ifndef COGNITO_SIGV4_H
#define COGNITO_SIGV4_H

#include "buffer.h"
#include "digest.h"

#define COG_SIGV4_TIME 16 /* "YYYYMMDDTHHMMSSZ", no NUL */
#define COG_SIGV4_DATE 8  /* its first part */
#define COG_SIGV4_KEYS 8

typedef struct cog_header {
  cog_str name, value;
} cog_header;

/* A derived signing key. `id` tells whose: the SHA-256 of scope and secret,
 * so that the secret itself is not kept. */
typedef struct cog_sigv4_key {
  unsigned char id[COG_SHA256_SIZE];
  cog_hmac_key hmac;
} cog_sigv4_key;

/* Per Lua state. Zeroed is a valid closed state. The cached keys are all of
 * one date: a key of yesterday is of no use to anyone honest. */
typedef struct cog_signer {
  cog_digest digest;
  cog_sigv4_key keys[COG_SIGV4_KEYS];
  size_t next; /* the entry that the next new key replaces */
  char date[COG_SIGV4_DATE];
  cog_buffer scratch; /* for one signature after another, wiped after each */
} cog_signer;

/* The struct must be zeroed. What a failed init acquired, close releases. */
cog_status cog_signer_init(cog_signer *s);

/* Wipes the cached keys; idempotent. */
void cog_signer_close(cog_signer *s);

typedef struct cog_signing {
  cog_str method;
  cog_str path;  /* as it goes into the request line, without the query */
  cog_str query; /* the same, without "?" */
  cog_str body;
  cog_str payload_hash; /* of the body; p NULL: computed here */
  cog_str access_key_id, secret_access_key, region, service;
  char time[COG_SIGV4_TIME + 1];
  int normalize; /* dot segments and double slashes leave the path */
  /* All that will be sent: host, x-amz-date, the token. Names in any case,
   * in any order. The array is used up: sorted, and partly overwritten. */
  cog_header *headers;
  size_t nheaders;
} cog_signing;

/* What the steps produced, for tests and for people whose signature is
 * refused. The two texts live in the scratch buffer until it changes. */
typedef struct cog_sigv4_steps {
  cog_str canonical_request;
  cog_str string_to_sign;
  char signature[COG_SHA256_HEX];
} cog_sigv4_steps;

/* Appends the value of the Authorization header to `out`. `scratch` must be
 * another buffer; what it held is lost. COG_EINVAL: access key id, region or
 * service is not cog_sigv4_plain, or the secret is empty. */
cog_status cog_sigv4_authorization(cog_signer *s, const cog_signing *in,
                                   cog_buffer *scratch, cog_buffer *out,
                                   cog_sigv4_steps *steps_or_null);

/* Whether a credential scope can hold the text: visible ASCII, not empty,
 * without "/" and "," which separate its parts. */
int cog_sigv4_plain(cog_str s);

/* Visible ASCII, which keys, tokens and client secrets are made of: anything
 * else came along from where they were read, or would end a header. */
int cog_sigv4_visible(cog_str s);

/* Writes the time in UTC and a NUL. No locale, no time zone, no shared
 * state. Returns 0, and writes 1970, outside of the years 1970 to 9999. */
int cog_sigv4_time(double epoch_seconds, char out[COG_SIGV4_TIME + 1]);

#endif
