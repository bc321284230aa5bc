/*
 * process.c: see process.h.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "close_others.h"
#include "signals.h"

#if defined(__APPLE__)
#include <crt_externs.h>
#define environ (*_NSGetEnviron())
#else
extern char **environ;
#endif

#define SLICE 0.02 /* seconds between two looks at the child */
#define GRACE 0.5  /* seconds between asking it to end and ending it */

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- pipes ---- */

typedef struct pipe_ends {
  int ours, theirs; /* -1 once closed */
} pipe_ends;

static void close_end(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

/* A copy above the standard three, which the child's own will replace. */
static int move_up(int fd)
{
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  close(fd);
  return copy;
}

#if defined(__APPLE__)
#define pipe2(fds, flags) pipe(fds) /* move_up marks the copies */
#endif

/* Both ends are always set, so that closing them is right whatever happened. */
static int open_pipe(pipe_ends *p)
{
  int fds[2];
  p->ours = p->theirs = -1;
  if (pipe2(fds, O_CLOEXEC) != 0)
    return 0;
  p->ours = move_up(fds[0]);
  p->theirs = move_up(fds[1]);
  return p->ours >= 0 && p->theirs >= 0 &&
         fcntl(p->ours, F_SETFL, O_NONBLOCK) == 0;
}

/* Takes what is there, all that a pipe can hold, but not what a program that
 * never stops goes on to write; closes our end when nothing more will come. */
static void drain(pipe_ends *p, cog_sink *sink)
{
  char scrap[4096];
  int rounds;
  for (rounds = 0; p->ours >= 0 && rounds < 32; rounds++) {
    int fits = sink->len < sink->cap;
    ssize_t n =
        fits ? read(p->ours, sink->data + sink->len, sink->cap - sink->len)
             : read(p->ours, scrap, sizeof scrap);
    if (n < 0 && errno == EAGAIN)
      return;
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      sink->error = errno;
    if (n <= 0)
      close_end(&p->ours);
    else if (fits)
      sink->len += (size_t)n;
    else
      sink->overflow = 1;
  }
}

/* ---- starting ---- */

#if defined(POSIX_SPAWN_CLOEXEC_DEFAULT) /* macOS */
#define SPAWN_FLAGS POSIX_SPAWN_CLOEXEC_DEFAULT
#else
#define SPAWN_FLAGS 0
#endif

/* The child starts with an ordinary view of signals: what a host blocks or
 * ignores for itself would be inherited. */
static int plan_attributes(posix_spawnattr_t *attributes, int leads)
{
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGCHLD);
  posix_spawnattr_setsigmask(attributes, &none);
  posix_spawnattr_setsigdefault(attributes, &usual);
  posix_spawnattr_setpgroup(attributes, 0);
  return posix_spawnattr_setflags(
      attributes,
      (short)(SPAWN_FLAGS | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
              (leads ? POSIX_SPAWN_SETPGROUP : 0)));
}

#define INHERITED (-1) /* in place of descriptors: the child shares ours */

/* With POSIX_SPAWN_CLOEXEC_DEFAULT only what is planned stays open: hence
 * copies of the standard three onto themselves. */
static int plan_inherited(posix_spawn_file_actions_t *actions)
{
  int fd, failed = 0;
  for (fd = STDIN_FILENO; !failed && fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) >= 0)
      failed = posix_spawn_file_actions_adddup2(actions, fd, fd);
  return failed;
}

static int plan_pipes(posix_spawn_file_actions_t *actions, int out, int err)
{
  int failed = posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
                                                "/dev/null", O_RDONLY, 0);
  if (!failed)
    failed = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
  if (!failed)
    failed = posix_spawn_file_actions_adddup2(actions, err, STDERR_FILENO);
  return failed;
}

static int plan_files(posix_spawn_file_actions_t *actions, int out, int err)
{
  int failed = out == INHERITED ? plan_inherited(actions)
                                : plan_pipes(actions, out, err);
  return failed ? failed : cog_close_others(actions);
}

/* Whether a variable, NAME=VALUE, is on a list of names. */
static int is_listed(const char *variable, const char *names)
{
  size_t n = strcspn(variable, "=");
  while (*names != '\0') {
    size_t word = strcspn(names, " ");
    if (word == n && memcmp(names, variable, n) == 0)
      return 1;
    names += word;
    names += strspn(names, " ");
  }
  return 0;
}

/* Our variables but for some; to be freed, their texts not. NULL without
 * memory. */
static char **environment_without(const char *names)
{
  char **from, **to, **result;
  size_t n = 0;
  for (from = environ; from != NULL && *from != NULL; from++)
    n++;
  to = result = malloc((n + 1) * sizeof *result);
  if (result == NULL)
    return NULL;
  for (from = environ; from != NULL && *from != NULL; from++)
    if (!is_listed(*from, names))
      *to++ = *from;
  *to = NULL;
  return result;
}

typedef struct child {
  pid_t pid;
  pipe_ends out, err;
  int leads;  /* a process group of its own */
  int seen;   /* the signal that was noted when it started, or passed on */
  int status; /* from waitpid */
  int ended;
  int lost; /* reaped elsewhere, or not at all */
} child;

