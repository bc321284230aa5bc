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

int cog_write_all(int fd, const char *data, size_t len)
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
  int failed = cog_write_all(fd, data, len);
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
  if ((size_t)n >= sizeof beside)
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

int cog_make_folders(const char *path, size_t given)
{
  char folder[COG_LONGEST_PATH];
  size_t i, len = strlen(path);
  if (len >= sizeof folder)
    return ENAMETOOLONG;
  memcpy(folder, path, len + 1);
  for (i = given + 1; i < len; i++) {
    if (folder[i] != '/')
      continue;
    folder[i] = '\0';
    if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST)
      return errno;
    folder[i] = '/';
  }
  return 0;
}

int cog_file_facts(const char *path, char name[COG_LONGEST_PATH],
                   struct stat *facts)
{
  if (!realpath(path, name) || lstat(name, facts) != 0)
    return errno;
  return 0;
}

/* ---- whose it is ---- */

static int is_trusted(uid_t owner)
{
  return owner == geteuid() || owner == 0;
}

static const char *fault_of(const struct stat *facts, int is_private)
{
  if (!S_ISREG(facts->st_mode))
    return "it is not a regular file";
  if (!is_trusted(facts->st_uid))
    return "it belongs to another user";
  if (facts->st_mode & S_IWOTH)
    return "all users may write to it";
  if (is_private && (facts->st_mode & (S_IRWXG | S_IRWXO)))
    return "others may read it";
  return NULL;
}

/* As Linux does in sticky folders (fs.protected_symlinks), for all systems
 * and folders. */
const char *cog_check_owned(const char *path, int is_private)
{
  struct stat facts;
  if (lstat(path, &facts) != 0)
    return errno == ENOENT ? NULL : strerror(errno);
  if (S_ISLNK(facts.st_mode)) {
    if (!is_trusted(facts.st_uid))
      return "it is a symbolic link of another user's";
    if (stat(path, &facts) != 0)
      return errno == ENOENT ? NULL : strerror(errno);
  }
  return fault_of(&facts, is_private);
}

/* ---- locks ---- */

static int give_up(int fd, int error)
{
  close(fd);
  errno = error;
  return -1;
}

static int lock(int fd)
{
  if (flock(fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  return give_up(fd, errno);
}

/* Opened for writing, because NFS locks nothing else exclusively. */
int cog_lock_file(const char *path)
{
  int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return fd < 0 ? -1 : lock(fd);
}

/* Another user's file could be locked for good, or be a link to one that is
 * not for locking. Older versions made the file with the umask's mode. */
int cog_make_lock(const char *path)
{
  struct stat facts;
  int fd = open(
      path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
      S_IRUSR | S_IWUSR);
  if (fd < 0)
    return -1;
  if (fstat(fd, &facts) != 0)
    return give_up(fd, errno);
  if (!S_ISREG(facts.st_mode) || !is_trusted(facts.st_uid) ||
      facts.st_nlink != 1)
    return give_up(fd, EPERM);
  if (facts.st_uid == geteuid() && (facts.st_mode & (S_IRWXG | S_IRWXO)) &&
      fchmod(fd, S_IRUSR | S_IWUSR) != 0)
    return give_up(fd, errno);
  return lock(fd);
}

int cog_write_note(int fd, const char *data, size_t len)
{
  ssize_t n;
  do
    n = pwrite(fd, data, len, 0);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return errno;
  return (size_t)n == len ? 0 : ENOSPC;
}

/* A read may return less than there is. */
int cog_read_note(int fd, char *data, size_t size, size_t *len)
{
  ssize_t n = 1;
  for (*len = 0; n > 0 && *len < size;) {
    n = pread(fd, data + *len, size - *len, (off_t)*len);
    if (n < 0 && errno == EINTR)
      n = 1;
    else if (n < 0)
      return errno;
    else
      *len += (size_t)n;
  }
  return 0;
}
