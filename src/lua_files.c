/***
 * Files that other processes read and write, too: what Lua's io cannot do.
 * @module cognito.core
 */
#include "lua_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

#define NOTE_SIZE 64

/* A path as C reads it: whole, or not at all. */
static const char *check_path(lua_State *L, int i)
{
  size_t len;
  const char *path = luaL_checklstring(L, i, &len);
  luaL_argcheck(L, strlen(path) == len, i, "a path holds no NUL");
  return path;
}

static int failed(lua_State *L, int error)
{
  lua_pushnil(L);
  lua_pushstring(L, strerror(error));
  return 2;
}

/*** Replaces a file, or makes it: whole or not at all, readable for its owner
only.
@function write_private
@tparam string path
@tparam string data
@tparam[opt] string below a folder with which the path begins: those that are
  missing below it are made, for their owner only
@treturn[1] boolean true
@treturn[2] nil
@treturn[2] string what the system said
*/
static int write_private(lua_State *L)
{
  const char *path = check_path(L, 1);
  size_t len, below_len;
  const char *data = luaL_checklstring(L, 2, &len);
  const char *below = luaL_optlstring(L, 3, NULL, &below_len);
  int error = 0;
  if (below != NULL) {
    luaL_argcheck(L, strncmp(path, below, below_len) == 0, 3,
                  "the path is not below it");
    error = cog_make_folders(path, below_len);
  }
  if (!error)
    error = cog_write_private(path, data, len);
  if (error)
    return failed(L, error);
  lua_pushboolean(L, 1);
  return 1;
}

/* ---- what a file is ---- */

/* In decimal, as a text: LuaJIT's numbers do not hold 64 bits. */
static void set_number(lua_State *L, const char *name, unsigned long long n)
{
  char digits[24];
  (void)snprintf(digits, sizeof digits, "%llu", n);
  lua_pushstring(L, digits);
  lua_setfield(L, -2, name);
}

/*** What a path leads to: a file has more names than one.
@function file_facts
@tparam string path
@treturn[1] table `path` (absolute, without symbolic links), `device`, `inode`
  and `links` (how many names the file has), texts of digits; `regular`
@treturn[2] nil
@treturn[2] string what the system said
*/
static int file_facts(lua_State *L)
{
  char name[COG_LONGEST_PATH];
  struct stat facts;
  int error = cog_file_facts(check_path(L, 1), name, &facts);
  if (error)
    return failed(L, error);
  lua_createtable(L, 0, 5);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "path");
  set_number(L, "device", (unsigned long long)facts.st_dev);
  set_number(L, "inode", (unsigned long long)facts.st_ino);
  set_number(L, "links", (unsigned long long)facts.st_nlink);
  lua_pushboolean(L, S_ISREG(facts.st_mode));
  lua_setfield(L, -2, "regular");
  return 1;
}

/*** Whether a file is fit for private data: a regular file that belongs to this
user or to root and is not writable by all, and no symbolic link of another
user leads to it. A path with no file passes, too.
@function check_owned
@tparam string path
@tparam[opt] boolean is_private whether others may not even read it
@treturn[1] boolean true
@treturn[2] nil
@treturn[2] string why not
*/
static int check_owned(lua_State *L)
{
  const char *fault = cog_check_owned(check_path(L, 1), lua_toboolean(L, 2));
  if (fault != NULL) {
    lua_pushnil(L);
    lua_pushstring(L, fault);
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* ---- locks ---- */

static int unlock(lua_State *L)
{
  int *fd = lua_touserdata(L, lua_upvalueindex(1));
  int held = *fd;
  *fd = -1;
  if (held >= 0)
    close(held);
  return 0;
}

static int collect_lock(lua_State *L)
{
  int *fd = lua_touserdata(L, 1);
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
  return 0;
}

/* By the descriptor that has the lock: another file may have taken its name,
 * and over NFS closing another descriptor would give the lock back. */
static int note(lua_State *L)
{
  int *fd = lua_touserdata(L, lua_upvalueindex(1));
  char kept[NOTE_SIZE];
  size_t len = 0;
  const char *text = luaL_optlstring(L, 1, NULL, &len);
  int error;
  luaL_argcheck(L, len <= NOTE_SIZE, 1, "a note has at most 64 bytes");
  if (*fd < 0)
    return failed(L, EBADF);
  error = text != NULL ? cog_write_note(*fd, text, len)
                       : cog_read_note(*fd, kept, sizeof kept, &len);
  if (error)
    return failed(L, error);
  lua_pushlstring(L, text != NULL ? text : kept, len);
  return 1;
}

static int *push_lock(lua_State *L)
{
  int *fd = lua_newuserdatauv(L, sizeof *fd, 0);
  *fd = -1;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, collect_lock);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  return fd;
}

/*** Takes the advisory lock of a file, without waiting. Processes that do not
ask for it do not notice.
@function lock
@tparam string path
@tparam[opt] boolean make the file is nothing but a lock: it is made, for its
  owner only, and refused where it is a link or another user's; without this
  the file must exist
@treturn[1] function gives the lock back; so does the garbage collector
@treturn[1] ?function with `make`: writes a text of at most 64 bytes over the
  beginning of the file, or without one reads as much; returns the text, or
  nil and what the system said
@treturn[2] nil
@treturn[2] string what the system said
@treturn[2] boolean whether somebody else has it
*/
static int lock(lua_State *L)
{
  const char *path = check_path(L, 1);
  int make = lua_toboolean(L, 2);
  int *fd = push_lock(L);
  int error;
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, unlock, 1);
  lua_insert(L, -2);
  lua_pushcclosure(L, note, 1); /* ..., unlock, note */
  *fd = make ? cog_make_lock(path) : cog_lock_file(path);
  if (*fd >= 0) {
    lua_settop(L, make ? -1 : -2);
    return make ? 2 : 1;
  }
  error = errno;
  failed(L, error);
  lua_pushboolean(L, error == EWOULDBLOCK);
  return 3;
}

static const luaL_Reg functions[] = {{"write_private", write_private},
                                     {"lock", lock},
                                     {"file_facts", file_facts},
                                     {"check_owned", check_owned},
                                     {NULL, NULL}};

void cog_file_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
