/*
 * inside.c: functions of src/ in states that Lua code cannot bring about:
 * buffers without room, libcurl's rarer results, waits without an end. For
 * spec/core/inside_spec.lua.
 */
#include "compat.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/err.h>

#ifndef ERR_raise /* OpenSSL 1.1.1 */
#define ERR_raise(library, reason) ERR_put_error(library, 0, reason, "", 0)
#endif

#include "h1_writer.h"
#include "host.h"
#include "http_fault.h"
#include "http_queue.h"
#include "poller.h"
#include "sigv4.h"

COG_EXPORT int luaopen_spec_c_inside(lua_State *L);

/* ---- buffers without room ---- */

static int refuse(cog_buffer *b, size_t need)
{
  (void)b;
  (void)need;
  return 0;
}

/* A buffer of so many bytes, which does not grow. Behind them nothing may be
 * written. */
static cog_buffer *push_buffer(lua_State *L, size_t cap)
{
  cog_buffer *b = lua_newuserdatauv(L, sizeof *b, 0);
  memset(b, 0, sizeof *b);
  b->cap = cap;
  b->data = lua_newuserdatauv(L, cap + 1, 0);
  b->data[cap] = 'x';
  b->grow = refuse;
  return b;
}

/* Returns whether it was written, and the text. */
static int push_text(lua_State *L, int written, const cog_buffer *b)
{
  if (b->data[b->cap] != 'x' || b->len > b->cap)
    return luaL_error(L, "written behind the buffer");
  lua_pushboolean(L, written);
  lua_pushlstring(L, b->data, b->len);
  return 2;
}

static size_t check_size(lua_State *L, int i)
{
  return (size_t)luaL_checknumber(L, i);
}

static cog_header *push_headers(lua_State *L)
{
  cog_header *h = lua_newuserdatauv(L, 5 * sizeof *h, 0);
  h[0] = (cog_header){COG_STR("Host"), COG_STR("h")};
  h[1] = (cog_header){COG_STR("X-B"), COG_STR(" b  b ")};
  h[2] = (cog_header){{"X-A: a", 3}, COG_STR("a")}; /* out of a text */
  h[3] = (cog_header){{"x-a: b", 3}, COG_STR("more")};
  h[4] = (cog_header){COG_STR("X-A-C"), COG_STR("")};
  return h;
}

static cog_signing request_to_sign(lua_State *L)
{
  cog_signing in;
  memset(&in, 0, sizeof in);
  in.method = COG_STR("POST");
  in.path = COG_STR("/a b/../c/");
  in.query = COG_STR("b=1&a=%20&c");
  in.access_key_id = COG_STR("AKIDEXAMPLE");
  in.secret_access_key = COG_STR("secret");
  in.region = COG_STR("eu-west-1");
  in.service = COG_STR("service");
  in.normalize = 1;
  cog_sigv4_time(0, in.time);
  in.headers = push_headers(L);
  in.nheaders = 5;
  return in;
}

static cog_status sign(const cog_signing *in, cog_buffer *scratch,
                       cog_buffer *out)
{
  cog_signer s;
  cog_status status;
  memset(&s, 0, sizeof s);
  status = cog_signer_init(&s);
  if (status == COG_OK)
    status = cog_sigv4_authorization(&s, in, scratch, out, NULL);
  cog_signer_close(&s);
  return status;
}

/* signature(room for scratch, room for the header, normalize, query) */
static int inside_signature(lua_State *L)
{
  cog_buffer *scratch = push_buffer(L, check_size(L, 1));
  cog_buffer *out = push_buffer(L, check_size(L, 2));
  cog_signing in = request_to_sign(L);
  cog_status status;
  in.normalize = lua_toboolean(L, 3);
  in.query.p = luaL_checklstring(L, 4, &in.query.n);
  status = sign(&in, scratch, out);
  if (status != COG_OK && status != COG_ENOMEM)
    return luaL_error(L, "another status");
  push_text(L, 1, scratch); /* which looks behind it */
  return push_text(L, status == COG_OK, out);
}

/* Whether a request without this field is refused. */
static int inside_refused(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  cog_buffer *scratch = push_buffer(L, 4096), *out = push_buffer(L, 4096);
  cog_signing in = request_to_sign(L);
  const cog_str none = {NULL, 0};
  if (strcmp(name, "access_key_id") == 0)
    in.access_key_id = none;
  else if (strcmp(name, "secret_access_key") == 0)
    in.secret_access_key = none;
  else if (strcmp(name, "region") == 0)
    in.region = none;
  else
    in.service = none;
  lua_pushboolean(L, sign(&in, scratch, out) == COG_EINVAL);
  return 1;
}

