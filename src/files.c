/*
 * files.c: see files.h.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* realpath writes up to PATH_MAX bytes. */
#if PATH_MAX > COG_LONGEST_PATH
#error "COG_LONGEST_PATH is too small for realpath"
#endif

static int write_all(int fd, const char *data, size_t len)
{
  while (len > 0) {
    ssize_t n = write(fd, data, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    data += n;
    len -= (size_t)n;
  }
  return 0;
}

/* On disk before the name leads to it: a crash must not leave an empty file
 * where a good one was. */
static int fill(int fd, const char *data, size_t len)
{
  int failed = write_all(fd, data, len);
  if (!failed && fsync(fd) != 0)
    failed = errno;
  if (close(fd) != 0 && !failed)
    failed = errno;
  return failed;
}

/* mkstemp makes the file for its owner alone, whatever the umask. */
int cog_write_private(const char *path, const char *data, size_t len)
{
  char beside[COG_LONGEST_PATH];
  int fd, failed;
  int n = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
  if (n < 0 || (size_t)n >= sizeof beside)
    return ENAMETOOLONG;
  fd = mkostemp(beside, O_CLOEXEC);
  if (fd < 0)
    return errno;
  failed = fill(fd, data, len);
  if (!failed && rename(beside, path) != 0)
    failed = errno;
  if (failed)
    unlink(beside);
  return failed;
}

int cog_file_facts(const char *path, char name[COG_LONGEST_PATH],
                   struct stat *facts)
{
  if (!realpath(path, name) || lstat(name, facts) != 0)
    return errno;
  return 0;
}

/* Opened for writing, because NFS locks nothing else exclusively. */
int cog_lock_file(const char *path)
{
  int fd = open(path, O_RDWR | O_CLOEXEC);
  int failed;
  if (fd < 0)
    return -1;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  failed = errno;
  close(fd);
  errno = failed;
  return -1;
}
