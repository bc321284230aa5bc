/*
 * http_queue.c: see http_queue.h.
 */
#include "http_queue.h"

static cog_transfer **place_behind(cog_queue *q, cog_transfer *t)
{
  return t != NULL ? &t->link.next : &q->first;
}

static cog_transfer **place_before(cog_queue *q, cog_transfer *t)
{
  return t != NULL ? &t->link.prev : &q->last;
}

void cog_queue_leave(cog_transfer *t)
{
  cog_queue *q = t->link.queue;
  if (q == NULL)
    return;
  *place_behind(q, t->link.prev) = t->link.next;
  *place_before(q, t->link.next) = t->link.prev;
  q->n--;
  t->link.queue = NULL;
}

static void insert(cog_queue *q, cog_transfer *t, cog_transfer *prev,
                   cog_transfer *next)
{
  t->link = (cog_link){q, prev, next};
  *place_behind(q, prev) = t;
  *place_before(q, next) = t;
  q->n++;
}

void cog_queue_append(cog_queue *q, cog_transfer *t)
{
  cog_queue_leave(t);
  insert(q, t, q->last, NULL);
}

long cog_queue_next_id(long id)
{
  return id < COG_LAST_ID ? id + 1 : 1;
}

cog_transfer *cog_queue_find(const cog_queue *q, long id)
{
  cog_transfer *t = q->first;
  while (t != NULL && t->id != id)
    t = t->link.next;
  return t;
}
