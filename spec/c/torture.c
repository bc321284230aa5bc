/*
 * torture.c: what happens when memory runs out, at every place where it can,
 * and when a call of the system, of libcurl or of OpenSSL fails.
 *
 *     torture [--memory K] [--calls K] scenario.lua...
 *
 * A scenario returns { run =, before =, judge = }. `run` is called once for
 * each request for memory and each call that it makes (each K-th; none of them
 * when K is 0), in a process of its own, with that one refused. It must then
 * either succeed all the same, or raise what one may raise (is_proper), or
 * return an error that `judge(err)` has nothing to say against. Called once
 * more without a fault it must succeed, and when the Lua state is closed
 * neither memory nor a descriptor may be left. `before` is called in each
 * process ahead of the first run. With `quiet` OpenSSL's error queue must stay
 * empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "heap.h"
#include "script.h"
#include "tally.h"

#define SECONDS     60  /* that one run may take */
#define DESCRIPTORS 256 /* more than any run has */

static finding *shared; /* a child's, for its parent */

/* ---- a Lua state with a scenario in it ---- */

static lua_State *open_state(void)
{
  lua_State *L = new_state(heap_lua);
  if (L == NULL) {
    fputs("torture: Lua takes no allocator\n", stderr);
    exit(2);
  }
  luaL_openlibs(L);
  return L;
}

static void give_up(lua_State *L)
{
  const char *message = lua_tostring(L, -1);
  fprintf(stderr, "torture: %s\n", message != NULL ? message : "no message");
  exit(2);
}

/* Leaves the scenario's table at index 1. */
static lua_State *load(const char *file)
{
  lua_State *L = open_state();
  if (luaL_loadfile(L, file) != 0 || lua_pcall(L, 0, 1, 0) != 0)
    give_up(L);
  lua_checkstack(L, 100);
  return L;
}

/* Calls a function of the scenario; leaves its result, or what it raised. */
static int call(lua_State *L, const char *name)
{
  lua_settop(L, 1);
  lua_getfield(L, 1, name);
  return lua_pcall(L, 0, 1, 0);
}

static int has(lua_State *L, const char *name)
{
  int found;
  lua_getfield(L, 1, name);
  found = !lua_isnil(L, -1);
  lua_pop(L, 1);
  return found;
}

/* Libraries set themselves up at their first use, and keep that. */
static void warm_up(const char *file)
{
  lua_State *L = load(file);
  if ((has(L, "before") && call(L, "before") != 0) || call(L, "run") != 0)
    give_up(L);
  if (!lua_isnil(L, -1)) {
    fprintf(stderr, "torture: %s fails without any fault\n", file);
    exit(2);
  }
  lua_close(L);
}

/* ---- one run, in a child ---- */

static void note(outcome o, const char *text)
{
  if (shared->outcome != RIGHT)
    return; /* what went wrong first */
  shared->outcome = o;
  snprintf(shared->text, sizeof shared->text, "%s",
           text != NULL ? text : "no message");
}

/* The error that run returned is on top. */
static void judge_error(lua_State *L)
{
  int error = lua_gettop(L);
  if (!has(L, "judge")) {
    note(WRONG, "an error is returned, where none can be right");
    return;
  }
  lua_getfield(L, 1, "judge");
  lua_pushvalue(L, error);
  if (lua_pcall(L, 1, 1, 0) != 0 || !lua_isnil(L, -1))
    note(WRONG, lua_tostring(L, -1));
}

/* "not enough memory", and what else it may have been, and where. A stack
 * that cannot grow is too large to luaL_checkstack, whatever the reason. */
static int is_memory_error(const char *s)
{
  return strstr(s, "not enough memory") != NULL ||
         strstr(s, "stack overflow (") != NULL;
}

/* The errors that may be raised. */
static int is_proper(lua_State *L, const plan *p)
{
  const char *s = lua_tostring(L, -1);
  if (s == NULL)
    return 0;
  return is_memory_error(s) ||
         (p->source >= HEAP_CALLS && strstr(s, "OpenSSL ") != NULL);
}

static void note_fault(void)
{
  if (heap_fired() == NULL)
    return;
  shared->fired = 1;
  shared->fault = *heap_fired();
}

/* A story left in OpenSSL's queue is taken for his own by the next reader.
 * libcurl leaves some even when all goes well. */
static void check_queue(lua_State *L)
{
  if (has(L, "quiet") && ERR_peek_error() != 0)
    note(WRONG, "an error is left in OpenSSL's queue");
}

static void run_with_fault(lua_State *L, const plan *p, long n)
{
  int status;
  lua_settop(L, 1);
  lua_getfield(L, 1, "run");
  heap_arm(p->source, p->fault, n);
  status = lua_pcall(L, 0, 1, 0);
  heap_disarm();
  note_fault();
  if (status == 0 && !lua_isnil(L, -1))
    judge_error(L);
  else if (status != 0 && !is_proper(L, p))
    note(WRONG, lua_tostring(L, -1));
  check_queue(L);
}

static int open_descriptors(void)
{
  int fd, n = 0;
  for (fd = 0; fd < DESCRIPTORS; fd++)
    n += fcntl(fd, F_GETFD) >= 0;
  return n;
}

