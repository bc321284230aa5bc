/*
 * nearest.h: which right name a wrong one was meant to be.
 */
#ifndef COGNITO_NEAREST_H
#define COGNITO_NEAREST_H

#include "buffer.h"

/* The search keeps the best candidate so far; offer them one by one. */
typedef struct cog_nearest {
  cog_str wrong;
  const char *best; /* NULL while nothing comes close */
  size_t distance;
} cog_nearest;

void cog_nearest_init(cog_nearest *n, const char *wrong, size_t len);
void cog_nearest_offer(cog_nearest *n, const char *candidate);

#endif