/* Whether there is no room for a query of so many bytes as memory has. */
static int inside_endless_query(lua_State *L)
{
  cog_buffer *scratch = push_buffer(L, 4096), *out = push_buffer(L, 4096);
  cog_signing in = request_to_sign(L);
  in.query.n = SIZE_MAX / 2;
  lua_pushboolean(L, sign(&in, scratch, out) == COG_ENOMEM &&
                         cog_room(scratch, SIZE_MAX / 2) == NULL);
  return 1;
}

/* ---- signing keys ---- */

static size_t count_keys(const cog_signer *s)
{
  size_t n = 0, i;
  for (i = 0; i < COG_SIGV4_KEYS; i++)
    n += s->keys[i].hmac.outer != NULL;
  return n;
}

/* kept_keys(time, secret, ...): after signatures with these */
static int inside_kept_keys(lua_State *L)
{
  int n = lua_gettop(L), i;
  cog_buffer *scratch = push_buffer(L, 4096), *out = push_buffer(L, 4096);
  cog_signer s;
  memset(&s, 0, sizeof s);
  cog_signer_init(&s);
  for (i = 1; i < n; i += 2) {
    cog_signing in = request_to_sign(L);
    cog_sigv4_time(lua_tonumber(L, i), in.time);
    in.secret_access_key.p = lua_tolstring(L, i + 1, &in.secret_access_key.n);
    out->len = 0;
    cog_sigv4_authorization(&s, &in, scratch, out, NULL);
  }
  lua_pushinteger(L, (lua_Integer)count_keys(&s));
  cog_signer_close(&s);
  return 1;
}

/* Whether a signer whose hash cannot be started again makes no signature, and
 * keeps no key: the hash itself goes on. */
static int inside_without_hmac(lua_State *L)
{
  cog_buffer *scratch = push_buffer(L, 4096), *out = push_buffer(L, 4096);
  cog_signing in = request_to_sign(L);
  unsigned char hash[COG_SHA256_SIZE];
  const EVP_MD *md;
  cog_signer s;
  memset(&s, 0, sizeof s);
  cog_signer_init(&s);
  cog_sha256(&s.digest, &in.method, 1, hash);
  md = s.digest.sha256;
  s.digest.sha256 = NULL;
  lua_pushboolean(L, cog_sigv4_authorization(&s, &in, scratch, out, NULL) ==
                             COG_ECRYPTO &&
                         out->len == 0 && count_keys(&s) == 0);
  s.digest.sha256 = md;
  cog_signer_close(&s);
  return 1;
}

/* ---- requests ---- */

/* request(room) */
static int inside_request(lua_State *L)
{
  cog_buffer *b = push_buffer(L, check_size(L, 1));
  cog_request r;
  int written;
  memset(&r, 0, sizeof r);
  r.text = *b;
  written = cog_request_line(&r, COG_STR("POST"), COG_STR("http://h/")) &&
            cog_request_header(&r, COG_STR("A"), COG_STR("1")) &&
            cog_request_header(&r, COG_STR("B"), COG_STR("")) &&
            cog_request_headers(&r, COG_STR("C: 3\0"), 1);
  return push_text(L, written, &r.text);
}

static cog_request *push_request(lua_State *L)
{
  cog_request *r = lua_newuserdatauv(L, sizeof *r, 0);
  memset(r, 0, sizeof *r);
  r->text = *push_buffer(L, 4096);
  cog_adds(&r->text, COG_STR("{}"));
  cog_request_line(r, COG_STR("POST"), COG_STR("http://h.example:81/a?b"));
  cog_request_header(r, COG_STR("A"), COG_STR("1"));
  cog_request_header(r, COG_STR("B"), COG_STR(""));
  return r;
}

/* head(room, host, header of the proxy's): as it goes to a proxy, on a
 * connection of its own */
static int inside_head(lua_State *L)
{
  int own_host = lua_toboolean(L, 2);
  cog_h1_way way = {NULL, 1, {NULL, 0}, 1};
  const char *proxy = luaL_optlstring(L, 3, "P: x", &way.proxy_header.n);
  cog_buffer *b = push_buffer(L, check_size(L, 1));
  cog_request *r = push_request(L);
  const char *url = cog_request_url(r);
  cog_url parts;
  way.proxy_header.p = proxy;
  if (own_host)
    cog_request_header(r, COG_STR("Host"), COG_STR("own"));
  if (!cog_url_read((cog_str){url, strlen(url)}, &parts))
    return luaL_error(L, "no URL");
  way.url = &parts;
  return push_text(L, cog_h1_write_head(r, &way, b), b);
}

/* url(room, text) */
static int inside_url(lua_State *L)
{
  cog_buffer *b = push_buffer(L, check_size(L, 1));
  cog_str text;
  cog_url parts;
  text.p = luaL_checklstring(L, 2, &text.n);
  if (!cog_url_read(text, &parts))
    return luaL_error(L, "no URL");
  return push_text(L, cog_url_write(&parts, b), b);
}

/* ---- the rest ---- */

