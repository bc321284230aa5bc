/*
 * soak_faults.h: how soak_server.c misbehaves.
 */
#ifndef SOAK_FAULTS_H
#define SOAK_FAULTS_H

#include <stddef.h>

#define SOAK_FAULTS  64   /* at most */
#define SOAK_LONGEST 2048 /* bytes of a reply */

typedef struct soak_fault {
  const char *name;
  enum { SOAK_REQUEST, SOAK_ACCEPTED } when;
  /* When the request is carried out: late is when the reply is due. */
  enum { SOAK_NEVER, SOAK_AT_ONCE, SOAK_LATE } carried;
  /* How the exchange ends. Refuse: closed, and nothing listens for a moment. */
  enum { SOAK_KEEP, SOAK_CLOSE, SOAK_RESET, SOAK_SILENT, SOAK_REFUSE } ends;
  /* The reply: # stands for the call's number, @ for the length of the body. */
  const char *text;
  int share;    /* of the reply, in percent; 0: all of it */
  double delay; /* ms */
  size_t piece; /* bytes at a time; 0: all at once */
  int waits;    /* whether the client waits in vain: a rarer fault */
} soak_fault;

/* The last one has no name: the service as it should be. */
extern const soak_fault soak_faults[];

/* How often each has happened. */
extern unsigned long soak_happened[SOAK_FAULTS];

/* Lets each fault come with so many of 1,000 requests. */
void soak_make_decks(int chance);

/* The next fault of a request, or of a connection. */
const soak_fault *soak_draw(int when);

/* Writes what is sent of the reply to a call; returns the bytes. */
size_t soak_write(const soak_fault *f, unsigned long call, char *to);

#endif
