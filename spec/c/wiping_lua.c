/*
 * wiping_lua.c: a Lua whose allocator overwrites what it is given back, as a
 * host that cares for its secrets has it. Scripts make secrets with it, and
 * ask which of them this process still holds.
 *
 *     wiping_lua script.lua argument...
 *
 * libcurl and OpenSSL have arenas of their own, so that a secret found there
 * is known to be theirs. Memory that they free is overwritten, too.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* a look into SHA256_CTX */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "compat.h"
#include "script.h"

#define LENGTH  24 /* bytes of a secret */
#define FROM    6  /* these of them are looked for */
#define TO      18
#define LONGEST 65536 /* bytes of padding before a secret */

/* ---- Lua's memory ---- */

static long refuse_from; /* 0: nothing is refused */
static long requests;

static void wipe(void *block, size_t size)
{
  volatile unsigned char *p = block;
  while (size-- > 0)
    *p++ = 0xdd;
}

static void *take(void *block, size_t old, size_t size)
{
  void *to;
  if (size > old && refuse_from > 0 && ++requests >= refuse_from)
    return NULL;
  to = malloc(size);
  if (to == NULL || block == NULL)
    return to;
  memcpy(to, block, old < size ? old : size);
  wipe(block, old);
  free(block);
  return to;
}

static void *allocate(void *arg, void *block, size_t old, size_t size)
{
  (void)arg;
  if (block == NULL)
    old = 0; /* Lua says there what the block is for */
  if (size > 0)
    return take(block, old, size);
  if (block != NULL)
    wipe(block, old);
  free(block);
  return NULL;
}

/* ---- the libraries' memory: nothing is used twice ---- */

#define ARENA ((size_t)1 << 30)

typedef struct arena {
  const char *name;
  char *base;
  size_t used;
} arena;

static arena of_curl = {"libcurl", NULL, 0}, of_openssl = {"OpenSSL", NULL, 0};

static size_t *size_of(void *block)
{
  return (size_t *)block - 2;
}

static void *arena_take(arena *a, size_t size)
{
  size_t room = (size + 2 * sizeof(size_t) + 15) & ~(size_t)15;
  size_t at = __sync_fetch_and_add(&a->used, room);
  char *block = a->base + at + 2 * sizeof(size_t);
  if (size == 0 || at + room > ARENA)
    return NULL;
  *size_of(block) = size;
  return block;
}

static void release(void *block)
{
  if (block != NULL)
    wipe(block, *size_of(block));
}

static void *arena_retake(arena *a, void *block, size_t size)
{
  void *to = arena_take(a, size);
  if (to != NULL && block != NULL)
    memcpy(to, block, size < *size_of(block) ? size : *size_of(block));
  if (to != NULL || size == 0)
    release(block);
  return to;
}

static void *curl_take(size_t size)
{
  return arena_take(&of_curl, size);
}

static void *curl_retake(void *block, size_t size)
{
  return arena_retake(&of_curl, block, size);
}

static char *curl_copy(const char *text)
{
  char *to = curl_take(strlen(text) + 1);
  return to != NULL ? strcpy(to, text) : NULL;
}

static void *curl_take_zeros(size_t n, size_t size)
{
  return curl_take(n * size); /* the arena begins as zeros */
}

static void *openssl_take(size_t size, const char *file, int line)
{
  (void)file;
  (void)line;
  return arena_take(&of_openssl, size);
}

static void *openssl_retake(void *block, size_t size, const char *file,
                            int line)
{
  (void)file;
  (void)line;
  return arena_retake(&of_openssl, block, size);
}

static void openssl_release(void *block, const char *file, int line)
{
  (void)file;
  (void)line;
  release(block);
}

static int open_arena(arena *a)
{
  a->base = mmap(NULL, ARENA, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return a->base != MAP_FAILED;
}

static int prepare_libraries(void)
{
  return open_arena(&of_curl) && open_arena(&of_openssl) &&
         CRYPTO_set_mem_functions(openssl_take, openssl_retake,
                                  openssl_release) &&
         curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_take, release,
                              curl_retake, curl_copy,
                              curl_take_zeros) == CURLE_OK;
}

