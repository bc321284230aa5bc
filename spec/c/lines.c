/*
 * lines.c: marks the lines of lua/ that run, for `make coverage`.
 *
 * The hook is in C, because a coroutine takes over a C hook of the one that
 * creates it, and no hook of debug.sethook. The marks are a byte a line, in a
 * file that every process of a run maps: those of a process that is killed
 * are kept, too.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lua.h>
#include <lauxlib.h>

#define FILES 512
#define SLOTS 1024 /* of a cache by the address of a name; a power of two */

typedef struct {
  char name[100]; /* from lua/ on */
  size_t first, lines;
} source;

static source sources[FILES];
static size_t count;
static const source *slots[SLOTS];
static unsigned char *marks;

static const source *search(const char *name)
{
  size_t i;
  for (i = 0; i < count; i++)
    if (strcmp(sources[i].name, name) == 0)
      return &sources[i];
  return NULL;
}

/* The address is a hint: another name may have it by now. */
static const source *find(const char *name)
{
  const source **slot = &slots[((size_t)name >> 4) % SLOTS];
  if (*slot == NULL || strcmp((*slot)->name, name) != 0)
    *slot = search(name);
  return *slot;
}

static void mark(lua_State *L, lua_Debug *ar)
{
  const source *s;
  const char *name;
  if (!lua_getinfo(L, "S", ar) ||
      (name = strstr(ar->source, "lua/cognito")) == NULL)
    return;
  s = find(name);
  if (s != NULL && ar->currentline > 0 && (size_t)ar->currentline <= s->lines)
    marks[s->first + (size_t)ar->currentline - 1] = 1;
}

static unsigned char *map(const char *path)
{
  struct stat status;
  void *memory = MAP_FAILED;
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0)
    return NULL;
  if (fstat(file, &status) == 0 && status.st_size > 0)
    memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE,
                  MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? NULL : memory;
}

/* file(name, first, lines): where the marks of a source are. */
static int lines_file(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  source *s = &sources[count];
  if (count == FILES || strlen(name) >= sizeof s->name)
    return luaL_error(L, "lines.c: no room for %s", name);
  strcpy(s->name, name);
  s->first = (size_t)luaL_checknumber(L, 2);
  s->lines = (size_t)luaL_checknumber(L, 3);
  count++;
  return 0;
}

/* start(path of the marks) */
static int lines_start(lua_State *L)
{
  marks = map(luaL_checkstring(L, 1));
  if (marks == NULL)
    return luaL_error(L, "lines.c: no such file: %s", lua_tostring(L, 1));
  lua_sethook(L, mark, LUA_MASKLINE, 0);
  return 0;
}

__attribute__((visibility("default"))) int luaopen_lines(lua_State *L);

int luaopen_lines(lua_State *L)
{
  lua_newtable(L);
  lua_pushcfunction(L, lines_file);
  lua_setfield(L, -2, "file");
  lua_pushcfunction(L, lines_start);
  lua_setfield(L, -2, "start");
  return 1;
}
