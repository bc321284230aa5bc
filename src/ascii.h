/*
 * ascii.h: letters, digits and blanks as the C locale has them. tolower and strcasecmp follow the
 * program's locale, and in Turkish the small letter of I is not i.
 */
#ifndef COGNITO_ASCII_H
#define COGNITO_ASCII_H

#include "buffer.h"

static inline char cog_lower(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline int cog_is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static inline int cog_is_alnum(char c)
{
  return (cog_lower(c) >= 'a' && cog_lower(c) <= 'z') || cog_is_digit(c);
}

/* -1: no hexadecimal digit. */
static inline int cog_hex_value(char c)
{
  if (cog_is_digit(c))
    return c - '0';
  c = cog_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The text without the blanks and tabs at its ends. */
static inline cog_str cog_trim(cog_str s)
{
  while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
    s.p++;
    s.n--;
  }
  while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
    s.n--;
  return s;
}

/* Whether the text is this one. It may hold a NUL, which the other ends with. */
static inline int cog_is_text(cog_str text, const char *other)
{
  return strlen(other) == text.n && memcmp(text.p, other, text.n) == 0;
}

/* Whether the text is this word of small letters, in any case. */
static inline int cog_is_word(cog_str text, const char *word)
{
  size_t i;
  for (i = 0; i < text.n && word[i] != '\0'; i++)
    if (cog_lower(text.p[i]) != word[i])
      return 0;
  return i == text.n && word[i] == '\0';
}

#endif
