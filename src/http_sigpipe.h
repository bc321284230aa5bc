/*
 * http_sigpipe.h: a broken connection must not end the process.
 *
 * libcurl leaves SIGPIPE alone under CURLOPT_NOSIGNAL, and before 7.88 it
 * lets OpenSSL write to a socket that may be closed. There the signal is
 * blocked around every call that may write; newer libcurl sends without it.
 */
#ifndef COGNITO_HTTP_SIGPIPE_H
#define COGNITO_HTTP_SIGPIPE_H

#include <signal.h>

typedef struct cog_sigpipe {
  int active;
  sigset_t before;
} cog_sigpipe;

/* Whether the libcurl at hand makes all this necessary. */
int cog_sigpipe_needed(void);

/* Does nothing unless `needed`. */
void cog_sigpipe_block(cog_sigpipe *s, int needed);
void cog_sigpipe_restore(const cog_sigpipe *s);

#endif
