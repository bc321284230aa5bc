/***
 * The key that signs the tokens of the sandbox. For the sandbox alone.
 * @module cognito.core
 */
#include "lua_rsa.h"

#include "rsa.h"

#define METATABLE lua_upvalueindex(1)

typedef struct box {
  cog_rsa *key; /* NULL once it is closed */
} box;

static box *check_box(lua_State *L)
{
  box *b = lua_touserdata(L, 1);
  if (b != NULL && lua_getmetatable(L, 1)) {
    int same = lua_rawequal(L, -1, METATABLE);
    lua_pop(L, 1);
    if (same)
      return b;
  }
  luaL_argerror(L, 1, "rsa key expected");
  return NULL; /* unreachable: luaL_argerror does not return */
}

static cog_rsa *check_key(lua_State *L)
{
  cog_rsa *key = check_box(L)->key;
  luaL_argcheck(L, key != NULL, 1, "rsa key expected");
  return key;
}

/*** Signs by RSASSA-PKCS1-v1_5 with SHA-256: RS256 of JSON web tokens.
@function rsa_key:sign
@tparam string data
@treturn string 256 bytes
@raise when OpenSSL cannot
*/
static int key_sign(lua_State *L)
{
  unsigned char signature[COG_RSA_SIZE];
  size_t n;
  const char *data = luaL_checklstring(L, 2, &n);
  if (!cog_rsa_sign(check_key(L), data, n, signature))
    return luaL_error(L, "OpenSSL cannot sign");
  lua_pushlstring(L, (const char *)signature, sizeof signature);
  return 1;
}

/*** The public half.
@function rsa_key:public
@treturn string a SubjectPublicKeyInfo in DER
@raise when OpenSSL cannot
*/
static int key_public(lua_State *L)
{
  unsigned char der[COG_RSA_PUBLIC];
  size_t n = cog_rsa_public(check_key(L), der);
  if (n == 0)
    return luaL_error(L, "OpenSSL cannot write the key");
  lua_pushlstring(L, (const char *)der, n);
  return 1;
}

/* Programs reach it through the metatable, with any receiver. */
static int key_gc(lua_State *L)
{
  box *b = check_box(L);
  cog_rsa *key = b->key;
  b->key = NULL;
  cog_rsa_free(key);
  return 0;
}

/*** Makes an RSA key of 2048 bits. It lives in memory only, and takes a tenth
of a second or so.
@function rsa_key
@treturn userdata rsa_key with the methods `sign` and `public`
@raise when OpenSSL cannot
*/
static int new_key(lua_State *L)
{
  box *b = lua_newuserdatauv(L, sizeof *b, 0);
  b->key = NULL;
  lua_pushvalue(L, METATABLE);
  lua_setmetatable(L, -2);
  b->key = cog_rsa_new();
  if (b->key == NULL)
    return luaL_error(L, "OpenSSL makes no RSA key");
  return 1;
}

static const luaL_Reg methods[] = {
    {"sign", key_sign}, {"public", key_public}, {NULL, NULL}};

static const luaL_Reg functions[] = {{"rsa_key", new_key}, {NULL, NULL}};

static void push_metatable(lua_State *L)
{
  lua_createtable(L, 0, 3);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -2);
  luaL_setfuncs(L, methods, 1);
  lua_setfield(L, -2, "__index");
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, key_gc, 1);
  lua_setfield(L, -2, "__gc");
  lua_pushliteral(L, "cognito.rsa_key");
  lua_setfield(L, -2, "__name");
}

void cog_rsa_functions(lua_State *L)
{
  push_metatable(L);
  luaL_setfuncs(L, functions, 1);
}
