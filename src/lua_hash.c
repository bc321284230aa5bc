/***
 * Hashes as Lua functions.
 * @module cognito.core
 */
#include "lua_hash.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "fields.h"
#include "lua_signer.h"
#include "secret_hash.h"

#define SIGNER    lua_upvalueindex(1)
#define SHA1_SIZE 20

/* A string that is one: luaL_checklstring would take a number. */
static cog_str check_string(lua_State *L, int i)
{
  luaL_checktype(L, i, LUA_TSTRING);
  return cog_string_at(L, i);
}

static cog_str check_filled(lua_State *L, int i)
{
  cog_str s = check_string(L, i);
  luaL_argcheck(L, s.n > 0, i, "must not be empty");
  return s;
}

static void push_bytes(lua_State *L, const unsigned char *p, size_t n)
{
  lua_pushlstring(L, (const char *)p, n);
}

/***
 * The SHA-256 of a string.
 * @function sha256
 * @tparam string data any bytes
 * @treturn string 32 bytes
 */
static int sha256(lua_State *L)
{
  cog_signer *s = lua_touserdata(L, SIGNER);
  cog_str data = check_string(L, 1);
  unsigned char hash[COG_SHA256_SIZE];
  cog_crypto_check(L, cog_sha256(&s->digest, &data, 1, hash));
  push_bytes(L, hash, sizeof hash);
  OPENSSL_cleanse(hash, sizeof hash);
  return 1;
}

static const char no_sha1[] =
    "OpenSSL cannot compute SHA-1 here, or there is not enough memory";

/***
 * The SHA-1 of a string: AWS tools name cache files by it.
 * @function sha1
 * @tparam string data any bytes
 * @treturn string 20 bytes
 * @raise when OpenSSL has no SHA-1 here
 */
static int sha1(lua_State *L)
{
  cog_str data = check_string(L, 1);
  unsigned char hash[SHA1_SIZE];
  if (!EVP_Digest(data.p, data.n, hash, NULL, EVP_sha1(), NULL)) {
    ERR_clear_error();
    return luaL_error(L, no_sha1);
  }
  push_bytes(L, hash, sizeof hash);
  return 1;
}

/***
 * The HMAC-SHA-256 of a string (RFC 2104).
 * @function hmac_sha256
 * @tparam string key any bytes
 * @tparam string data any bytes
 * @treturn string 32 bytes
 */
static int hmac_sha256(lua_State *L)
{
  cog_signer *s = lua_touserdata(L, SIGNER);
  cog_str key = check_string(L, 1);
  cog_str data = check_string(L, 2);
  unsigned char hash[COG_SHA256_SIZE];
  cog_crypto_check(L, cog_hmac(&s->digest, key, &data, 1, hash));
  push_bytes(L, hash, sizeof hash);
  OPENSSL_cleanse(hash, sizeof hash);
  return 1;
}

/***
 * What an app client with a secret sends along with a username.
 * Rule: Cognito developer guide, "Computing secret hash values".
 * @function secret_hash
 * @tparam string username the very bytes that the request carries
 * @tparam string client_id
 * @tparam string client_secret
 * @treturn string 44 characters of base64
 * @raise for what is not a string, and for an empty one
 * @usage core.secret_hash("ada", "3n4b5urk1ft4fl3mg5e62d9ado", secret)
 */
static int secret_hash(lua_State *L)
{
  cog_str username = check_filled(L, 1);
  cog_str client_id = check_filled(L, 2);
  cog_str client_secret = check_filled(L, 3);
  cog_signer *s = lua_touserdata(L, SIGNER);
  char hash[COG_SECRET_HASH_SIZE];
  cog_crypto_check(L, cog_secret_hash(&s->digest, username, client_id,
                                      client_secret, hash));
  lua_pushlstring(L, hash, COG_SECRET_HASH_SIZE);
  OPENSSL_cleanse(hash, sizeof hash);
  return 1;
}

static const luaL_Reg functions[] = {{"secret_hash", secret_hash},
                                     {"sha1", sha1},
                                     {"sha256", sha256},
                                     {"hmac_sha256", hmac_sha256},
                                     {NULL, NULL}};

void cog_hash_functions(lua_State *L)
{
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2); /* module signer */
  luaL_setfuncs(L, functions, 1);
  lua_pop(L, 1);
}
