/*
 * close_others.c: see close_others.h.
 *
 * glibc 2.34 and FreeBSD close whatever is open when the program starts, and
 * macOS does so by a flag (process.c). Elsewhere, as with musl, those that
 * are open now are closed one by one; a descriptor that another thread opens
 * in between, without marking it, is inherited.
 */
#include "close_others.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#if !defined(COG_ONE_BY_ONE)
#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
#define HAS_CLOSEFROM 1
#endif
#elif defined(__FreeBSD__)
#define HAS_CLOSEFROM 1
#endif
#endif

#if defined(HAS_CLOSEFROM)

int cog_close_others(posix_spawn_file_actions_t *actions)
{
  return posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

#elif defined(POSIX_SPAWN_CLOEXEC_DEFAULT)

int cog_close_others(posix_spawn_file_actions_t *actions)
{
  (void)actions;
  return 0;
}

#else

#define MOST 1048576 /* descriptors to look at, where nothing lists them */

/* Closing one that another thread has closed meanwhile is no error. */
static int close_one(posix_spawn_file_actions_t *actions, int fd)
{
  int flags = fd > STDERR_FILENO ? fcntl(fd, F_GETFD) : -1;
  if (flags < 0 || flags & FD_CLOEXEC)
    return 0;
  return posix_spawn_file_actions_addclose(actions, fd);
}

static int close_listed(posix_spawn_file_actions_t *actions, DIR *folder)
{
  struct dirent *entry;
  int failed = 0;
  while (!failed && (entry = readdir(folder)) != NULL)
    failed = close_one(actions, atoi(entry->d_name)); /* 0 for the dots */
  closedir(folder);
  return failed;
}

static int close_counted(posix_spawn_file_actions_t *actions)
{
  long limit = sysconf(_SC_OPEN_MAX);
  int fd, failed = 0;
  if (limit < 0 || limit > MOST)
    limit = MOST;
  for (fd = STDERR_FILENO + 1; !failed && fd < limit; fd++)
    failed = close_one(actions, fd);
  return failed;
}

int cog_close_others(posix_spawn_file_actions_t *actions)
{
  DIR *folder = opendir("/proc/self/fd");
  return folder != NULL ? close_listed(actions, folder)
                        : close_counted(actions);
}

#endif
