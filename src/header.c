/*
 * header.c: see header.h.
 */
#include "header.h"

#include "ascii.h"

/* Of the signs that a token may have, the small letter or the sign itself; 0
 * for all others. */
static const char token_signs[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                  "\0!\0#$%&'\0\0*+\0-.\0"
                                  "0123456789\0\0\0\0\0\0"
                                  "\0abcdefghijklmno"
                                  "pqrstuvwxyz\0\0\0^_"
                                  "`abcdefghijklmno"
                                  "pqrstuvwxyz\0|\0~";

static char token_sign(char c)
{
  size_t i = (unsigned char)c;
  return i < sizeof token_signs ? token_signs[i] : '\0';
}

int cog_is_token(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (token_sign(s.p[i]) == '\0')
      return 0;
  return s.n > 0;
}

int cog_lower_token(cog_str s, char *to)
{
  size_t i;
  for (i = 0; i < s.n; i++) {
    to[i] = token_sign(s.p[i]);
    if (to[i] == '\0')
      return 0;
  }
  return s.n > 0;
}

static int is_value_char(char c)
{
  return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7f);
}

int cog_is_header_value(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (!is_value_char(s.p[i]))
      return 0;
  return 1;
}

/* The length of the line break at the front, with the blank behind it. */
static size_t fold_length(cog_str s)
{
  size_t n = s.n > 0 && s.p[0] == '\r';
  n += n < s.n && s.p[n] == '\n';
  return n > 0 && n < s.n && (s.p[n] == ' ' || s.p[n] == '\t') ? n + 1 : 0;
}

int cog_is_folded_value(cog_str s)
{
  size_t i = 0, n;
  while (i < s.n) {
    n = is_value_char(s.p[i]) ? 1 : fold_length((cog_str){s.p + i, s.n - i});
    if (n == 0)
      return 0;
    i += n;
  }
  return 1;
}

int cog_is_framing_header(cog_str name)
{
  return cog_is_word(name, "content-length") ||
         cog_is_word(name, "transfer-encoding") || cog_is_word(name, "expect");
}

#define NAME(literal)                                                         \
  {                                                                           \
    literal, sizeof(literal) - 1                                              \
  }

/* Error type, request ids, the service's clock and its wishes for a retry. */
const cog_str cog_reply_headers[] = {NAME("x-amzn-errortype"),
                                     NAME("x-amzn-errormessage"),
                                     NAME("x-amzn-requestid"),
                                     NAME("x-amzn-request-id"),
                                     NAME("x-amz-request-id"),
                                     NAME("x-amz-id-2"),
                                     NAME("x-amz-cf-id"),
                                     NAME("x-amz-retry-after"),
                                     NAME("retry-after"),
                                     NAME("date"),
                                     NAME("age"),
                                     NAME("content-type"),
                                     {NULL, 0}};
