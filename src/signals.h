/*
 * signals.h: signals that ask a command to stop are noted, and its waits end
 * early. No Lua in here.
 */
#ifndef COGNITO_SIGNALS_H
#define COGNITO_SIGNALS_H

#include <signal.h>

#define COG_SIGNAL_SLICE 100 /* milliseconds between two looks for a signal */

/* From now on SIGINT, SIGTERM and SIGHUP are noted instead of obeyed, unless
 * they are ignored here; a further SIGINT or SIGTERM ends the process at once,
 * with 128 and the signal's number as its status. SIGPIPE is ignored: writing
 * to a closed pipe becomes an error. */
void cog_catch_signals(void);

/* The signal that was noted; 0: none. */
int cog_caught_signal(void);

/* How long to wait at most for something, when so many seconds are wanted and
 * a signal should end the wait: one that comes just before it does not. */
double cog_wait_for_signal(double seconds);

/* Sets a handler unless the signal is ignored here, and returns the action
 * before it. Without SA_RESTART: a system call that waits returns. */
struct sigaction cog_handle_signal(int which, void (*handler)(int));

#endif
