/*
 * terminal.c: see terminal.h.
 */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "signals.h"

/* A limit of 0 does not keep Linux from handing the dump to a program, as
 * most distributions have it; 1 does (core(5), fs/coredump.c), and is less
 * than any file needs. PR_SET_DUMPABLE would do it as well, but closes
 * /dev/fd, and with it the shell's <(…), to all but root. */
#if defined(__linux__)
#define SMALLEST 1
#else
#define SMALLEST 0
#endif

int cog_no_core_dumps(void)
{
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) != 0)
    return errno;
  if (limit.rlim_max > SMALLEST)
    limit.rlim_max = SMALLEST;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_CORE, &limit) == 0 ? 0 : errno;
}

int cog_terminal_width(int fd)
{
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* ---- reading ---- */

/* A signal that comes just before the wait does not end it: hence the slices.
 * What cannot be polled is left for read to judge. */
static int is_there(int fd)
{
  struct pollfd waiting;
  int ready = 0;
  waiting.fd = fd;
  waiting.events = POLLIN;
  while (ready == 0 && !cog_caught_signal()) {
    ready = poll(&waiting, 1, COG_SIGNAL_SLICE);
    if (ready < 0 && errno == EINTR)
      ready = 0;
  }
  return !cog_caught_signal();
}

cog_typed cog_read_line(int fd, char *line, size_t cap, size_t *len)
{
  size_t n = 0;
  char c;
  for (;;) {
    ssize_t got;
    if (!is_there(fd))
      return COG_TYPED_SIGNAL;
    got = read(fd, &c, 1);
    if (got < 0)
      return COG_TYPED_FAILED;
    if (got == 0 && n == 0)
      return COG_TYPED_NOTHING;
    if (got == 0 || c == '\n')
      break;
    if (n == cap)
      return COG_TYPED_TOO_MUCH;
    line[n++] = c;
  }
  *len = n > 0 && line[n - 1] == '\r' ? n - 1 : n;
  return COG_TYPED_LINE;
}

/* ---- a prompt without echo ---- */

/* The signals after which the terminal would be left without echo. */
static const int grave[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define GRAVE (sizeof grave / sizeof *grave)

static volatile sig_atomic_t arrived;

static void note(int which)
{
  arrived = which;
}

typedef struct prompt {
  int fd;
  struct termios usual;
  sigset_t mask; /* before the prompt */
  struct sigaction actions[GRAVE];
} prompt;

/* Blocked until wait_for_input, so that none comes between a look and the
 * wait. */
static void guard(prompt *p)
{
  sigset_t blocked;
  size_t i;
  arrived = 0;
  sigemptyset(&blocked);
  for (i = 0; i < GRAVE; i++)
    sigaddset(&blocked, grave[i]);
  pthread_sigmask(SIG_BLOCK, &blocked, &p->mask);
  for (i = 0; i < GRAVE; i++)
    p->actions[i] = cog_handle_signal(grave[i], note);
}

/* What arrived goes where it would have gone. */
static void unguard(const prompt *p)
{
  size_t i;
  for (i = 0; i < GRAVE; i++)
    sigaction(grave[i], &p->actions[i], NULL);
  if (arrived)
    (void)raise(arrived); /* pending, as long as it is blocked */
  pthread_sigmask(SIG_SETMASK, &p->mask, NULL);
}

static void say(int fd, const char *text)
{
  size_t len = strlen(text);
  while (len > 0) {
    ssize_t n = write(fd, text, len);
    if (n < 0 && errno != EINTR)
      return; /* then nothing can be read either */
    if (n > 0) {
      text += n;
      len -= (size_t)n;
    }
  }
}

/* Waits until there is something to read, and lets the signals come that were
 * blocked. macOS has no ppoll, and its poll knows no terminals. */
#if defined(__APPLE__)

static int wait_for_input(int fd, const sigset_t *mask)
{
  fd_set readable;
  if (fd >= FD_SETSIZE) { /* a select set holds no larger descriptor */
    errno = EMFILE;
    return -1;
  }
  FD_ZERO(&readable);
  FD_SET(fd, &readable);
  return pselect(fd + 1, &readable, NULL, NULL, NULL, mask);
}

#else

static int wait_for_input(int fd, const sigset_t *mask)
{
  struct pollfd terminal = {fd, POLLIN, 0};
  return ppoll(&terminal, 1, NULL, mask);
}

#endif

/* The end of a line brings all of it at once (canonical mode), so to wait for
 * its first byte is to wait for it. */
static cog_typed type(const prompt *p, char *line, size_t cap, size_t *len)
{
  int ready = 0;
  cog_typed typed;
  while (ready <= 0) {
    ready = wait_for_input(p->fd, &p->mask);
    if (arrived)
      return COG_TYPED_SIGNAL;
    if (ready < 0 && errno != EINTR)
      return COG_TYPED_FAILED;
  }
  typed = cog_read_line(p->fd, line, cap, len);
  return typed == COG_TYPED_LINE && *len == 0 ? COG_TYPED_NOTHING : typed;
}

/* Throws away what was typed before the question was there, and what is left
 * of an answer that was too long. In the background both stop the process
 * until it is in front. */
static cog_typed ask(prompt *p, const char *question, char *line, size_t cap,
                     size_t *len)
{
  struct termios silent = p->usual;
  cog_typed typed;
  silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
  if (tcsetattr(p->fd, TCSAFLUSH, &silent) != 0)
    return COG_TYPED_FAILED;
  say(p->fd, question);
  typed = type(p, line, cap, len);
  tcsetattr(p->fd, TCSAFLUSH, &p->usual);
  say(p->fd, "\n");
  return typed;
}

cog_typed cog_read_secret(const char *question, char *line, size_t cap,
                          size_t *len)
{
  cog_typed typed = COG_TYPED_FAILED;
  int stopped;
  prompt p;
  p.fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (p.fd < 0)
    return COG_TYPED_FAILED;
  do {
    if (tcgetattr(p.fd, &p.usual) != 0)
      break;
    guard(&p);
    typed = ask(&p, question, line, cap, len);
    stopped = typed == COG_TYPED_SIGNAL && arrived == SIGTSTP;
    unguard(&p); /* may stop the process; once it goes on it asks again */
  } while (stopped);
  close(p.fd);
  return typed;
}
