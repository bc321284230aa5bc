/***
 * Signing in by SRP: the password never leaves this machine.
 * @module cognito.core
 */
#include "lua_srp.h"

#include <limits.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "fields.h"
#include "lua_signer.h"
#include "secret.h"
#include "srp.h"
#include "srp_time.h"

/* Upvalues of the methods, and of srp itself. */
#define METATABLE lua_upvalueindex(1)
#define SIGNER    lua_upvalueindex(2)

#define FAILED    "OpenSSL cannot compute here, or there is not enough memory"

static const cog_field fields[] = {COG_FIELD("pool_name", LUA_TSTRING),
                                   COG_FIELD("user_id", LUA_TSTRING),
                                   COG_FIELD("password", LUA_TSTRING),
                                   COG_FIELD("salt", LUA_TSTRING),
                                   COG_FIELD("srp_b", LUA_TSTRING),
                                   COG_FIELD("secret_block", LUA_TSTRING),
                                   COG_FIELD("time", LUA_TNUMBER)};

/* Where answer has them on the stack: after the object and its argument. */
enum { POOL = 3, USER, PASSWORD, SALT, B, BLOCK, TIME, DECODED };

static void check_object(lua_State *L)
{
  int same = lua_touserdata(L, 1) != NULL && lua_getmetatable(L, 1);
  if (same) {
    same = lua_rawequal(L, -1, METATABLE);
    lua_pop(L, 1);
  }
  luaL_argcheck(L, same, 1, "srp expected");
}

static cog_srp *check_open(lua_State *L)
{
  cog_srp *s = lua_touserdata(L, 1);
  luaL_argcheck(L, s->a != NULL, 1, "srp is closed");
  return s;
}

/*** The public number that a sign-in begins with.
@function srp:public
@treturn string `SRP_A`: lower-case hex without leading zeros
@raise when it is closed
*/
static int srp_public(lua_State *L)
{
  char hex[COG_SRP_HEX];
  check_object(L);
  lua_pushlstring(L, hex, cog_srp_public(check_open(L), hex));
  return 1;
}

static void take(lua_State *L)
{
  int i;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  cog_take_fields(L, 2, fields, COG_COUNT(fields), NULL);
  cog_check_fields(L, POOL, "answer", fields, COG_COUNT(fields));
  for (i = POOL; i <= TIME; i++)
    if (lua_isnil(L, i))
      luaL_error(L, "answer.%s is missing", fields[i - POOL].name.p);
}

static int is_base64(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++) {
    char c = s.p[i];
    int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!letter && !(c == '=' && i + 2 >= s.n && s.p[s.n - 1] == '='))
      return 0;
  }
  return s.n > 0 && s.n % 4 == 0 && s.n <= INT_MAX;
}

/* Into the slot DECODED. p is NULL for what is no base64. */
static cog_str decode(lua_State *L, cog_str text, cog_buffer *into)
{
  cog_str block = {NULL, 0};
  char *to;
  int n;
  cog_secret_init(L, into);
  if (!is_base64(text))
    return block;
  to = cog_room(into, text.n / 4 * 3 + 1); /* OpenSSL may add a NUL */
  n = EVP_DecodeBlock((unsigned char *)to, (const unsigned char *)text.p,
                      (int)text.n);
  if (n < 0)
    return block;
  block.p = to;
  block.n =
      (size_t)n - (text.p[text.n - 1] == '=') - (text.p[text.n - 2] == '=');
  return block;
}

static int refuse(lua_State *L, const char *field)
{
  lua_pushnil(L);
  lua_pushstring(L, field);
  return 2;
}

static int push_answer(lua_State *L, cog_srp_status status,
                       const char *signature, const char *time)
{
  if (status == COG_SRP_EFAILED)
    return luaL_error(L, FAILED);
  if (status != COG_SRP_OK)
    return refuse(L, status == COG_SRP_EB ? "srp_b" : "salt");
  lua_pushlstring(L, signature, COG_SRP_SIGNATURE);
  lua_pushstring(L, time);
  return 2;
}

/*** Proves that the password is known, without saying it: the answer to
`PASSWORD_VERIFIER` and to `DEVICE_PASSWORD_VERIFIER`.
@function srp:answer
@tparam table challenge `pool_name` (the pool's id after the underscore; of a
  device its group key), `user_id` (`USER_ID_FOR_SRP`, or the device's key),
  `password`, `salt`, `srp_b` and `secret_block` as the service sent them, and
  `time` in epoch seconds
@treturn[1] string `PASSWORD_CLAIM_SIGNATURE`
@treturn[1] string `TIMESTAMP`, English in every locale
@treturn[2] nil
@treturn[2] string the field that the service must not have sent: "srp_b",
  also where it is a multiple of the group's prime, "salt" or "secret_block"
@raise for missing fields, those of a wrong type, a time that is none, and
  when it is closed
*/
static int srp_answer(lua_State *L)
{
  cog_srp_challenge c;
  cog_buffer decoded;
  char time[COG_SRP_TIME + 1], signature[COG_SRP_SIGNATURE];
  cog_srp_status status;
  cog_signer *signer = lua_touserdata(L, SIGNER);
  check_object(L);
  take(L);
  if (!cog_srp_time(lua_tonumber(L, TIME), time))
    return luaL_error(L, "answer.time is no time between 1970 and 9999");
  c.block = decode(L, cog_string_at(L, BLOCK), &decoded);
  if (c.block.p == NULL)
    return refuse(L, "secret_block");
  c.pool = cog_string_at(L, POOL);
  c.user = cog_string_at(L, USER);
  c.password = cog_string_at(L, PASSWORD);
  c.salt = cog_string_at(L, SALT);
  c.b = cog_string_at(L, B);
  c.time.p = time;
  c.time.n = strlen(time);
  status = cog_srp_sign(check_open(L), &signer->digest, &c, signature);
  cog_secret_wipe(&decoded);
  return push_answer(L, status, signature, time);
}

