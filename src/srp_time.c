/*
 * srp_time.c: see srp_time.h.
 */
#include "srp_time.h"

#include <string.h>

#include "sigv4.h"

static char *put(char *to, const char *from, size_t n)
{
  memcpy(to, from, n);
  return to + n;
}

static const char *weekday(double epoch_seconds)
{
  static const char names[] = "ThuFriSatSunMonTueWed"; /* 1970 began so */
  return names + 3 * ((long)(epoch_seconds / 86400) % 7);
}

static const char *month(const char digits[2])
{
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  return names + 3 * ((digits[0] - '0') * 10 + digits[1] - '0' - 1);
}

int cog_srp_time(double epoch_seconds, char out[COG_SRP_TIME + 1])
{
  char t[COG_SIGV4_TIME + 1]; /* 20261104T080905Z */
  size_t leading = 0;
  if (!cog_sigv4_time(epoch_seconds, t))
    return 0;
  leading = t[6] == '0';
  out = put(out, weekday(epoch_seconds), 3);
  *out++ = ' ';
  out = put(out, month(t + 4), 3);
  *out++ = ' ';
  out = put(out, t + 6 + leading, 2 - leading);
  *out++ = ' ';
  out = put(out, t + 9, 2);
  *out++ = ':';
  out = put(out, t + 11, 2);
  *out++ = ':';
  out = put(out, t + 13, 2);
  out = put(out, " UTC ", 5);
  out = put(out, t, 4);
  *out = '\0';
  return 1;
}
