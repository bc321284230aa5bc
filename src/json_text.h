/*
 * json_text.h: a JSON text (RFC 8259) that is being read: blanks, signs,
 * words and strings. No Lua here.
 */
#ifndef COGNITO_JSON_TEXT_H
#define COGNITO_JSON_TEXT_H

#include "buffer.h"

typedef struct cog_json {
  const char *p, *end; /* what is still to be read */
  cog_buffer plain;    /* the last string without its escapes, if it had any */
} cog_json;

void cog_json_blanks(cog_json *j);

/* Whether the next byte that is not blank is this one, and passes it. */
int cog_json_accept(cog_json *j, char c);

/* Whether the text goes on with this word, and passes it. */
int cog_json_accept_word(cog_json *j, const char *word);

/* Reads the string behind an opening quote; 0 when it is none. `to` points
 * into the text, or into `plain` until the next string is read. */
int cog_json_string(cog_json *j, cog_str *to);

#endif
