/***
 * Configuration, credential and token files, read at once and within bounds.
 * @module cognito.core
 */
#include "lua_whole_file.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "whole_file.h"

static const char *reason(int failed)
{
  if (failed == COG_NOT_REGULAR)
    return "it is not a regular file";
  if (failed == COG_TOO_LARGE)
    return "it is larger than 1 MiB";
  return strerror(failed);
}

/*** Reads a small file whole. It never waits, as to open a FIFO would.
@function read_file
@tparam string path
@treturn[1] string all that it holds, at most 1 MiB
@treturn[2] nil
@treturn[2] string why not, without the path
@treturn[2] boolean whether there is something that was refused: not a regular
  file, or larger; otherwise it could not be opened or read
@treturn[2] boolean whether anything is there, as far as can be known
*/
static int read_file(lua_State *L)
{
  size_t path_len, len;
  const char *path = luaL_checklstring(L, 1, &path_len);
  char *data;
  int failed;
  data = lua_newuserdatauv(L, COG_LARGEST_FILE + 1, 0);
  len = 0;
  failed =
      strlen(path) == path_len ? cog_read_whole(path, data, &len) : ENOENT;
  if (failed) {
    OPENSSL_cleanse(data, len);
    lua_pushnil(L);
    lua_pushstring(L, reason(failed));
    lua_pushboolean(L, failed < 0);
    lua_pushboolean(L, failed != ENOENT && failed != ENOTDIR);
    return 4;
  }
  lua_pushlstring(L, data, len);
  OPENSSL_cleanse(data, len);
  return 1;
}

static const luaL_Reg functions[] = {{"read_file", read_file}, {NULL, NULL}};

void cog_whole_file_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