/* ---- secrets: their bytes follow from their number ---- */

static unsigned char byte_of(lua_Integer secret, int at)
{
  unsigned n = (unsigned)secret, i = (unsigned)at;
  return (unsigned char)('a' + (n * 31 + i * i * 7 + i * n * 5 + 13) % 26);
}

static void push_padding(lua_State *L, unsigned char *text, size_t n)
{
  memset(text, '.', n);
  lua_pushlstring(L, (const char *)text, n);
}

/* The text that is argument `arg`, or so many dots. */
static const char *padding_of(lua_State *L, int arg, unsigned char *text,
                              size_t *n)
{
  if (lua_type(L, arg) != LUA_TSTRING) {
    lua_Integer padding = luaL_optinteger(L, arg, 0);
    luaL_argcheck(L, padding >= 0 && padding <= LONGEST, arg, "too long");
    push_padding(L, text, (size_t)padding);
    lua_replace(L, arg);
  }
  return lua_tolstring(L, arg, n);
}

/* secret(number [, before [, after]]): between these texts, or so many dots
 */
static int push_secret(lua_State *L)
{
  static unsigned char text[2 * LONGEST + LENGTH];
  lua_Integer number = luaL_checkinteger(L, 1);
  size_t n, more;
  const char *before, *after;
  int i;
  lua_settop(L, 3);
  before = padding_of(L, 2, text, &n);
  after = padding_of(L, 3, text, &more);
  luaL_argcheck(L, n <= LONGEST && more <= LONGEST, 2, "too long");
  memcpy(text, before, n);
  for (i = 0; i < LENGTH; i++)
    text[n + (size_t)i] = byte_of(number, i);
  memcpy(text + n + LENGTH, after, more);
  lua_pushlstring(L, (const char *)text, n + LENGTH + more);
  wipe(text, sizeof text);
  return 1;
}

/* The bytes to look for, which are never themselves in this process's memory. */
typedef struct needle {
  unsigned char coded[LENGTH]; /* each XOR MASK */
  size_t n;
} needle;

#define MASK 0xa5

static int is_at(const unsigned char *p, const needle *what)
{
  size_t i;
  for (i = 0; i < what->n; i++)
    if ((p[i] ^ MASK) != what->coded[i])
      return 0;
  return 1;
}

static int count_between(const char *from, const char *to, const needle *what)
{
  const int first = what->coded[0] ^ MASK;
  const size_t n = what->n;
  int count = 0;
  while ((size_t)(to - from) >= n &&
         (from = memchr(from, first, (size_t)(to - from) - n + 1)) != NULL)
    count += is_at((const unsigned char *)from++, what);
  return count;
}

static const arena *arena_at(const char *p)
{
  if (p >= of_curl.base && p < of_curl.base + ARENA)
    return &of_curl;
  return p >= of_openssl.base && p < of_openssl.base + ARENA ? &of_openssl
                                                             : NULL;
}

static void add_place(lua_State *L, const char *name)
{
  lua_pushlstring(L, name, strcspn(name, "\n"));
  lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
}

static void look_into(lua_State *L, const char *from, const char *to,
                      const needle *what, const char *name)
{
  int n = count_between(from, to, what);
  if (n > 0)
    add_place(L, name);
}

