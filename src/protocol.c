/***
 * Build, parse and the model's questions as Lua functions. None of them
 * waits for anything.
 * @module cognito.core
 */
#include "protocol.h"

#include <lualib.h>
#include <openssl/crypto.h>

#include "describe.h"
#include "lua_exchange.h"
#include "lua_exchange_methods.h"
#include "lua_grammar.h"
#include "lua_h1.h"
#include "lua_hash.h"
#include "lua_json.h"
#include "lua_modular.h"
#include "lua_random.h"
#include "lua_sign.h"
#include "lua_signer.h"
#include "lua_srp.h"
#include "lua_whole_file.h"
#include "nearest.h"
#include "needed.h"
#include "reply.h"

/* The upvalues of every function here. */
#define SIGNER    lua_upvalueindex(1)
#define EXCHANGES lua_upvalueindex(2) /* their metatable */

/***
 * Turns an operation's parameters into the request to send.
 * @function build
 * @tparam string operation its name, like "forgot_password"
 * @tparam table params the operation's parameters under their snake_case
 *   names; never changed
 * @tparam[opt] table context plain values: `endpoint` (URL), `region`,
 *   `credentials`, `client_id`, `client_secret`, `user_pool_id`,
 *   `analytics_metadata`, `secret_hash_username`, `time` (epoch seconds)
 * @treturn[1] table request `{ method, url, headers, body }`
 * @treturn[2] nil
 * @treturn[2] table error with `code`, `kind`, `message`, `operation` and,
 *   where one is to blame, `field`
 * @raise for an unknown operation, and for arguments of a wrong type
 */
static int protocol_build(lua_State *L)
{
  const cog_operation *op = cog_check_operation(L, 1);
  cog_exchange *x;
  cog_context context;
  int refused;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 3);
  if (lua_isnil(L, 3)) {
    lua_newtable(L);
    lua_replace(L, 3);
  }
  luaL_checktype(L, 3, LUA_TTABLE);
  x = cog_push_exchange(L, EXCHANGES);
  cog_context_read(L, 3, op->is_signed, &context);
  refused =
      cog_exchange_prepare(L, x, lua_touserdata(L, SIGNER), op, 2, &context);
  if (!refused)
    cog_exchange_push_request(L, x);
  cog_exchange_release(x);
  return refused ? refused : 1;
}

/***
 * Turns the service's response into a result or an error.
 * @function parse
 * @tparam string operation
 * @tparam table response `{ status, headers = { [lower-case name] = value },
 *   body }`
 * @treturn[1] table result, with the service's members under snake_case names
 * @treturn[1] nil
 * @treturn[1] table meta `{ status, request_id }`
 * @treturn[2] nil
 * @treturn[2] table error with `code`, `kind`, `message`, `operation`,
 *   `status`, `request_id`
 * @treturn[2] table meta
 * @raise for an unknown operation, and for a response of another form
 */
