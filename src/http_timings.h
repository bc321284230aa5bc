/*
 * http_timings.h: how long the parts of an exchange took.
 */
#ifndef COGNITO_HTTP_TIMINGS_H
#define COGNITO_HTTP_TIMINGS_H

/* Seconds since the exchange began; 0 for what was never reached. */
typedef struct cog_timings {
  double name_lookup, connect, tls, first_byte, total;
} cog_timings;

#endif
