/*
 * utf8.c: see utf8.h.
 */
#include "utf8.h"

/* The second byte's range is narrower behind some first ones. */
static int is_second(unsigned char first, unsigned char c)
{
  unsigned char low = 0x80, high = 0xbf;
  if (first == 0xe0)
    low = 0xa0;
  else if (first == 0xed)
    high = 0x9f;
  else if (first == 0xf0)
    low = 0x90;
  else if (first == 0xf4)
    high = 0x8f;
  return c >= low && c <= high;
}

size_t cog_utf8_length(cog_str s)
{
  const unsigned char *p = (const unsigned char *)s.p;
  size_t n, i;
  if (p[0] < 0x80)
    return 1;
  if (p[0] < 0xc2 || p[0] > 0xf4)
    return 0;
  n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  if (s.n < n || !is_second(p[0], p[1]))
    return 0;
  for (i = 2; i < n; i++)
    if ((p[i] & 0xc0) != 0x80)
      return 0;
  return n;
}

unsigned long cog_utf8_point(const char *p, size_t length)
{
  unsigned char first = (unsigned char)p[0];
  unsigned long point = length == 1 ? first : first & (0x7fU >> length);
  size_t i;
  for (i = 1; i < length; i++)
    point = point << 6 | ((unsigned char)p[i] & 0x3fU);
  return point;
}

int cog_is_utf8(cog_str s)
{
  while (s.n > 0) {
    size_t n = cog_utf8_length(s);
    if (n == 0)
      return 0;
    s.p += n;
    s.n -= n;
  }
  return 1;
}
