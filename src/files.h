/*
 * files.h: files that other processes read and write, too. No Lua in here.
 */
#ifndef COGNITO_FILES_H
#define COGNITO_FILES_H

#include <stddef.h>
#include <sys/stat.h>

/* Writes all of it to a descriptor. Returns 0 or an errno. */
int cog_write_all(int fd, const char *data, size_t len);

/* Replaces a file, or makes it, such that readers see either the old
 * content or the new, also after a crash, and only its owner may read it.
 * Returns 0 or an errno. */
int cog_write_private(const char *path, const char *data, size_t len);

/* Makes the folders that are missing on the way to a file, for their owner
 * only; but for those that its first bytes name. Returns 0 or an errno. */
int cog_make_folders(const char *path, size_t given);

#define COG_LONGEST_PATH 4096

/* What a path leads to: its one name without symbolic links, and its facts.
 * Returns 0 or an errno. */
int cog_file_facts(const char *path, char name[COG_LONGEST_PATH],
                   struct stat *facts);

/* Takes the advisory lock of a file that exists, without waiting. Returns a
 * descriptor to close, which gives the lock back, or -1 with errno set:
 * EWOULDBLOCK when it is locked already. */
int cog_lock_file(const char *path);

/* The same with a file of our own that is nothing but a lock: it is made if
 * it is not there, for its owner only. EPERM: it is another user's, has
 * other names, or is no regular file; ELOOP: it is a symbolic link. */
int cog_make_lock(const char *path);

/* A few bytes that such a file keeps beside its lock. Each returns 0 or an
 * errno; what is read has a length of at most `size`. */
int cog_write_note(int fd, const char *data, size_t len);
int cog_read_note(int fd, char *data, size_t size, size_t *len);

/* Why a file that secrets are written to is not trusted, or NULL. One that is
 * not there is. Root's files are, too. With is_private, others may not even
 * read it. */
const char *cog_check_owned(const char *path, int is_private);

#endif
