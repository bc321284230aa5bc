/*
 * process.h: one program, run to its end: what it prints and how it ended; or
 * started to run beside us. No shell in between and no Lua in here.
 */
#ifndef COGNITO_PROCESS_H
#define COGNITO_PROCESS_H

#include <stddef.h>

/* Where output goes. What does not fit is read and forgotten, and said so. */
typedef struct cog_sink {
  char *data;
  size_t len, cap;
  int overflow;
  int error; /* reading failed, an errno: the rest is missing */
} cog_sink;

typedef enum cog_run_end {
  COG_RUN_EXITED,
  COG_RUN_KILLED,    /* by a signal that was not ours */
  COG_RUN_TIMEOUT,   /* ended by us, */
  COG_RUN_TOO_LARGE, /* because its output does not fit */
  COG_RUN_UNREAD, /* because it cannot be read: `error` says why, an errno */
  COG_RUN_NOT_BEGUN, /* `error` says why, an errno */
  COG_RUN_LOST,      /* its end is unknown: SIGCHLD is ignored here */
  COG_RUN_RUNNING
} cog_run_end;

typedef struct cog_run {
  cog_sink out, err;   /* the caller's memory */
  double seconds;      /* how long it may take */
  const char *without; /* variables that it does not get, by name, between
                        * spaces; NULL: it gets all */
  int own_group;       /* it needs no terminal: see cog_process_run */
  int status;          /* of COG_RUN_EXITED */
  int signal;          /* of COG_RUN_KILLED */
  int error;           /* of COG_RUN_UNREAD and COG_RUN_NOT_BEGUN */
} cog_run;

/* Runs argv[0], looked up in PATH unless it holds a slash, and waits for it.
 * It has an empty standard input, our environment or part of it, and none
 * of our other descriptors where the system knows a way to close them (glibc
 * 2.34, macOS); elsewhere none that is marked close-on-exec, as all of this
 * library's are.
 *
 * With `own_group`, and wherever there is no terminal, it leads a process group:
 * when it is ended, what it has started ends with it. Elsewhere it stays in
 * ours, because a program may ask the person at the terminal for a code, which a
 * group in the background cannot. */
cog_run_end cog_process_run(cog_run *run, char *const argv[]);

/* Starts argv[0] in the same way, but with our standard input, output and
 * error. Returns 0, or an errno. */
int cog_process_start(long *pid, char *const argv[]);

/* Looks at a program that was started; sets `status` or `signal` of `run`. To
 * be called until it is no longer COG_RUN_RUNNING, and not again. */
cog_run_end cog_process_look(long pid, cog_run *run);

/* Sends it a signal. Returns 0, or an errno. */
int cog_process_signal(long pid, int which);

#endif
