/*
 * tally.c: see tally.h.
 */
#include "tally.h"

#include <string.h>

#define SHOWN 5 /* failures told in full */

static struct {
  long points, ours, libraries; /* of this scenario */
  long all;
  long outcomes[HUNG + 1];
} sum;

static const char *const names[] = {
    "right",         "wrong error",     "no recovery", "memory left",
    "process ended", "process crashed", "hung"};

/* ---- what is not ours ---- */

/* Faults that start and end within one call of one library. */
static struct {
  const char *library;
  outcome outcome;
  char where[80];
  char scenario[40];
  long n;
} rows[200];
static int nrows;

static const char *base_name(const char *file)
{
  const char *slash = strrchr(file, '/');
  return slash != NULL ? slash + 1 : file;
}

static void add_row(const char *file, const char *library, const finding *f)
{
  char where[80];
  int i;
  stack_entry(&f->fault, where, sizeof where);
  for (i = 0; i < nrows; i++)
    if (rows[i].outcome == f->outcome && strcmp(rows[i].where, where) == 0 &&
        strcmp(rows[i].library, library) == 0 &&
        strcmp(rows[i].scenario, base_name(file)) == 0)
      break;
  if (i == (int)(sizeof rows / sizeof *rows))
    return;
  if (i == nrows) {
    nrows++;
    rows[i].library = library;
    rows[i].outcome = f->outcome;
    memcpy(rows[i].where, where, sizeof where);
    snprintf(rows[i].scenario, sizeof rows[i].scenario, "%s", base_name(file));
  }
  rows[i].n++;
}

/* Of the blocks left, those whose stacks are known. */
static int known(const heap_left *left)
{
  int most = (int)(sizeof left->first / sizeof *left->first);
  return left->n < most ? left->n : most;
}

static int only_fetched(const finding *f)
{
  int i;
  for (i = 0; i < known(&f->left); i++)
    if (!stack_in_fetch(&f->left.first[i]))
      return 0;
  return f->outcome == LEFT && f->left.n > 0 && f->lua_left == 0;
}

/* The blocks left were asked for by the library that was refused one, in the
 * same call of ours: we never held them. */
static int left_within(const finding *f, const char *library)
{
  const void *door = stack_door(&f->fault);
  int i;
  for (i = 0; i < known(&f->left); i++) {
    const char *owner = stack_owner(&f->left.first[i]);
    if (owner == NULL || strcmp(owner, library) != 0 ||
        stack_door(&f->left.first[i]) != door)
      return 0;
  }
  return f->left.n > 0 && f->lua_left == 0;
}

/* A fault is not ours when a library was refused memory and the harm is
 * done by that library. */
static int is_foreign(const finding *f, const char *library)
{
  switch (f->outcome) {
  case WRONG: /* Lua reads files through malloc, and then finds none */
    return strcmp(library, "Lua") == 0;
  case STUCK: /* trusted certificates half read, and kept by libcurl */
    return strcmp(library, "OpenSSL") == 0;
  case LEFT:
    return strcmp(library, "Lua") == 0 || left_within(f, library);
  case ENDED:
  case CRASHED:
    return f->end.n > 0 && stack_owner(&f->end) != NULL;
  default:
    return 0;
  }
}

/* Only Lua and the C library had a part in it. */
static int is_luas(const stack *s)
{
  return stack_owner(s) == NULL && stack_door(s) == NULL;
}

/* Memory that lua_close forgets, and a file that Lua opened for `require` and
 * does not close. */
static int left_by_lua(const finding *f)
{
  int i;
  if (f->outcome != LEFT || !is_luas(&f->fault))
    return 0;
  for (i = 0; i < known(&f->left); i++)
    if (!is_luas(&f->left.first[i]))
      return 0;
  return 1;
}

/* The owner of the fault; NULL when it is ours. */
static const char *concerned(const plan *p, const finding *f)
{
  if (left_by_lua(f) || (p->source == HEAP_MALLOC && is_luas(&f->fault)))
    return "Lua";
  return stack_owner(&f->fault);
}

/* ---- what is ---- */

static void tell(const char *file, const plan *p, long n, const finding *f)
{
  int i;
  printf("FAILED %s, %s, request %ld: %s: %s\n    refused:\n", base_name(file),
         p->name, n, names[f->outcome], f->text);
  stack_print(stdout, &f->fault);
  if (f->end.n > 0) {
    printf("    ended:\n");
    stack_print(stdout, &f->end);
  }
  if (f->left.n > 0)
    printf("    left: %d blocks, %zu bytes\n", f->left.n, f->left.bytes);
  for (i = 0; i < f->left.n && i < 2; i++) {
    printf("    block from:\n");
    stack_print(stdout, &f->left.first[i]);
  }
}

void tally_add(const char *file, const plan *p, long n, const finding *f)
{
  const char *library = concerned(p, f);
  if (f->fired) {
    sum.points++;
    ++*(library == NULL ? &sum.ours : &sum.libraries);
  }
  if (f->outcome == RIGHT || only_fetched(f))
    return;
  if (library != NULL && is_foreign(f, library)) {
    add_row(file, library, f);
    return;
  }
  sum.outcomes[f->outcome]++;
  if (sum.outcomes[f->outcome] <= SHOWN)
    tell(file, p, n, f);
}

void tally_scenario(const char *file)
{
  printf("  %-12s %6ld points (%ld ours, %ld in libraries)\n", base_name(file),
         sum.points, sum.ours, sum.libraries);
  fflush(stdout);
  sum.all += sum.points;
  sum.points = sum.ours = sum.libraries = 0;
}

int tally_finish(void)
{
  long failures = 0;
  int i;
  if (nrows > 0)
    printf("  Not ours: a library was refused memory, and within that call\n");
  for (i = 0; i < nrows; i++)
    printf("  %-10s %4ld x %s in %s (%s)\n", rows[i].library, rows[i].n,
           names[rows[i].outcome], rows[i].where, rows[i].scenario);
  printf("torture: %ld points, %ld leaks, %ld crashes, %ld wrong errors\n",
         sum.all, sum.outcomes[LEFT],
         sum.outcomes[ENDED] + sum.outcomes[CRASHED] + sum.outcomes[HUNG],
         sum.outcomes[WRONG] + sum.outcomes[STUCK]);
  for (i = WRONG; i <= HUNG; i++)
    failures += sum.outcomes[i];
  return failures > 0;
}
