/*
 * closes.c: whether a program that is started has more than the standard
 * three descriptors open, by the ways of systems without closefrom. It starts
 * itself, and prints a line for each way.
 */
#define COG_ONE_BY_ONE
#include "../../src/close_others.c"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define OPEN 6 /* descriptors that nobody has marked */

extern char **environ;

/* In the child: how many there are, for an exit status. */
static int count(void)
{
  int fd, n = 0;
  for (fd = 0; fd < 1024; fd++)
    n += fcntl(fd, F_GETFD) >= 0;
  return n;
}

static int nothing(posix_spawn_file_actions_t *actions)
{
  (void)actions;
  return 0;
}

static int listed(posix_spawn_file_actions_t *actions)
{
  DIR *folder = opendir("/proc/self/fd");
  return folder != NULL ? close_listed(actions, folder) : -1;
}

/* One that is closed before the program starts, as by another thread. */
static int listed_and_closed(posix_spawn_file_actions_t *actions)
{
  int fd = open("/dev/null", O_RDONLY);
  int failed = listed(actions);
  close(fd);
  return failed;
}

/* Descriptors in the child; -1 when it could not be started. */
static int descriptors(char *self,
                       int (*plan)(posix_spawn_file_actions_t *actions))
{
  char counting[] = "count";
  char *argv[] = {self, counting, NULL};
  posix_spawn_file_actions_t actions;
  pid_t child;
  int status = -1;
  posix_spawn_file_actions_init(&actions);
  if (plan(&actions) == 0 &&
      posix_spawn(&child, self, &actions, NULL, argv, environ) == 0 &&
      waitpid(child, &status, 0) == child)
    status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

static const struct {
  const char *name;
  int (*plan)(posix_spawn_file_actions_t *actions);
} ways[] = {
    {"nothing", nothing},
    {"listed", listed},
    {"listed and closed", listed_and_closed},
    {"counted", close_counted},
    {"chosen", cog_close_others},
};

/* The standard three, and some above them with gaps. */
static void arrange(void)
{
  int fd = open("/dev/null", O_RDWR);
  int i;
  for (i = 0; i <= STDERR_FILENO; i++)
    if (fcntl(i, F_GETFD) < 0)
      dup2(fd, i);
  for (i = STDERR_FILENO + 1; i < 1024; i++)
    close(i);
  for (i = 1; i <= OPEN; i++)
    dup2(STDIN_FILENO, 40 * i);
}

int main(int argc, char **argv)
{
  size_t i;
  int wrong = 0;
  if (argc > 1 && strcmp(argv[1], "count") == 0)
    return count();
  arrange();
  for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    int n = descriptors(argv[0], ways[i].plan);
    printf("%s %d\n", ways[i].name, n);
    wrong += n != (ways[i].plan == nothing ? OPEN + 3 : 3);
  }
  return wrong;
}
