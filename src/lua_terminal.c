/***
 * What the command `cognito` needs of the process and the terminal that it
 * runs in, and programs like it may.
 * @module cognito.core
 */
#include "lua_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "files.h"
#include "terminal.h"

#define LONGEST 4096 /* bytes of a secret: tokens are long */

static int failed(lua_State *L, const char *message)
{
  lua_pushnil(L);
  lua_pushstring(L, message);
  return 2;
}

static int check_descriptor(lua_State *L)
{
  lua_Number n = luaL_checknumber(L, 1);
  luaL_argcheck(L, n >= 0 && n < 1e9, 1, "no descriptor");
  return (int)n;
}

/*** From now on a crash leaves no core dump, in which secrets would lie.
Programs that this process starts inherit that.
@function no_core_dumps
@treturn[1] boolean true
@treturn[2] nil
@treturn[2] string what the system said
*/
static int no_core_dumps(lua_State *L)
{
  int error = cog_no_core_dumps();
  if (error)
    return failed(L, strerror(error));
  lua_pushboolean(L, 1);
  return 1;
}

/*** Whether a descriptor is open. To be asked early: what a program opens
itself takes the numbers that are free.
@function is_open
@tparam integer fd
@treturn boolean
*/
static int is_open(lua_State *L)
{
  lua_pushboolean(L, fcntl(check_descriptor(L), F_GETFD) >= 0);
  return 1;
}

/*** Whether a descriptor is a terminal.
@function is_terminal
@tparam integer fd
@treturn boolean
*/
static int is_terminal(lua_State *L)
{
  lua_pushboolean(L, isatty(check_descriptor(L)));
  return 1;
}

/*** How many columns a terminal has.
@function terminal_width
@tparam integer fd
@treturn[1] integer
@treturn[2] nil when it is no terminal, or does not say
*/
static int terminal_width(lua_State *L)
{
  int columns = cog_terminal_width(check_descriptor(L));
  if (columns <= 0)
    return 0;
  lua_pushinteger(L, columns);
  return 1;
}

/* Pushes the line, or nil and why there is none; what was read is wiped. */
static int push_typed(lua_State *L, cog_typed typed, char *line, size_t len,
                      const char *otherwise)
{
  if (typed == COG_TYPED_LINE)
    lua_pushlstring(L, line, len);
  OPENSSL_cleanse(line, LONGEST);
  switch (typed) {
  case COG_TYPED_LINE:
    return 1;
  case COG_TYPED_NOTHING:
    return failed(L, "nothing was entered");
  case COG_TYPED_TOO_MUCH:
    return failed(L, "it is longer than 4096 bytes");
  case COG_TYPED_SIGNAL:
    return failed(L, "interrupted");
  default:
    return failed(L, otherwise);
  }
}

/*** Asks on the terminal for a secret, without showing it; also when standard
input and output are something else. A signal that comes meanwhile has its
usual effect once the terminal echoes again.
@function read_secret
@tparam string question
@treturn[1] string a line, not empty, without its end
@treturn[2] nil
@treturn[2] string why not: there is no terminal, nothing was entered, …
*/
static int read_secret(lua_State *L)
{
  const char *question = luaL_checkstring(L, 1);
  char line[LONGEST];
  size_t len = 0;
  cog_typed typed = cog_read_secret(question, line, sizeof line, &len);
  return push_typed(L, typed, line, len, "there is no terminal to ask on");
}

/*** Reads a line from a descriptor and nothing beyond it, so that several
secrets may come from one.
@function read_line
@tparam integer fd
@treturn[1] string without its end (LF or CRLF), at most 4096 bytes
@treturn[2] nil
@treturn[2] string why not: it has ended, a signal came after
  `catch_signals`, or what the system said
*/
static int read_line(lua_State *L)
{
  int fd = check_descriptor(L);
  char line[LONGEST];
  size_t len = 0;
  cog_typed typed = cog_read_line(fd, line, sizeof line, &len);
  return push_typed(L, typed, line, len, strerror(errno));
}

/*** Writes all of a text to a descriptor, past every buffer of Lua's.
@function write_descriptor
@tparam integer fd
@tparam string text
@treturn[1] boolean true
@treturn[2] nil
@treturn[2] string what the system said
*/
static int write_descriptor(lua_State *L)
{
  int fd = check_descriptor(L), error;
  size_t len;
  const char *text = luaL_checklstring(L, 2, &len);
  error = cog_write_all(fd, text, len);
  if (error)
    return failed(L, strerror(error));
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg functions[] = {{"is_open", is_open},
                                     {"no_core_dumps", no_core_dumps},
                                     {"is_terminal", is_terminal},
                                     {"terminal_width", terminal_width},
                                     {"read_secret", read_secret},
                                     {"read_line", read_line},
                                     {"write_descriptor", write_descriptor},
                                     {NULL, NULL}};

void cog_terminal_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
