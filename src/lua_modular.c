/***
 * Arithmetic modulo a large number, for the sandbox alone: it reads SRP by
 * itself, so that a mistake in srp.c is not repeated there. Numbers are
 * big-endian bytes of any length, results as long as the modulus.
 * @module cognito.core
 */
#include "lua_modular.h"

#include <limits.h>

#include <openssl/bn.h>
#include <openssl/err.h>

typedef int operation(BIGNUM *out, const BIGNUM *a, const BIGNUM *b,
                      const BIGNUM *modulus, BN_CTX *ctx);

static BIGNUM *read_number(const char *bytes, size_t n)
{
  return n <= INT_MAX ? BN_bin2bn((const unsigned char *)bytes, (int)n, NULL)
                      : NULL;
}

static int compute(operation *apply, BIGNUM *numbers[3], BN_CTX *ctx,
                   unsigned char *out, size_t n)
{
  BIGNUM *result = BN_new();
  int ok = ctx != NULL && result != NULL && numbers[0] != NULL &&
           numbers[1] != NULL && numbers[2] != NULL &&
           apply(result, numbers[0], numbers[1], numbers[2], ctx) &&
           BN_bn2binpad(result, out, (int)n) == (int)n;
  BN_clear_free(result);
  return ok;
}

/* a, b, modulus. No function of Lua between the first number and the last. */
static int modular(lua_State *L, operation *apply)
{
  const char *bytes[3];
  size_t sizes[3];
  BIGNUM *numbers[3];
  BN_CTX *ctx;
  unsigned char *out;
  int i, ok;
  for (i = 0; i < 3; i++)
    bytes[i] = luaL_checklstring(L, i + 1, &sizes[i]);
  luaL_argcheck(L, sizes[2] > 0 && sizes[2] < 4096, 3, "no modulus");
  lua_settop(L, 3);
  out = lua_newuserdatauv(L, sizes[2], 0);
  ERR_set_mark();
  ctx = BN_CTX_new();
  for (i = 0; i < 3; i++)
    numbers[i] = read_number(bytes[i], sizes[i]);
  ok = compute(apply, numbers, ctx, out, sizes[2]);
  for (i = 0; i < 3; i++)
    BN_clear_free(numbers[i]);
  BN_CTX_free(ctx);
  ERR_pop_to_mark();
  if (!ok)
    return luaL_error(L, "OpenSSL cannot compute that, or there is not "
                         "enough memory");
  lua_pushlstring(L, (const char *)out, sizes[2]);
  return 1;
}

/*** A power.
@function mod_power
@tparam string base
@tparam string exponent
@tparam string modulus odd
@treturn string
@raise when OpenSSL cannot
*/
static int mod_power(lua_State *L)
{
  return modular(L, BN_mod_exp);
}

/*** A product.
@function mod_product
@tparam string a
@tparam string b
@tparam string modulus
@treturn string
@raise when OpenSSL cannot
*/
static int mod_product(lua_State *L)
{
  return modular(L, BN_mod_mul);
}

/*** A sum.
@function mod_sum
@tparam string a
@tparam string b
@tparam string modulus
@treturn string
@raise when OpenSSL cannot
*/
static int mod_sum(lua_State *L)
{
  return modular(L, BN_mod_add);
}

static const luaL_Reg functions[] = {{"mod_power", mod_power},
                                     {"mod_product", mod_product},
                                     {"mod_sum", mod_sum},
                                     {NULL, NULL}};

void cog_modular_functions(lua_State *L)
{
  luaL_setfuncs(L, functions, 0);
}
