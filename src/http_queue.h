/*
 * http_queue.h: transfers in line. Each is in one queue at most; adding it to
 * another takes it out of the one before.
 */
#ifndef COGNITO_HTTP_QUEUE_H
#define COGNITO_HTTP_QUEUE_H

#include "http_transfer.h"

struct cog_queue {
  cog_transfer *first, *last;
  size_t n;
};

void cog_queue_append(cog_queue *q, cog_transfer *t);

/* Takes it out of its queue, if it is in one. */
void cog_queue_leave(cog_transfer *t);

/* Ids begin at 1, and end where a long or a number of Lua may end. */
#define COG_LAST_ID 2147483647

/* The one after it: 1 after the last. Of so many transfers the first has long
 * had its outcome. */
long cog_queue_next_id(long id);

/* The transfer with this id; NULL: there is none. */
cog_transfer *cog_queue_find(const cog_queue *q, long id);

#endif
