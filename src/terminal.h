/*
 * terminal.h: what a command does with the terminal it runs in, and with the
 * secrets that are typed there. No Lua in here. One prompt at a time, in one
 * thread.
 */
#ifndef COGNITO_TERMINAL_H
#define COGNITO_TERMINAL_H

#include <stddef.h>

/* From now on a crash leaves no core dump, in which secrets would lie: not of
 * this process, nor of those it starts. Returns 0 or an errno. */
int cog_no_core_dumps(void);

/* Columns of the terminal; 0 when it is none, or does not say. */
int cog_terminal_width(int fd);

typedef enum cog_typed {
  COG_TYPED_LINE,
  COG_TYPED_NOTHING, /* the end of input, or to a question an empty line */
  COG_TYPED_TOO_MUCH,
  COG_TYPED_SIGNAL, /* a signal came: noted, or passed on */
  COG_TYPED_FAILED  /* errno says why */
} cog_typed;

/* Asks on the controlling terminal, whatever the standard three descriptors
 * are, and reads a line without showing it. The caller wipes what was typed.
 */
cog_typed cog_read_secret(const char *question, char *line, size_t cap,
                          size_t *len);

/* Reads a line from a descriptor without its end, byte by byte: the bytes
 * behind it are left for the next reader. */
cog_typed cog_read_line(int fd, char *line, size_t cap, size_t *len);

#endif
