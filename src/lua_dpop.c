/***
 * Proofs that a caller has the private key that its token is bound to (DPoP,
 * RFC 9449). The sessions of `aws login` are renewed with one.
 * @module cognito.core
 */
#include "lua_dpop.h"

#include "digest.h"
#include "ec.h"
#include "scratch.h"

#define KEY_FAULT                                                             \
  "it is no private key of the curve P-256 in PEM, or there is not enough "   \
  "memory"

/* ---- the key: owned by the stack while a proof is made ---- */

static int key_gc(lua_State *L)
{
  cog_ec **key = lua_touserdata(L, 1);
  cog_ec_free(*key);
  *key = NULL;
  return 0;
}

static cog_ec **push_key(lua_State *L)
{
  /* NOLINTNEXTLINE(bugprone-sizeof-expression): the pointer is meant. */
  cog_ec **key = lua_newuserdatauv(L, sizeof *key, 0);
  *key = NULL;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, key_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  return key;
}

/* ---- text ---- */

static void add_base64url(cog_buffer *b, const void *p, size_t n)
{
  b->len += cog_base64url(cog_room(b, COG_BASE64_SIZE(n)), p, n);
}

static void add_header(cog_buffer *b, const unsigned char point[COG_EC_POINT])
{
  cog_adds(b, COG_STR("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":"
                      "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""));
  add_base64url(b, point, COG_EC_COORDINATE);
  cog_adds(b, COG_STR("\",\"y\":\""));
  add_base64url(b, point + COG_EC_COORDINATE, COG_EC_COORDINATE);
  cog_adds(b, COG_STR("\"}}"));
}

/*** Makes a proof: a JSON web token, signed ES256, whose header has the public
half of the key.
@function dpop_proof
@tparam string key in PEM, of the curve P-256, not encrypted
@tparam string payload the claims, a JSON object
@treturn[1] string
@treturn[2] nil
@treturn[2] string why the key is none
@raise when OpenSSL cannot sign
*/
static int dpop_proof(lua_State *L)
{
  cog_scratch header, proof;
  unsigned char point[COG_EC_POINT], signature[COG_ES256_SIZE];
  size_t pem_len, payload_len;
  const char *pem = luaL_checklstring(L, 1, &pem_len);
  const char *payload = luaL_checklstring(L, 2, &payload_len);
  cog_ec **key;
  lua_settop(L, 2);
  cog_scratch_init(L, &header);
  cog_scratch_init(L, &proof);
  key = push_key(L);
  *key = cog_ec_read(pem, pem_len);
  if (*key == NULL || !cog_ec_public(*key, point)) {
    lua_pushnil(L);
    lua_pushliteral(L, KEY_FAULT);
    return 2;
  }
  add_header(&header.b, point);
  add_base64url(&proof.b, header.b.data, header.b.len);
  cog_addc(&proof.b, '.');
  add_base64url(&proof.b, payload, payload_len);
  if (!cog_ec_sign(*key, proof.b.data, proof.b.len, signature))
    return luaL_error(L, "OpenSSL cannot sign, or there is not enough memory");
  cog_addc(&proof.b, '.');
  add_base64url(&proof.b, signature, sizeof signature);
  cog_ec_free(*key);
  *key = NULL;
  lua_pushlstring(L, proof.b.data, proof.b.len);
  return 1;
}

static const luaL_Reg functions[] = {{"dpop_proof", dpop_proof}, {NULL, NULL}};

void cog_dpop_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
