/*
 * nearest.c: edit distance over short names.
 *
 * Case and underscores do not count, so that a name copied in the service's
 * own spelling (ClientMetadata) leads to ours (client_metadata) at once.
 */
#include "nearest.h"

#include "ascii.h"

#define LONGEST 64 /* a longer name is no typing mistake */

static size_t fold(char *to, const char *from, size_t len)
{
  size_t i, n = 0;
  for (i = 0; i < len && n < LONGEST; i++)
    if (from[i] != '_' && from[i] != '-')
      to[n++] = cog_lower(from[i]);
  return n;
}

static size_t least(size_t a, size_t b, size_t c)
{
  size_t ab = a < b ? a : b;
  return ab < c ? ab : c;
}

/* Levenshtein distance, one row at a time. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
  size_t row[LONGEST + 1];
  size_t i, j;
  for (j = 0; j <= nb; j++)
    row[j] = j;
  for (i = 1; i <= na; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (j = 1; j <= nb; j++) {
      size_t above = row[j];
      row[j] =
          least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
      diagonal = above;
    }
  }
  return row[nb];
}

void cog_nearest_init(cog_nearest *n, const char *wrong, size_t len)
{
  n->wrong.p = wrong;
  n->wrong.n = len;
  n->best = NULL;
  /* About a third of a name may be wrong before a guess does more harm. */
  n->distance = (len + 4) / 3;
}

void cog_nearest_offer(cog_nearest *n, const char *candidate)
{
  char a[LONGEST], b[LONGEST];
  size_t na = fold(a, n->wrong.p, n->wrong.n);
  size_t nb = fold(b, candidate, strlen(candidate));
  size_t d = distance(a, na, b, nb);
  if (d < n->distance) {
    n->distance = d;
    n->best = candidate;
  }
}
