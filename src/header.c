/*
 * header.c: see header.h.
 */
#include "header.h"

#include "ascii.h"

static int is_token_char(char c)
{
  static const char signs[] = "!#$%&'*+-.^_`|~";
  return cog_is_alnum(c) || memchr(signs, c, sizeof signs - 1) != NULL;
}

int cog_is_token(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    if (!is_token_char(s.p[i]))
      return 0;
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
