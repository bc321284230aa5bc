/*
 * http_clock.h: the clock by which exchanges are timed.
 */
#ifndef COGNITO_HTTP_CLOCK_H
#define COGNITO_HTTP_CLOCK_H

/* Seconds of a monotonic clock. */
double cog_clock(void);

#endif
