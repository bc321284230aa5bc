/*
 * whole_file.h: a small file, read at once. No Lua in here.
 */
#ifndef COGNITO_WHOLE_FILE_H
#define COGNITO_WHOLE_FILE_H

#include <stddef.h>

/* No configuration, credential or token file comes near; a larger one is
 * another file. */
#define COG_LARGEST_FILE ((size_t)1024 * 1024)

/* Why a file that can be opened is not read. */
#define COG_NOT_REGULAR (-1)
#define COG_TOO_LARGE   (-2)

/* Reads a file into memory for COG_LARGEST_FILE bytes and one more. It never
 * waits: what is not a regular file (a FIFO, a device, a folder) is refused;
 * /dev/null alone counts as an empty one.
 * Returns 0, an errno, or one of the above. */
int cog_read_whole(const char *path, char *data, size_t *len);

#endif