static int protocol_parse(lua_State *L)
{
  const cog_operation *op = cog_check_operation(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  return cog_parse(L, op, 2);
}

/***
 * What carrying an operation out twice would do: "read" (nothing), "repeat"
 * (no more than once would), "once" (the second time fails or does more) or
 * "message" (it may send a person another message).
 * @function effect
 * @tparam string operation
 * @tparam[opt] table params some parameters decide it
 * @treturn string
 */
static int protocol_effect(lua_State *L)
{
  const cog_operation *op = cog_check_operation(L, 1);
  lua_settop(L, 2);
  if (!lua_istable(L, 2)) {
    lua_newtable(L);
    lua_replace(L, 2);
  }
  lua_pushstring(L, cog_effect_of(L, op, 2));
  return 1;
}

/***
 * All that the model knows of an operation.
 * @function describe
 * @tparam string operation
 * @treturn[1] table `{ name, wire_name, signed, effect, secret, rules, input,
 *   output, errors }`
 * @treturn[2] nil when there is no such operation
 */
static int protocol_describe(lua_State *L)
{
  size_t len;
  const char *name = luaL_checklstring(L, 1, &len);
  const cog_operation *op = cog_find_operation(name, len);
  if (op == NULL)
    lua_pushnil(L);
  else
    cog_push_description(L, op);
  return 1;
}

/***
 * The names of all operations, sorted.
 * @function operations
 * @treturn {string,...}
 */
static int protocol_operations(lua_State *L)
{
  int i;
  lua_createtable(L, cog_operation_count, 0);
  for (i = 0; i < cog_operation_count; i++) {
    lua_pushstring(L, cog_names + cog_operations[i].name);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/***
 * The name that a wrong one was meant to be.
 * @function nearest
 * @tparam string wrong
 * @tparam {string,...} names the right ones
 * @treturn[1] string
 * @treturn[2] nil when none comes close
 */
static int protocol_nearest(lua_State *L)
{
  cog_nearest nearest;
  size_t len;
  const char *wrong = luaL_checklstring(L, 1, &len);
  int i;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  lua_pushnil(L); /* index 3: the best one, or the list might drop it */
  cog_nearest_init(&nearest, wrong, len);
  for (i = 1; i <= (int)lua_rawlen(L, 2); i++) {
    const char *name;
    lua_rawgeti(L, 2, i);
    name = luaL_checkstring(L, -1);
    cog_nearest_offer(&nearest, name);
    if (nearest.best == name)
      lua_replace(L, 3);
    else
      lua_pop(L, 1);
  }
  return 1;
}

static unsigned long major(unsigned long version)
{
  return version >> 28;
}

/* Too old, or two majors in one process (nginx's and ours), which end in a
 * crash at some later call; better a sentence now. */
static void check_openssl(lua_State *L)
{
  if (OpenSSL_version_num() < COG_OPENSSL_NEEDED)
    luaL_error(L,
               "lua-cognito needs OpenSSL " COG_OPENSSL_NEEDED_TEXT
               " or newer, and this process carries %s: install a newer one, "
               "or build with OPENSSL_DIR=FOLDER that has one",
               OpenSSL_version(OPENSSL_VERSION));
  if (major(OPENSSL_VERSION_NUMBER) != major(OpenSSL_version_num()))
    luaL_error(L,
               "lua-cognito was built for %s, but this process carries %s: "
               "build it again with the headers of the latter",
               OPENSSL_VERSION_TEXT, OpenSSL_version(OPENSSL_VERSION));
}

#if defined(__linux__)
#define PLATFORM "linux"
#elif defined(__APPLE__)
#define PLATFORM "macos"
#elif defined(_WIN32)
#define PLATFORM "windows"
#else
#define PLATFORM "other"
#endif

/* Only LuaJIT's headers name a library `jit`. */
#ifdef LUA_JITLIBNAME
#define BUILT_FOR "LuaJIT"
#else
#define BUILT_FOR LUA_VERSION
#endif

/* Another Lua cannot load this file, but it can read this: see
 * lua/cognito/misbuilt.lua. */
static const char built_for[] COG_USED = "lua-cognito is built for " BUILT_FOR;

/* A version of Lua that has all functions by name may still differ in their
 * arguments and constants. */
static void check_lua(lua_State *L)
{
#if LUA_VERSION_NUM > 501
  luaL_checkversion(L);
#else
  (void)L;
#endif
}

/***
 * What this library was built and runs with.
 * @function info
 * @treturn table `lua` (that it was built for), `openssl`, `platform`, and in
 *   the core `libcurl`, `libcurl_ssl`, `features`, and `libcurl_faults`, a list
 *   of `{ what, seen, answer }`: known behaviours of this libcurl, the versions
 *   that each was seen on, and how the library deals with it
 */
static int protocol_info(lua_State *L)
{
  lua_newtable(L);
  lua_pushstring(L, built_for + sizeof(built_for) - sizeof(BUILT_FOR));
  lua_setfield(L, -2, "lua");
  lua_pushliteral(L, PLATFORM);
  lua_setfield(L, -2, "platform");
  lua_pushstring(L, OpenSSL_version(OPENSSL_VERSION));
  lua_setfield(L, -2, "openssl");
  return 1;
}

static const luaL_Reg functions[] = {{"build", protocol_build},
                                     {"parse", protocol_parse},
                                     {"effect", protocol_effect},
                                     {"describe", protocol_describe},
                                     {"operations", protocol_operations},
                                     {"nearest", protocol_nearest},
                                     {"info", protocol_info},
                                     {NULL, NULL}};

void cog_push_protocol(lua_State *L)
{
  check_lua(L);
  check_openssl(L);
  lua_newtable(L);
  cog_modular_functions(L);
  cog_json_functions(L);
  cog_grammar_functions(L);
  cog_whole_file_functions(L);
  cog_push_supply(L); /* module supply */
  cog_random_functions(L);
  cog_push_signer(L);
  lua_insert(L, -2); /* module signer supply */
  cog_exchange_functions(L);
  lua_pop(L, 1); /* module signer */
  cog_sign_functions(L);
  cog_hash_functions(L);
  cog_srp_functions(L);
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2); /* module signer module signer */
  cog_exchange_metatable(L, -4);
  cog_h1_functions(L, lua_gettop(L) - 2);
  luaL_setfuncs(L, functions, 2);
  lua_pop(L, 1);
}
