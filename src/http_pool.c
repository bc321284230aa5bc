/*
 * http_pool.c: see http_pool.h.
 */
#include "http_pool.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- hosts ---- */

/* Those that no connection leads to, and for which no transfer waits: while one
 * waits in line, the connection that it waits for may be closed. */
static void sweep(cog_pool *p)
{
  cog_host **at = &p->hosts;
  while (*at != NULL) {
    cog_host *host = *at;
    if (host->open > 0 || host->transfers > 0) {
      at = &host->next;
      continue;
    }
    *at = host->next;
    free(host);
  }
}

/* How much of a URL names scheme, host and port. */
static size_t base_of(const char *url)
{
  const char *from = strstr(url, "://");
  from = from != NULL ? from + 3 : url;
  return (size_t)(from - url) + strcspn(from, "/?");
}

static cog_host *new_host(const char *url, size_t given, int direct)
{
  cog_host *host = calloc(1, sizeof *host + given + 2);
  if (host == NULL)
    return NULL;
  memcpy(host->url, url, given);
  host->url[given] = '/';
  host->given = given;
  if (!cog_url_read((cog_str){host->url, given + 1}, &host->parts)) {
    free(host);  /* unreachable: the request was checked */
    return NULL; /* unreachable: the same */
  }              /* unreachable: the same */
  host->target.url = host->url;
  host->target.plain = cog_url_is_plain(&host->parts);
  host->target.loopback = cog_is_this_machine(host->parts.host);
  host->target.direct = direct;
  return host;
}

static int is_host_of(const cog_host *host, const char *url, int direct)
{
  return host->target.direct == direct &&
         strncmp(host->url, url, host->given) == 0 &&
         strchr("/?", url[host->given]) != NULL; /* or its end */
}

cog_host *cog_pool_host(cog_pool *p, const char *url, int direct)
{
  cog_host *host = p->hosts;
  while (host != NULL && !is_host_of(host, url, direct))
    host = host->next;
  if (host != NULL)
    return host;
  sweep(p);
  host = new_host(url, base_of(url), direct);
  if (host == NULL)
    return NULL;
  host->next = p->hosts;
  return p->hosts = host;
}

/* The request's own parts are checked by now. */
cog_url cog_host_url(const cog_host *host, const char *url)
{
  cog_url u = host->parts;
  const char *from = url + host->given, *end = from + strlen(from);
  const char *mark = memchr(from, '?', (size_t)(end - from));
  if (mark == NULL)
    mark = end;
  u.path = (cog_str){from, (size_t)(mark - from)};
  u.query = (cog_str){mark, (size_t)(end - mark)};
  return u;
}

/* ---- connections ---- */

void cog_pool_count(cog_pool *p, cog_host *host, cog_connection *c)
{
  c->host = host;
  host->open++;
  p->open++;
}

static void take_out(cog_host *host, cog_connection *c)
{
  *(c->next != NULL ? &c->next->prev : &host->oldest) = c->prev;
  *(c->prev != NULL ? &c->prev->next : &host->newest) = c->next;
  c->prev = c->next = NULL;
}

cog_connection *cog_host_take(cog_host *host, double now, double max_idle)
{
  cog_connection *c = host->newest;
  if (c == NULL || now - c->idle_since >= max_idle)
    return NULL;
  take_out(host, c);
  return c;
}

void cog_host_keep(cog_host *host, double now, cog_connection *c)
{
  c->user = NULL;
  c->idle_since = now;
  c->prev = NULL;
  c->next = host->newest;
  *(host->newest != NULL ? &host->newest->prev : &host->oldest) = c;
  host->newest = c;
}

cog_connection *cog_pool_oldest(const cog_pool *p)
{
  cog_connection *found = NULL;
  const cog_host *host;
  for (host = p->hosts; host != NULL; host = host->next)
    if (host->oldest != NULL &&
        (found == NULL || host->oldest->idle_since < found->idle_since))
      found = host->oldest;
  return found;
}

static int is_idle(const cog_host *host, const cog_connection *c)
{
  return c->prev != NULL || host->newest == c;
}

void cog_pool_leave(cog_pool *p, cog_connection *c)
{
  cog_host *host = c->host;
  if (is_idle(host, c))
    take_out(host, c);
  host->open--;
  p->open--;
}

void cog_pool_free(cog_pool *p)
{
  sweep(p);
}