static void check_rest(lua_State *L, long moment, int descriptors)
{
  lua_close(L);
  OPENSSL_thread_stop(); /* frees the queue */
  heap_left_since(moment, &shared->left);
  shared->lua_left = heap_lua_bytes();
  if (shared->lua_left > 0)
    note(LEFT, "Lua's own memory is left");
  else if (shared->left.n > 0)
    note(LEFT, "memory is left");
  else if (open_descriptors() > descriptors)
    note(LEFT, "a descriptor is left");
}

/* A library ends the process before it is through. */
static void end(outcome o, const char *text)
{
  heap_disarm();
  note_fault();
  note(o, text);
  stack_take(&shared->end);
  _exit(0);
}

static void leave(void)
{
  if (!shared->done)
    end(ENDED, "exit was called");
}

static void crash(int number)
{
  end(number == SIGALRM ? HUNG : CRASHED, strsignal(number));
}

static void watch(void)
{
  static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT,
                                SIGFPE,  SIGILL, SIGALRM};
  size_t i;
  /* The heap's watcher would have something to say; without it lua-cjson
   * complains there. */
  if (!heap_is_watched() && freopen("/dev/null", "w", stderr) == NULL)
    end(CRASHED, "no /dev/null");
  for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
    signal(signals[i], crash);
  atexit(leave);
  alarm(SECONDS);
}

/* The error's text, wherever it comes from. */
static const char *words(lua_State *L)
{
  if (lua_istable(L, -1))
    lua_getfield(L, -1, "message");
  return lua_tostring(L, -1);
}

static void check_recovery(lua_State *L)
{
  if (call(L, "run") != 0 || !lua_isnil(L, -1))
    note(STUCK, words(L));
}

static void child(lua_State *L, const plan *p, long n, long moment)
{
  int descriptors;
  watch();
  descriptors = open_descriptors();
  if (has(L, "before") && call(L, "before") != 0)
    note(WRONG, words(L));
  run_with_fault(L, p, n);
  check_recovery(L);
  check_rest(L, moment, descriptors);
  shared->done = 1;
  exit(0);
}

/* ---- all runs ---- */

static void run_child(lua_State *L, const plan *p, long n, long moment,
                      int trace)
{
  int status;
  pid_t pid;
  memset(shared, 0, sizeof *shared);
  fflush(NULL);
  pid = fork();
  if (pid == 0) {
    if (trace)
      heap_trace();
    child(L, p, n, moment);
  }
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    note(CRASHED, "the process ended by itself");
}

/* The state is made here and only used in children, each of which gets it
 * as it is now. */
static void torture(const char *file, const plan *p, long every)
{
  long moment = heap_now();
  lua_State *L = load(file);
  long n;
  for (n = 1;; n += every) {
    run_child(L, p, n, moment, 0);
    if (shared->outcome != RIGHT && shared->fired)
      run_child(L, p, n, moment, 1); /* once more, with all stacks */
    tally_add(file, p, n, shared);
    if (!shared->fired)
      break;
  }
  lua_close(L);
}

static void torture_all(const char *file, long memory, long calls)
{
  static const plan plans[] = {
#if LUA_VERSION_NUM > 501 /* before, Lua did not ask again */
    {HEAP_LUA, HEAP_COLLECTED, "Lua, found after collecting garbage"},
#endif
    {HEAP_LUA, HEAP_REFUSED, "Lua, once"},
    {HEAP_LUA, HEAP_DRY, "Lua, from there on"},
    {HEAP_MALLOC, HEAP_REFUSED, "malloc, once"},
    {HEAP_MALLOC, HEAP_DRY, "malloc, from there on"},
    {HEAP_CALLS, HEAP_REFUSED, "calls, once"},
    {HEAP_CALLS, HEAP_DRY, "calls, from there on"},
    {HEAP_SLOW, HEAP_REFUSED, "a signal interrupts a call"},
    {HEAP_PIECES, HEAP_REFUSED, "a part is read or written"},
    {HEAP_THEIRS, HEAP_REFUSED, "calls of libraries, once"},
    {HEAP_THEIRS, HEAP_DRY, "calls of libraries, from there on"},
  };
  size_t i;
  warm_up(file);
  for (i = 0; i < sizeof plans / sizeof plans[0]; i++) {
    long every = plans[i].source < HEAP_CALLS ? memory : calls;
    if (every > 0)
      torture(file, &plans[i], every);
  }
  tally_scenario(file);
}

static const char versions[] =
    "local info = require('cognito.core').info()\n"
    "return ('libcurl %s, %s, lua-cjson %s'):format(info.libcurl,\n"
    "  info.openssl, require('cjson')._VERSION)";

static void print_versions(void)
{
  lua_State *L = open_state();
  if (luaL_loadstring(L, versions) != 0 || lua_pcall(L, 0, 1, 0) != 0)
    give_up(L);
  printf("torture: %s, %s\n", LUA_VERSION, lua_tostring(L, -1));
  lua_close(L);
}

int main(int argc, char **argv)
{
  long memory = 1, calls = 1;
  stack prime;
  int i;
  stack_take(&prime); /* the first time it loads a library */
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED)
    return 2;
  print_versions();
  for (i = 1; i < argc; i++)
    if (strcmp(argv[i], "--memory") == 0 && i + 1 < argc)
      memory = strtol(argv[++i], NULL, 10);
    else if (strcmp(argv[i], "--calls") == 0 && i + 1 < argc)
      calls = strtol(argv[++i], NULL, 10);
    else
      torture_all(argv[i], memory, calls);
  return tally_finish();
}
