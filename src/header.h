/*
 * header.h: names and values of HTTP headers (RFC 9110, section 5).
 */
#ifndef COGNITO_HEADER_H
#define COGNITO_HEADER_H

#include "buffer.h"

/* A header's name, and a method: RFC 9110, section 5.6.2. */
int cog_is_token(cog_str s);

/* Writes a token in lower case; returns 0 for what is none. */
int cog_lower_token(cog_str s, char *to);

/* A value that may be sent: a tab is the only control character in it. */
int cog_is_header_value(cog_str s);

/* The same, or folded over lines that begin with a blank (RFC 9112, section
 * 5.2): old programs sign such values, and nothing here sends them. */
int cog_is_folded_value(cog_str s);

/* Whether a header says how the body is framed, which is for the library to
 * say. */
int cog_is_framing_header(cog_str name);

/* The lower-case names of the reply's headers that the client reads; the last
 * one has p NULL. */
extern const cog_str cog_reply_headers[];

#endif