/* 0, or an errno. */
static int spawn(child *c, char *const argv[], char *const variables[])
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int failed = posix_spawn_file_actions_init(&actions);
  if (failed)
    return failed;
  failed = posix_spawnattr_init(&attributes);
  if (!failed) {
    failed = plan_attributes(&attributes, c->leads);
    if (!failed)
      failed = plan_files(&actions, c->out.theirs, c->err.theirs);
    if (!failed)
      failed = posix_spawnp(&c->pid, argv[0], &actions, &attributes, argv,
                            variables);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

/* ---- waiting ---- */

static void look(child *c)
{
  pid_t found = waitpid(c->pid, &c->status, WNOHANG);
  c->lost = found < 0 && errno == ECHILD;
  c->ended = found == c->pid || c->lost;
}

/* Until output comes, or for a moment. */
static void pause_for_output(const child *c)
{
  struct pollfd fds[2];
  fds[0].fd = c->out.ours; /* poll ignores those below 0 */
  fds[1].fd = c->err.ours;
  fds[0].events = fds[1].events = POLLIN;
  /* With both closed the end is near, and nothing would announce it. */
  poll(fds, 2, c->out.ours < 0 && c->err.ours < 0 ? 1 : (int)(SLICE * 1000));
}

/* A terminal sends these to our group, and not to the child's. Each is passed
 * on once. */
static void pass_on(child *c)
{
  int which = cog_caught_signal();
  if (c->leads && which != c->seen && (which == SIGINT || which == SIGHUP))
    kill(-c->pid, which);
  c->seen = which;
}

/* Takes output until the child has ended, the time is up or there is too
 * much. A grandchild may hold the pipes open for ever: the child's end is
 * what counts. */
static void collect(child *c, cog_run *run, double deadline)
{
  for (;;) {
    look(c); /* before reading: what it printed before it ended is in there */
    drain(&c->out, &run->out);
    drain(&c->err, &run->err);
    if (run->out.error == 0)
      run->out.error = run->err.error;
    if (c->ended || run->out.overflow || run->out.error || now() >= deadline)
      return;
    pass_on(c);
    pause_for_output(c);
  }
}

/* Whether the child is still there, or another of its group: for so long the
 * group's number is no other's. */
static int is_there(child *c)
{
  if (!c->ended)
    look(c);
  return !c->ended || (c->leads && kill(-c->pid, 0) == 0);
}

/* A wrapper gets the chance to end what it started. */
static void end_child(child *c)
{
  double deadline = now() + GRACE;
  pid_t whom = c->leads ? -c->pid : c->pid;
  kill(whom, SIGTERM);
  while (is_there(c) && now() < deadline)
    poll(NULL, 0, 1);
  if (is_there(c))
    kill(whom, SIGKILL);
  while (!c->ended && waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
    ;
}

static cog_run_end outcome(const child *c, cog_run *run)
{
  if (c->lost)
    return COG_RUN_LOST;
  if (WIFEXITED(c->status)) {
    run->status = WEXITSTATUS(c->status);
    return COG_RUN_EXITED;
  }
  run->signal = WTERMSIG(c->status);
  return COG_RUN_KILLED;
}

static cog_run_end attend(child *c, cog_run *run)
{
  collect(c, run, now() + run->seconds);
  run->error = run->out.error;
  if (!c->ended)
    end_child(c);
  else if (!run->out.overflow && !run->error)
    return outcome(c, run);
  return run->error          ? COG_RUN_UNREAD
         : run->out.overflow ? COG_RUN_TOO_LARGE
                             : COG_RUN_TIMEOUT;
}

static int start(child *c, const cog_run *run, char *const argv[])
{
  char **variables = environment_without(run->without ? run->without : "");
  int failed = ENOMEM;
  if (variables != NULL)
    failed = spawn(c, argv, variables);
  free(variables);
  return failed;
}

static cog_run_end begin(child *c, cog_run *run, char *const argv[])
{
  if (!open_pipe(&c->out) || !open_pipe(&c->err)) {
    run->error = errno;
    return COG_RUN_NOT_BEGUN;
  }
  run->error = start(c, run, argv);
  close_end(&c->out.theirs);
  close_end(&c->err.theirs);
  return run->error != 0 ? COG_RUN_NOT_BEGUN : attend(c, run);
}

/* Whether a person could be asked there. */
static int has_terminal(void)
{
  int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  int has = fd >= 0 || (errno != ENXIO && errno != ENOENT);
  close_end(&fd);
  return has;
}

cog_run_end cog_process_run(cog_run *run, char *const argv[])
{
  child c = {.out = {-1, -1}, .err = {-1, -1}};
  cog_run_end end;
  c.leads = run->own_group || !has_terminal();
  c.seen = cog_caught_signal();
  end = begin(&c, run, argv);
  close_end(&c.out.ours);
  close_end(&c.out.theirs);
  close_end(&c.err.ours);
  close_end(&c.err.theirs);
  return end;
}

/* ---- a program beside us ---- */

int cog_process_start(long *pid, char *const argv[])
{
  child c = {.out = {-1, INHERITED}, .err = {-1, INHERITED}};
  int failed = spawn(&c, argv, environ);
  *pid = (long)c.pid;
  return failed;
}

cog_run_end cog_process_look(long pid, cog_run *run)
{
  child c = {.pid = (pid_t)pid};
  look(&c);
  return c.ended ? outcome(&c, run) : COG_RUN_RUNNING;
}

int cog_process_signal(long pid, int which)
{
  return kill((pid_t)pid, which) == 0 ? 0 : errno;
}
