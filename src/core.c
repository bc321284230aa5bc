/***
 * The C core: requests, replies, HTTP, and one function per operation of the
 * service that is all three in one.
 *
 *     local core = require "cognito.core"
 *     local http = core.http()
 *     local sent, err = core.forgot_password({ username = "ada" },
 *       { http = http, region = "eu-west-1", client_id = "…" })
 *
 * One attempt, no retries, no defaults from outside: those are the client's
 * (`cognito.new`).
 * @module cognito.core
 */
#include "lua_carry.h"
#include "lua_child.h"
#include "lua_dpop.h"
#include "lua_exchange.h"
#include "lua_exchange_methods.h"
#include "lua_files.h"
#include "lua_http.h"
#include "lua_process.h"
#include "lua_rsa.h"
#include "lua_signals.h"
#include "lua_terminal.h"
#include "protocol.h"

COG_EXPORT int luaopen_cognito_core(lua_State *L);

/* Upvalues of an operation's function. */
#define SIGNER    lua_upvalueindex(1)
#define METATABLE lua_upvalueindex(2) /* of http objects */
#define EXCHANGES lua_upvalueindex(3) /* their metatable */
#define OPERATION lua_upvalueindex(4) /* index into cog_operations */

/* Turns `nil, err` on top into what a failed call returns: nil, err, meta. */
static int failed(lua_State *L)
{
  lua_newtable(L);
  return 3;
}

/* Stack: parameters, context, http. Pushes what a call returns, or nil and an
 * error and returns 0. */
static int carry_out(lua_State *L, cog_exchange *x, const cog_operation *op,
                     const cog_context *context)
{
  if (cog_exchange_prepare(L, x, lua_touserdata(L, SIGNER), op, 1, context))
    return 0;
  if (cog_http_carry(L, METATABLE, 3, x, 0))
    return cog_exchange_parse(L, x);
  lua_pushstring(L, cog_names + op->name);
  lua_setfield(L, -2, "operation");
  return 0;
}

/***
 * Carries out an operation: builds the request, sends it over `context.http`
 * and parses the answer. Every operation of the service has its function,
 * `admin_reset_user_password` and `resend_confirmation_code` among them.
 * @function forgot_password
 * @tparam table params the operation's parameters, as for `build`
 * @tparam table context as for `build`, and `http`: an object of `http`
 * @treturn[1] table result
 * @treturn[1] nil
 * @treturn[1] table meta `{ status, request_id }`
 * @treturn[2] nil
 * @treturn[2] table error
 * @treturn[2] table meta
 * @raise for arguments of a wrong type
 */
static int call_operation(lua_State *L)
{
  const cog_operation *op =
      &cog_operations[(size_t)lua_tonumber(L, OPERATION)];
  cog_exchange *x;
  cog_context context;
  int done;
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  lua_pushliteral(L, "http");
  lua_rawget(L, 2); /* index 3 */
  if (lua_isnil(L, 3))
    return luaL_error(L, "context.http is missing: make one with core.http()");
  x = cog_push_exchange(L, EXCHANGES);
  cog_context_read(L, 2, op->is_signed, &context);
  done = carry_out(L, x, op, &context);
  cog_exchange_release(x);
  return done ? 3 : failed(L);
}

/* Stack: module signer metatable, that of exchanges. */
static void add_operations(lua_State *L)
{
  int module = lua_gettop(L) - 3;
  int i;
  for (i = 0; i < cog_operation_count; i++) {
    lua_pushvalue(L, module + 1);
    lua_pushvalue(L, module + 2);
    lua_pushvalue(L, module + 3);
    lua_pushinteger(L, i);
    lua_pushcclosure(L, call_operation, 4);
    lua_setfield(L, module, cog_names + cog_operations[i].name);
  }
}

static int core_info(lua_State *L)
{
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_call(L, 0, 1);
  cog_http_info(L);
  return 1;
}

/* Stack: module. The protocol's info, and libcurl's. */
static void extend_info(lua_State *L)
{
  lua_getfield(L, -1, "info");
  lua_pushcclosure(L, core_info, 1);
  lua_setfield(L, -2, "info");
}

int luaopen_cognito_core(lua_State *L)
{
  cog_http_check(L);
  cog_push_protocol(L); /* module signer */
  lua_pushvalue(L, -2);
  cog_http_functions(L);
  cog_process_functions(L);
  cog_child_functions(L);
  cog_rsa_functions(L);
  cog_dpop_functions(L);
  cog_file_functions(L);
  cog_signal_functions(L);
  cog_terminal_functions(L);
  lua_pop(L, 1);
  cog_http_metatable(L, lua_gettop(L) - 1);
  cog_exchange_metatable(L, lua_gettop(L) - 2);
  add_operations(L);
  lua_pop(L, 3);
  extend_info(L);
  return 1;
}
