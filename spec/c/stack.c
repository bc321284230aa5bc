/*
 * stack.c: see stack.h.
 */
#include "stack.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <unwind.h>

typedef enum side { OURS, CARRIER, FOREIGN } side;

static const struct {
  const char *part; /* of the file's name */
  side side;
  const char *name;
} libraries[] = {
    {"cognito/core.so", OURS, NULL},   {"cognito/wire.so", OURS, NULL},
    {"/torture", CARRIER, NULL},       {"libc.so", CARRIER, NULL},
    {"ld-linux", CARRIER, NULL},       {"libgcc_s", CARRIER, NULL},
    {"libasan", CARRIER, NULL},        {"libubsan", CARRIER, NULL},
    {"cjson", FOREIGN, "lua-cjson"},   {"liblua", CARRIER, NULL},
    {"libcurl", FOREIGN, "libcurl"},   {"libssl", FOREIGN, "OpenSSL"},
    {"libcrypto", FOREIGN, "OpenSSL"},
};

static side side_of(const void *at, const char **name)
{
  Dl_info info;
  size_t i;
  *name = NULL;
  if (!dladdr(at, &info) || info.dli_fname == NULL)
    return CARRIER;
  for (i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
    if (strstr(info.dli_fname, libraries[i].part) != NULL) {
      *name = libraries[i].name;
      return libraries[i].side;
    }
  *name = strrchr(info.dli_fname, '/');
  *name = *name != NULL ? *name + 1 : info.dli_fname;
  return FOREIGN;
}

int stack_is_ours(const void *at)
{
  const char *name;
  return side_of(at, &name) == OURS;
}

int stack_is_foreign(const void *at)
{
  const char *name;
  return side_of(at, &name) == FOREIGN &&
         (strcmp(name, "libcurl") == 0 || strcmp(name, "OpenSSL") == 0);
}

/* The unwinder may want memory itself, and that is no time to ask it who. */
static __thread int unwinding;

static _Unwind_Reason_Code take_frame(struct _Unwind_Context *frame, void *to)
{
  stack *s = to;
  if (s->n == STACK_DEPTH)
    return _URC_END_OF_STACK;
  s->at[s->n++] = (void *)_Unwind_GetIP(frame);
  return _URC_NO_REASON;
}

void stack_take(stack *s)
{
  s->n = 0;
  if (unwinding++ == 0)
    _Unwind_Backtrace(take_frame, s);
  unwinding--;
}

int stack_unwinding(void)
{
  return unwinding;
}

/* The index of the innermost frame that is no carrier's, or n. */
static int of_interest(const stack *s, side *whose, const char **name)
{
  int i;
  for (i = 0; i < s->n; i++) {
    *whose = side_of(s->at[i], name);
    if (*whose != CARRIER)
      return i;
  }
  *name = NULL;
  return i;
}

const char *stack_owner(const stack *s)
{
  side whose;
  const char *name;
  of_interest(s, &whose, &name);
  return name;
}

const void *stack_door(const stack *s)
{
  const char *name;
  int i;
  for (i = 0; i < s->n; i++)
    if (side_of(s->at[i], &name) == OURS)
      return s->at[i];
  return NULL;
}

/* dladdr names the symbol before an address, however far away; only glibc
 * says how long it is. */
#if defined(__GLIBC__)
static const char *symbol(const void *at)
{
  Dl_info info;
  const ElfW(Sym) *entry = NULL;
  if (!dladdr1(at, &info, (void **)&entry, RTLD_DL_SYMENT) ||
      info.dli_sname == NULL || entry == NULL ||
      (const char *)at > (const char *)info.dli_saddr + entry->st_size)
    return NULL;
  return info.dli_sname;
}
#else
static const char *symbol(const void *at)
{
  Dl_info info;
  return dladdr(at, &info) ? info.dli_sname : NULL;
}
#endif

static void describe(const void *at, char *room, size_t size)
{
  Dl_info info;
  const char *file = "?";
  const char *name = symbol(at);
  long offset = 0;
  if (dladdr(at, &info) && info.dli_fname != NULL) {
    file = strrchr(info.dli_fname, '/');
    file = file != NULL ? file + 1 : info.dli_fname;
    offset = (long)((const char *)at - (const char *)info.dli_fbase);
  }
  if (name != NULL)
    snprintf(room, size, "%s (%s)", name, file);
  else
    snprintf(room, size, "%s+0x%lx", file, offset);
}

const char *stack_entry(const stack *s, char *room, size_t size)
{
  side whose;
  const char *library, *name;
  int entry, i;
  entry = of_interest(s, &whose, &library);
  for (i = entry; i < s->n; i++)
    if (side_of(s->at[i], &name) == FOREIGN && strcmp(name, library) == 0)
      entry = i;
  if (whose == FOREIGN)
    describe(s->at[entry], room, size);
  else
    snprintf(room, size, "Lua's own work");
  return room;
}

int stack_in_fetch(const stack *s)
{
  int i;
  for (i = 0; i < s->n; i++) {
    const char *name = symbol(s->at[i]);
    const char *tail = name != NULL ? strrchr(name, '_') : NULL;
    if (tail != NULL && strncmp(name, "EVP_", 4) == 0 &&
        strcmp(tail, "_fetch") == 0)
      return 1;
  }
  return 0;
}

/* Our own frames have names and lines in the debugging information only. */
static void print_ours(FILE *out, const void *at)
{
  Dl_info info;
  char command[1024], line[256];
  FILE *pipe;
  if (!dladdr(at, &info))
    return;
  snprintf(command, sizeof command, "addr2line -fsp -e '%s' 0x%lx",
           info.dli_fname,
           (long)((const char *)at - (const char *)info.dli_fbase) - 1);
  pipe = popen(command, "r");
  if (pipe == NULL)
    return;
  if (fgets(line, sizeof line, pipe) != NULL)
    fprintf(out, "      %s", line);
  pclose(pipe);
}

void stack_print(FILE *out, const stack *s)
{
  const char *name;
  char room[256];
  int i;
  for (i = 0; i < s->n; i++)
    switch (side_of(s->at[i], &name)) {
    case OURS:
      print_ours(out, s->at[i]);
      break;
    case FOREIGN:
      describe(s->at[i], room, sizeof room);
      fprintf(out, "      %s\n", room);
      break;
    case CARRIER:
      break;
    }
}
