/***
 * Chance. math.random begins alike in every process before Lua 5.4: clients
 * that were throttled together would all come back together.
 * @module cognito.core
 */
#include "lua_random.h"

#include <unistd.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "digest.h"

#define MOST 1024 /* bytes at once */
#define UUID 16   /* bytes */

struct cog_supply {
  pid_t pid; /* whose they are: a forked child must not use them, too */
  size_t left;
  unsigned char bytes[128 * UUID];
};

static void fill(lua_State *L, unsigned char *to, int n)
{
  if (RAND_bytes(to, n) == 1)
    return;
  ERR_clear_error();
  luaL_error(L, "OpenSSL has no random bytes to give, or there is not enough "
                "memory");
}

/***
 * Random bytes, good enough for keys.
 * @function random_bytes
 * @tparam number n how many: 1 to 1024
 * @treturn string
 */
static int random_bytes(lua_State *L)
{
  unsigned char bytes[MOST];
  lua_Number n = luaL_checknumber(L, 1);
  luaL_argcheck(L, n >= 1 && n <= MOST, 1, "must be 1 to 1024");
  fill(L, bytes, (int)n);
  lua_pushlstring(L, (const char *)bytes, (size_t)n);
  return 1;
}

/***
 * A random number.
 * @function random
 * @treturn number at least 0, less than 1
 */
static int random_number(lua_State *L)
{
  unsigned char bytes[4];
  unsigned long bits;
  fill(L, bytes, sizeof bytes);
  bits = (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 |
         (unsigned long)bytes[2] << 8 | bytes[3];
  lua_pushnumber(L, (lua_Number)bits / 4294967296.0);
  return 1;
}

static const unsigned char *take(lua_State *L, cog_supply *s)
{
  pid_t pid = getpid();
  if (s->left == 0 || s->pid != pid) {
    s->left = 0;
    fill(L, s->bytes, sizeof s->bytes);
    s->left = sizeof s->bytes;
    s->pid = pid;
  }
  s->left -= UUID;
  return s->bytes + s->left;
}

void cog_uuid(lua_State *L, cog_supply *s, char to[COG_UUID_SIZE])
{
  static const int lengths[] = {4, 2, 2, 2, 6}; /* bytes between hyphens */
  unsigned char bytes[UUID];
  const unsigned char *from = bytes;
  int i;
  memcpy(bytes, take(L, s), UUID);
  bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* version */
  bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* variant */
  for (i = 0; i < 5; i++) {
    if (i > 0)
      *to++ = '-';
    cog_hex(to, from, (size_t)lengths[i]);
    to += 2 * lengths[i];
    from += lengths[i];
  }
}

/***
 * A random UUID, one of version 4 (RFC 9562): an id, not a secret.
 * @function uuid
 * @treturn string 36 characters
 */
static int uuid(lua_State *L)
{
  char text[COG_UUID_SIZE];
  cog_uuid(L, lua_touserdata(L, lua_upvalueindex(1)), text);
  lua_pushlstring(L, text, sizeof text);
  return 1;
}

static const luaL_Reg functions[] = {{"random", random_number},
                                     {"random_bytes", random_bytes},
                                     {"uuid", uuid},
                                     {NULL, NULL}};

void cog_push_supply(lua_State *L)
{
  cog_supply *s = lua_newuserdatauv(L, sizeof *s, 0);
  s->left = 0;
}

void cog_random_functions(lua_State *L)
{
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2); /* module supply module supply */
  luaL_setfuncs(L, functions, 1);
  lua_pop(L, 1);
}
