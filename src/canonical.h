/*
 * canonical.h: the canonical request, the text that a signature covers.
 */
#ifndef COGNITO_CANONICAL_H
#define COGNITO_CANONICAL_H

#include "sigv4.h"

/* A piece of a buffer, which may move while it grows. */
typedef struct cog_span {
  size_t at, n;
} cog_span;

/* Appends the canonical request and tells where in `b` its list of signed
 * headers stands. Returns 1, or 0 when the buffer has no room. */
int cog_canonical_request(cog_buffer *b, const cog_signing *in,
                          cog_str payload_hash, cog_span *signed_headers);

/* Header names know no case. Of ASCII only, whatever the locale says. */
int cog_compare_names(cog_str a, cog_str b);

#endif