/*** Wipes the secret number. What is collected is closed, too.
@function srp:close
*/
static int srp_close(lua_State *L)
{
  check_object(L);
  cog_srp_close(lua_touserdata(L, 1));
  return 0;
}

/*** Begins a sign-in by SRP: chooses a secret number of 256 bits.
@function srp
@tparam[opt] string secret the number in 32 to 384 bytes, for tests
@treturn userdata srp with the methods `public`, `answer` and `close`
@raise when OpenSSL cannot
*/
static int new_srp(lua_State *L)
{
  size_t n = 0;
  const char *secret = luaL_optlstring(L, 1, NULL, &n);
  cog_srp *s;
  luaL_argcheck(L,
                secret == NULL || (n >= COG_SRP_SECRET && n <= COG_SRP_SIZE),
                1, "must be 32 to 384 bytes");
  s = lua_newuserdatauv(L, sizeof *s, 0);
  memset(s, 0, sizeof *s);
  lua_pushvalue(L, METATABLE);
  lua_setmetatable(L, -2);
  if (!cog_srp_init(s, (const unsigned char *)secret, n))
    return luaL_error(L, FAILED);
  return 1;
}

static const cog_field verifier_fields[] = {
    COG_FIELD("pool_name", LUA_TSTRING), COG_FIELD("user_id", LUA_TSTRING),
    COG_FIELD("password", LUA_TSTRING), COG_FIELD("salt", LUA_TSTRING)};

/* Where srp_verifier has them: after its argument. */
enum { V_POOL = 2, V_USER, V_PASSWORD, V_SALT };

static void take_verifier(lua_State *L)
{
  int i;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  cog_take_fields(L, 1, verifier_fields, COG_COUNT(verifier_fields), NULL);
  cog_check_fields(L, V_POOL, "srp_verifier", verifier_fields,
                   COG_COUNT(verifier_fields));
  for (i = V_POOL; i < V_SALT; i++)
    if (lua_isnil(L, i))
      luaL_error(L, "srp_verifier.%s is missing",
                 verifier_fields[i - V_POOL].name.p);
  if (!lua_isnil(L, V_SALT) && cog_string_at(L, V_SALT).n != COG_SRP_SALT)
    luaL_error(L, "srp_verifier.salt must be 16 bytes");
}

static int choose_salt(lua_State *L, unsigned char salt[COG_SRP_SALT])
{
  if (lua_isnil(L, V_SALT))
    return RAND_bytes(salt, COG_SRP_SALT) == 1;
  memcpy(salt, cog_string_at(L, V_SALT).p, COG_SRP_SALT);
  return 1;
}

static void push_base64(lua_State *L, const unsigned char *p, size_t n)
{
  char text[COG_BASE64_SIZE(COG_SRP_PADDED)];
  cog_base64(text, p, n);
  lua_pushlstring(L, text, COG_BASE64_SIZE(n));
}

/*** The service's record of a remembered device's password, which it never
sees: the `device_secret_verifier_config` of `confirm_device`.
@function srp_verifier
@tparam table device `pool_name` (the device's group key), `user_id` (the
  device's key), `password`, and for tests a `salt` of 16 bytes
@treturn string the salt in base64
@treturn string the password verifier in base64
@raise for missing fields and those of a wrong type, and when OpenSSL cannot
*/
static int srp_verifier(lua_State *L)
{
  cog_srp_challenge c;
  cog_srp_kept kept;
  unsigned char salt[COG_SRP_SALT];
  cog_signer *signer = lua_touserdata(L, SIGNER);
  take_verifier(L);
  memset(&c, 0, sizeof c);
  c.pool = cog_string_at(L, V_POOL);
  c.user = cog_string_at(L, V_USER);
  c.password = cog_string_at(L, V_PASSWORD);
  if (!choose_salt(L, salt)) {
    ERR_clear_error();
    return luaL_error(L, FAILED);
  }
  if (!cog_srp_keep(&signer->digest, &c, salt, &kept))
    return luaL_error(L, FAILED);
  push_base64(L, kept.salt, kept.salt_size);
  push_base64(L, kept.verifier, kept.verifier_size);
  return 2;
}

static const luaL_Reg methods[] = {{"public", srp_public},
                                   {"answer", srp_answer},
                                   {"close", srp_close},
                                   {NULL, NULL}};

static const luaL_Reg metamethods[] = {
    {"__gc", srp_close}, {"__close", srp_close}, {NULL, NULL}};

static const luaL_Reg functions[] = {
    {"srp", new_srp}, {"srp_verifier", srp_verifier}, {NULL, NULL}};

/* Sets functions in the table on top, with metatable and signer as their
 * upvalues. */
static void set(lua_State *L, const luaL_Reg *list, int metatable, int signer)
{
  lua_pushvalue(L, metatable);
  lua_pushvalue(L, signer);
  luaL_setfuncs(L, list, 2);
}

void cog_srp_functions(lua_State *L)
{
  int signer = lua_gettop(L), metatable = signer + 1;
  lua_createtable(L, 0, 4);
  set(L, metamethods, metatable, signer);
  lua_createtable(L, 0, 3);
  set(L, methods, metatable, signer);
  lua_setfield(L, metatable, "__index");
  lua_pushliteral(L, "cognito.srp");
  lua_setfield(L, metatable, "__name");
  lua_pushvalue(L, signer - 1); /* module */
  set(L, functions, metatable, signer);
  lua_settop(L, signer);
}
