/*
 * lua_exchange.h: exchanges for Lua: a request and its reply, both in C.
 *
 * An exchange is prepared, carried by a transport, and parsed; then it can be
 * prepared again. Its buffers are its own: a transport that takes the request
 * leaves another, empty buffer in its place, and so with the reply. So
 * neither points to the other, whichever is gone first.
 */
#ifndef COGNITO_LUA_EXCHANGE_H
#define COGNITO_LUA_EXCHANGE_H

#include "build.h"
#include "compat.h"
#include "http_reply.h"
#include "http_request.h"
#include "http_timings.h"
#include "lua_random.h"

typedef enum cog_exchange_state {
  COG_EXCHANGE_EMPTY,
  COG_EXCHANGE_BUSY, /* in hand; for ever, when a Lua error left it there */
  COG_EXCHANGE_READY,
  COG_EXCHANGE_FLYING, /* a transport has it */
  COG_EXCHANGE_ANSWERED
} cog_exchange_state;

typedef struct cog_exchange {
  cog_exchange_state state;
  const cog_operation *op;
  cog_request request;
  cog_reply reply;
  int is_table; /* the reply is the table that the userdata refers to */
  int timed;
  cog_timings timings;
  long flight;            /* the transport's number for it, while it has it */
  char id[COG_UUID_SIZE]; /* of the call, for all its attempts */
} cog_exchange;

/* Pushes an empty exchange; `metatable` may be an upvalue's index. */
cog_exchange *cog_push_exchange(lua_State *L, int metatable);

/* The exchange at `index`; NULL for anything else. */
cog_exchange *cog_to_exchange(lua_State *L, int index, int metatable);

/* The same; raises for anything else. */
cog_exchange *cog_check_exchange(lua_State *L, int index, int metatable);

/* Raises unless the exchange is in this state. */
void cog_exchange_expect(lua_State *L, const cog_exchange *x,
                         cog_exchange_state state);

/* Between these two the request can be written to, and raises when memory runs
 * out. `state` is what the exchange is in afterwards. */
void cog_exchange_open(lua_State *L, cog_exchange *x);
void cog_exchange_close(cog_exchange *x, cog_exchange_state state);

/* Writes the request. Returns 0, or 2 with nil and an error pushed. */
int cog_exchange_prepare(lua_State *L, cog_exchange *x, cog_signer *signer,
                         const cog_operation *op, int params,
                         const cog_context *context);

/* Pushes the request as a table. */
void cog_exchange_push_request(lua_State *L, const cog_exchange *x);

/* Pushes what core.parse returns, of a reply that a transport has left there.
 * Only a failed call's reply stays. Returns 3. */
int cog_exchange_parse(lua_State *L, cog_exchange *x);

/* Forgets request and reply, unless they are in use. A transport that has the
 * request goes on; its reply will find no exchange. */
void cog_exchange_clear(cog_exchange *x);

/* The last use of it: gives its memory back now. The collector would do so
 * later, and not at all where Lua has no memory left to call a finalizer. */
void cog_exchange_release(cog_exchange *x);

#endif
