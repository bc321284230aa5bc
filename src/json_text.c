/*
 * json_text.c: see json_text.h.
 */
#include "json_text.h"

#include <string.h>

void cog_json_blanks(cog_json *j)
{
  while (j->p < j->end &&
         (*j->p == ' ' || *j->p == '\t' || *j->p == '\n' || *j->p == '\r'))
    j->p++;
}

int cog_json_accept(cog_json *j, char c)
{
  cog_json_blanks(j);
  if (j->p == j->end || *j->p != c)
    return 0;
  j->p++;
  return 1;
}

int cog_json_accept_word(cog_json *j, const char *word)
{
  size_t n = strlen(word);
  if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0)
    return 0;
  j->p += n;
  return 1;
}

static int hex_digit(char c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* The four digits of \uXXXX; -1 when they are not. */
static long read_hex(cog_json *j)
{
  long code = 0;
  int i;
  if (j->end - j->p < 4)
    return -1;
  for (i = 0; i < 4; i++) {
    int digit = hex_digit(*j->p++);
    if (digit < 0)
      return -1;
    code = code * 16 + digit;
  }
  return code;
}

static void add_utf8(cog_buffer *b, long c)
{
  char bytes[4];
  size_t n = 0;
  if (c < 0x80)
    bytes[n++] = (char)c;
  else if (c < 0x800)
    bytes[n++] = (char)(0xc0 | c >> 6);
  else if (c < 0x10000) {
    bytes[n++] = (char)(0xe0 | c >> 12);
    bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
  } else {
    bytes[n++] = (char)(0xf0 | c >> 18);
    bytes[n++] = (char)(0x80 | (c >> 12 & 0x3f));
    bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
  }
  if (c >= 0x80)
    bytes[n++] = (char)(0x80 | (c & 0x3f));
  cog_add(b, bytes, n);
}

/* Half a surrogate pair is no character. One of them spoils one character,
 * not the reply. */
static int add_unicode(cog_json *j)
{
  long code = read_hex(j), low;
  const char *after = j->p;
  if (code < 0)
    return 0;
  if (code >= 0xd800 && code < 0xdc00 && cog_json_accept_word(j, "\\u")) {
    low = read_hex(j);
    if (low < 0)
      return 0;
    if (low >= 0xdc00 && low < 0xe000)
      code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
    else
      j->p = after; /* a character of its own */
  }
  add_utf8(&j->plain, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  return 1;
}

static int add_escape(cog_json *j)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char bytes[] = "\"\\/\b\f\n\r\t";
  const char *found;
  if (j->p == j->end)
    return 0;
  if (*j->p == 'u') {
    j->p++;
    return add_unicode(j);
  }
  found = *j->p == '\0' ? NULL : strchr(letters, *j->p);
  if (found == NULL)
    return 0;
  j->p++;
  cog_addc(&j->plain, bytes[found - letters]);
  return 1;
}

/* The bytes up to the next quote or backslash. */
static cog_str plain_run(cog_json *j)
{
  cog_str run = {j->p, 0};
  while (j->p < j->end && *j->p != '"' && *j->p != '\\')
    j->p++;
  run.n = (size_t)(j->p - run.p);
  return run;
}

/* Most strings have no escapes and are not copied. */
int cog_json_string(cog_json *j, cog_str *to)
{
  cog_str run = plain_run(j);
  if (j->p < j->end && *j->p == '"') {
    j->p++;
    *to = run;
    return 1;
  }
  for (j->plain.len = 0; j->p < j->end; run = plain_run(j)) {
    cog_adds(&j->plain, run);
    if (*j->p++ == '"') {
      *to = (cog_str){j->plain.data, j->plain.len};
      return 1;
    }
    if (!add_escape(j))
      return 0;
  }
  return 0;
}
