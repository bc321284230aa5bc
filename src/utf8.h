/*
 * utf8.h: UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 */
#ifndef COGNITO_UTF8_H
#define COGNITO_UTF8_H

#include "buffer.h"

/* How many bytes the character at the beginning of a text has, which is not
 * empty; 0 when there is none. */
size_t cog_utf8_length(cog_str s);

/* The code point of those bytes. */
unsigned long cog_utf8_point(const char *p, size_t length);

int cog_is_utf8(cog_str s);

#endif
