/*
 * poller.h: one descriptor that becomes readable when any of many sockets
 * is ready, so that a host's event loop has one thing to watch. The only
 * file that knows the platform: epoll on Linux, kqueue on BSD and macOS.
 */
#ifndef COGNITO_POLLER_H
#define COGNITO_POLLER_H

#define COG_POLL_READ  1
#define COG_POLL_WRITE 2

typedef struct cog_poller {
  int fd;      /* -1: not open */
  void *ready; /* what the last wait found; room for all that is watched */
  int room, watched;
} cog_poller;

typedef struct cog_ready {
  int socket;
  int events; /* of COG_POLL_READ and COG_POLL_WRITE */
} cog_ready;

/* One that is not open. */
void cog_poller_init(cog_poller *p);

/* 0 without descriptors or memory; to be closed in either case. */
int cog_poller_open(cog_poller *p);
void cog_poller_close(cog_poller *p);

/* After a fork, in the child: lets go of the descriptor without touching
 * what the parent watches through it. */
void cog_poller_forget(cog_poller *p);

/* Changes what is watched of a socket from the events `had` to the events
 * `want`; 0 is none. Returns 0 when the system refuses. */
int cog_poller_watch(cog_poller *p, int socket, int had, int want);

/* Waits at most so many seconds, forever when negative. Returns how many are
 * ready, 0 also after a signal, -1 when the descriptor is unusable. */
int cog_poller_wait(cog_poller *p, double seconds);

/* The i-th that the last wait found, counted from 0. */
cog_ready cog_poller_ready(const cog_poller *p, int i);

#endif
