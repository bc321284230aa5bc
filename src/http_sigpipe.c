/*
 * http_sigpipe.c: SIGPIPE blocked and, if one came, taken in.
 */
#include "http_sigpipe.h"

#include <curl/curl.h>

static int is_pending(void)
{
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

int cog_sigpipe_needed(void)
{
  return curl_version_info(CURLVERSION_NOW)->version_num < 0x075800;
}

void cog_sigpipe_block(cog_sigpipe *s, int needed)
{
  sigset_t pipe_only;
  s->active = 0;
  if (!needed || is_pending()) /* one that is pending is not ours to take */
    return;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  s->active = pthread_sigmask(SIG_BLOCK, &pipe_only, &s->before) == 0;
}

void cog_sigpipe_restore(const cog_sigpipe *s)
{
  sigset_t pipe_only;
  int which;
  if (!s->active)
    return;
  if (is_pending()) {
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigwait(&pipe_only, &which);
  }
  pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}