/* fault(a CURLcode) -> code */
static int inside_fault(lua_State *L)
{
  CURLcode rc = (CURLcode)luaL_checkinteger(L, 1);
  lua_pushstring(L, cog_fault_code(cog_fault_of(rc, 0)));
  return 1;
}

/* message(libcurl's words) -> message */
static int inside_message(lua_State *L)
{
  cog_outcome o;
  cog_fault_tell(&o, COG_FAULT_CONNECT, 0, luaL_checkstring(L, 1));
  lua_pushstring(L, o.message);
  return 1;
}

/* wait(seconds): for what is there already */
static int inside_wait(lua_State *L)
{
  double seconds = (double)luaL_checknumber(L, 1);
  cog_poller p;
  int fds[2], ready = 0;
  if (pipe(fds) != 0)
    return luaL_error(L, "no pipe");
  cog_poller_init(&p);
  if (write(fds[1], "x", 1) == 1 && cog_poller_open(&p) &&
      cog_poller_watch(&p, fds[0], 0, COG_POLL_READ))
    ready = cog_poller_wait(&p, seconds);
  cog_poller_close(&p);
  close(fds[0]);
  close(fds[1]);
  lua_pushinteger(L, ready);
  return 1;
}

/* errors_left(function): of one that another had left in OpenSSL's queue before
 */
static int inside_errors_left(lua_State *L)
{
  lua_Integer n = 0;
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 1);
  lua_settop(L, 1);
  lua_call(L, 0, 0);
  while (ERR_get_error() != 0)
    n++;
  lua_pushinteger(L, n);
  return 1;
}

/* is_here(host): whether it is this machine */
static int inside_is_here(lua_State *L)
{
  cog_str host;
  host.p = luaL_checklstring(L, 1, &host.n);
  lua_pushboolean(L, cog_is_this_machine(host));
  return 1;
}

/* next_id(id) -> the id of the next transfer */
static int inside_next_id(lua_State *L)
{
  long id = (long)luaL_checknumber(L, 1);
  lua_pushinteger(L, (lua_Integer)cog_queue_next_id(id));
  return 1;
}

/* ---- signals ---- */

static volatile sig_atomic_t signals;

static void on_alarm(int signal)
{
  (void)signal;
  signals++;
}

/* sleep(function, seconds): between signals, one a millisecond; how many of
 * them came */
static int inside_sleep(lua_State *L)
{
  struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
  struct sigaction ours, theirs;
  memset(&ours, 0, sizeof ours);
  ours.sa_handler = on_alarm; /* and no SA_RESTART */
  signals = 0;
  sigaction(SIGALRM, &ours, &theirs);
  setitimer(ITIMER_REAL, &often, NULL);
  lua_settop(L, 2);
  lua_pcall(L, 1, 0, 0);
  setitimer(ITIMER_REAL, &never, NULL);
  sigaction(SIGALRM, &theirs, NULL);
  lua_pushinteger(L, (lua_Integer)signals);
  return 1;
}

/* watch(n): whether so many sockets can be watched */
static int inside_watch(lua_State *L)
{
  int fds[64], n = (int)luaL_checkinteger(L, 1), i, watched = 0;
  cog_poller p;
  cog_poller_init(&p);
  if (n < 1 || n > 64 || pipe(fds) != 0)
    return luaL_error(L, "no pipe");
  for (i = 2; i < n; i++)
    fds[i] = dup(fds[0]);
  if (cog_poller_open(&p))
    while (watched < n && cog_poller_watch(&p, fds[watched], 0, COG_POLL_READ))
      watched++;
  cog_poller_close(&p);
  for (i = 0; i < n || i < 2; i++)
    close(fds[i]);
  lua_pushboolean(L, watched == n);
  return 1;
}

/* spoil(descriptor): from now on it is another file's, which cannot be watched
 * with */
static int inside_spoil(lua_State *L)
{
  int fd = (int)luaL_checkinteger(L, 1), other = open("/dev/null", O_RDONLY);
  if (other < 0 || dup2(other, fd) < 0)
    return luaL_error(L, "no descriptor");
  close(other);
  return 0;
}

static const luaL_Reg functions[] = {{"signature", inside_signature},
                                     {"refused", inside_refused},
                                     {"endless_query", inside_endless_query},
                                     {"kept_keys", inside_kept_keys},
                                     {"without_hmac", inside_without_hmac},
                                     {"request", inside_request},
                                     {"head", inside_head},
                                     {"url", inside_url},
                                     {"fault", inside_fault},
                                     {"message", inside_message},
                                     {"wait", inside_wait},
                                     {"errors_left", inside_errors_left},
                                     {"is_here", inside_is_here},
                                     {"next_id", inside_next_id},
                                     {"sleep", inside_sleep},
                                     {"watch", inside_watch},
                                     {"spoil", inside_spoil},
                                     {NULL, NULL}};

int luaopen_spec_c_inside(lua_State *L)
{
  lua_newtable(L);
  luaL_setfuncs(L, functions, 0);
  return 1;
}
