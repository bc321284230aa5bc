/*
 * signals.c: see signals.h.
 */
#include "signals.h"

#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static int catching;

/* A terminal that hangs up sends more than one SIGHUP: the shell passes its own
 * on. */
static void note(int which)
{
  if (caught && which != SIGHUP)
    _exit(128 + which);
  if (!caught)
    caught = which;
}

/* An ignored signal stays ignored: nohup(1) relies on it, and shells do for
 * jobs that they start in the background. */
struct sigaction cog_handle_signal(int which, void (*handler)(int))
{
  struct sigaction action, before;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(which, NULL, &before);
  if (before.sa_handler != SIG_IGN)
    sigaction(which, &action, NULL);
  return before;
}

void cog_catch_signals(void)
{
  cog_handle_signal(SIGINT, note);
  cog_handle_signal(SIGTERM, note);
  cog_handle_signal(SIGHUP, note);
  cog_handle_signal(SIGPIPE, SIG_IGN);
  catching = 1;
}

int cog_caught_signal(void)
{
  return caught;
}

double cog_wait_for_signal(double seconds)
{
  double slice = COG_SIGNAL_SLICE / 1000.0;
  return catching && seconds > slice ? slice : seconds;
}
