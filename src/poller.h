/*
 * poller.h: one descriptor that becomes readable when any of many sockets
 * is ready, so that a host's event loop has one thing to watch. The only
 * file that knows the platform: epoll on Linux, kqueue on BSD and macOS.
 */
#ifndef COGNITO_POLLER_H
#define COGNITO_POLLER_H

#define COG_POLL_READ  1
#define COG_POLL_WRITE 2

typedef struct cog_ready {
  int socket;
  int events; /* of COG_POLL_READ and COG_POLL_WRITE */
} cog_ready;

/* The descriptor, or -1 with errno set. */
int cog_poller_open(void);
void cog_poller_close(int poller);

/* After a fork, in the child: lets go of the descriptor without touching
 * what the parent watches through it. */
void cog_poller_forget(int poller);

/* Changes what is watched of a socket from the events `had` to the events
 * `want`; 0 is none. Returns 0 when the system refuses. */
int cog_poller_watch(int poller, int socket, int had, int want);

/* Waits at most so many seconds, forever when negative. Returns how many
 * of `ready` it filled in, 0 also after a signal, -1 when the descriptor is
 * unusable. */
int cog_poller_wait(int poller, cog_ready *ready, int max, double seconds);

#endif
