/*
 * whole_file.c: see whole_file.h.
 */
#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* People name /dev/null for a file that is to be empty. */
static int is_null_device(const struct stat *facts)
{
  struct stat null;
  return S_ISCHR(facts->st_mode) && stat("/dev/null", &null) == 0 &&
         S_ISCHR(null.st_mode) && null.st_rdev == facts->st_rdev;
}

static int read_all(int fd, char *data, size_t *len)
{
  struct stat facts;
  ssize_t n = 1;
  if (fstat(fd, &facts) != 0)
    return errno;
  if (is_null_device(&facts))
    return 0;
  if (!S_ISREG(facts.st_mode))
    return COG_NOT_REGULAR;
  for (*len = 0; n > 0 && *len <= COG_LARGEST_FILE;) {
    n = read(fd, data + *len, COG_LARGEST_FILE + 1 - *len);
    if (n < 0 && errno == EINTR)
      n = 1;
    else if (n < 0)
      return errno;
    else
      *len += (size_t)n;
  }
  return *len > COG_LARGEST_FILE ? COG_TOO_LARGE : 0;
}

/* O_NONBLOCK: to open a FIFO waits for its writer. A socket cannot be opened
 * at all. */
int cog_read_whole(const char *path, char *data, size_t *len)
{
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  int failed;
  *len = 0;
  if (fd < 0)
    return errno == ENXIO ? COG_NOT_REGULAR : errno;
  failed = read_all(fd, data, len);
  close(fd);
  return failed;
}