/* A line of /proc/self/maps; the arenas lie in what the system calls one. */
static void look_at_line(lua_State *L, const char *line, const needle *what)
{
  uintptr_t from, to;
  const char *name = strpbrk(line, "[/");
  if (strstr(line, " rw") == NULL ||
      sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) != 2)
    return;
  while (from < to) {
    const arena *a = arena_at((const char *)from);
    uintptr_t end = to;
    if (a != NULL) {
      look_into(L, a->base, a->base + a->used, what, a->name);
      from = (uintptr_t)a->base + ARENA;
      continue;
    }
    if (from < (uintptr_t)of_curl.base && end > (uintptr_t)of_curl.base)
      end = (uintptr_t)of_curl.base;
    if (from < (uintptr_t)of_openssl.base && end > (uintptr_t)of_openssl.base)
      end = (uintptr_t)of_openssl.base;
    look_into(L, (const char *)from, (const char *)end, what,
              name != NULL ? name : "unnamed memory");
    from = end;
  }
}

/* A secret's number, or bytes that the caller has coded. */
static void read_needle(lua_State *L, needle *what)
{
  int i;
  if (lua_type(L, 1) == LUA_TSTRING) {
    const char *coded = lua_tolstring(L, 1, &what->n);
    luaL_argcheck(L, what->n > 0 && what->n <= LENGTH, 1, "too long");
    memcpy(what->coded, coded, what->n);
    return;
  }
  what->n = TO - FROM;
  for (i = FROM; i < TO; i++)
    what->coded[i - FROM] = byte_of(luaL_checkinteger(L, 1), i) ^ MASK;
}

/* found(number or coded): a list of places, empty when no memory of this
 * process that can be written holds it. */
static int push_found(lua_State *L)
{
  needle what;
  char line[512];
  FILE *maps;
  read_needle(L, &what);
  maps = fopen("/proc/self/maps", "r");
  if (maps == NULL)
    return luaL_error(L, "/proc/self/maps cannot be read");
  lua_newtable(L);
  while (fgets(line, sizeof line, maps) != NULL)
    look_at_line(L, line, &what);
  fclose(maps);
  return 1;
}

/* hmac_state(coded key, pad): the beginning of the SHA-256 state after the key's
 * block, as OpenSSL keeps it, coded, too. Holding it is as good as the key. */
static int push_hmac_state(lua_State *L)
{
  size_t n, i;
  const char *coded = luaL_checklstring(L, 1, &n);
  const unsigned char pad = (unsigned char)luaL_checkinteger(L, 2);
  unsigned char block[SHA256_CBLOCK] = {0};
  SHA256_CTX state;
  luaL_argcheck(L, n <= sizeof block, 1, "too long");
  for (i = 0; i < n; i++)
    block[i] = (unsigned char)coded[i] ^ MASK;
  for (i = 0; i < sizeof block; i++)
    block[i] ^= pad;
  SHA256_Init(&state);
  SHA256_Update(&state, block, sizeof block);
  for (i = 0; i < LENGTH; i++)
    block[i] = ((unsigned char *)state.h)[i] ^ MASK;
  OPENSSL_cleanse(&state, sizeof state);
  lua_pushlstring(L, (const char *)block, LENGTH);
  OPENSSL_cleanse(block, sizeof block);
  return 1;
}

/* refuse(n): the n-th request for memory from here on, and all after it; 0:
 * none */
static int refuse(lua_State *L)
{
  refuse_from = (long)luaL_checkinteger(L, 1);
  requests = 0;
  return 0;
}

/* clean_stack(): of what calls have left below */
static int clean_stack(lua_State *L)
{
  char room[1 << 20];
  (void)L;
  wipe(room, sizeof room);
  return 0;
}

/* ---- the program ---- */

int main(int argc, char **argv)
{
  lua_State *L = new_state(allocate);
  int status;
  if (L == NULL || argc < 2 || !prepare_libraries()) {
    fputs("wiping_lua: no script, or no allocator of one's own\n", stderr);
    return 2;
  }
  luaL_openlibs(L);
  lua_register(L, "secret", push_secret);
  lua_register(L, "found", push_found);
  lua_register(L, "hmac_state", push_hmac_state);
  lua_register(L, "refuse", refuse);
  lua_register(L, "clean_stack", clean_stack);
  status = run_script(L, argc, argv);
  lua_close(L);
  return status != 0;
}
