/*
 * srp_time.h: the time of a sign-in by SRP as the service's own clients write
 * it: "Wed Nov 4 08:09:05 UTC 2026". English in every locale, and no zero or
 * blank in front of the day. The service refuses any other form.
 */
#ifndef COGNITO_SRP_TIME_H
#define COGNITO_SRP_TIME_H

#define COG_SRP_TIME 28 /* characters of the longest, and no NUL */

/* Writes the time in UTC and a NUL. No locale, no time zone, no shared
 * state. Returns 0 before 1970 and from the year 10000 on. */
int cog_srp_time(double epoch_seconds, char out[COG_SRP_TIME + 1]);

#endif
