/*
 * build.c: parameters and context in, a request out. No I/O, no state but
 * the signer's.
 *
 * The body is written straight along the input's shape. Where the caller
 * left something out that the context knows (client id, pool, analytics,
 * the secret hash), it is filled in on the way; the caller's table is never
 * changed, and its own value always wins.
 */
#include "build.h"

#include "ascii.h"
#include "context.h"
#include "heap_buffer.h"
#include "json.h"
#include "lua_error.h"
#include "lua_signer.h"
#include "scratch.h"
#include "url.h"

/* ---- refusals: push nil and an error, return 2 ---- */

static int of_operation(cog_call *b, int results)
{
  lua_pushstring(b->L, cog_names + b->op->name);
  lua_setfield(b->L, -2, "operation");
  return results;
}

static int refuse(cog_call *b, const char *code, const char *kind,
                  const char *message)
{
  return of_operation(b, cog_refuse(b->L, code, kind, NULL, message));
}

static int refuse_field(cog_call *b, const char *field, const char *message)
{
  return of_operation(b, cog_refuse_parameter(b->L, field, message));
}

/* ---- the body ---- */

/* Says that a member is missing, and where it can also come from. */
static int missing(cog_call *b, const cog_shape *input, const cog_member *m)
{
  static const cog_place top = {NULL, {NULL, 0}, 0};
  cog_json_missing(b->L, input, b->params, m, &top);
  if (cog_fillable(b, m) && strstr(lua_tostring(b->L, -1), "is required")) {
    lua_pushliteral(b->L, ": pass it, or give it to cognito.new once");
    lua_concat(b->L, 2);
  }
  return 0;
}

/* Appends the body. Returns 0 with a sentence pushed when the parameters are
 * refused, and points `wrong` at the member where there is one. */
static int write_body(cog_call *b, cog_buffer *out, const cog_member **wrong)
{
  static const cog_place top = {NULL, {NULL, 0}, 0};
  const cog_shape *input = &cog_shapes[b->op->input];
  cog_place here = top;
  int i, present = 0;
  cog_addc(out, '{');
  for (i = 0; i < input->count; i++) {
    const cog_member *m = &cog_members[input->first + i];
    int given;
    *wrong = m;
    here.name.p = cog_names + m->name;
    here.name.n = strlen(here.name.p);
    given = cog_push_param(b, m, &here);
    if (given < 0)
      return 0;
    present += given;
    if (!lua_isnil(b->L, -1)) {
      if (!cog_json_member(b->L, out, m, lua_gettop(b->L), &here))
        return 0;
    } else if (m->required)
      return missing(b, input, m);
    lua_pop(b->L, 1);
  }
  *wrong = NULL;
  cog_addc(out, '}');
  return cog_json_known(b->L, input, b->params, present, &top);
}

static int refuse_params(cog_call *b, const cog_member *wrong)
{
  const char *message = lua_tostring(b->L, -1);
  const char *name = wrong != NULL ? cog_names + wrong->name : "";
  /* A misspelt name is reported at the member that is missing for it. */
  if (wrong == NULL || strncmp(message, name, strlen(name)) != 0)
    return refuse(b, "invalid_parameter", "validation", message);
  return refuse_field(b, name, message);
}

/* ---- where it goes ---- */

/* The service's own endpoint in a region, composed of what needs no check. */
static int regional_origin(cog_str region, cog_buffer *room,
                           cog_origin *origin)
{
  size_t i, scheme = sizeof "https://" - 1;
  if (!cog_is_host_label(region))
    return 0;
  cog_adds(room, COG_STR("https://cognito-idp."));
  for (i = 0; i < region.n; i++)
    cog_addc(room, cog_lower(region.p[i]));
  cog_adds(room, COG_STR(".amazonaws.com/"));
  origin->url = (cog_str){room->data, room->len};
  origin->host = (cog_str){room->data + scheme, room->len - scheme - 1};
  origin->path = (cog_str){room->data + room->len - 1, 1};
  return 1;
}

/* The buffer: URL, then host. */
static int read_origin(cog_str endpoint, cog_buffer *room, cog_origin *origin)
{
  cog_url e;
  size_t host, path;
  if (!cog_url_read(endpoint, &e) || e.query.n > 0)
    return 0;
  cog_url_write(&e, room);
  host = room->len;
  cog_url_write_authority(&e, room);
  /* The path as sent: the URL after scheme and host. */
  path =
      e.path.n > 0 && e.path.p[e.path.n - 1] == '/' ? e.path.n : e.path.n + 1;
  origin->url = (cog_str){room->data, host};
  origin->host = (cog_str){room->data + host, room->len - host};
  origin->path = (cog_str){room->data + host - path, path};
  return 1;
}

int cog_find_origin(const cog_context *c, cog_buffer *room, cog_origin *origin)
{
  if (c->endpoint.p != NULL)
    return read_origin(c->endpoint, room, origin);
  return c->region.p != NULL && regional_origin(c->region, room, origin);
}

static int check_region(cog_call *b)
{
  if (b->c->region.p != NULL && !cog_is_host_label(b->c->region))
    return refuse_field(b, "region",
                        "the region must be letters, digits and hyphens, "
                        "like eu-west-1");
  if (b->c->region.p == NULL && (b->c->endpoint.p == NULL || b->op->is_signed))
    return refuse(b, "no_region", "validation",
                  "no region is known: set region, or user_pool_id, which "
                  "begins with it");
  return 0;
}

static int find_origin(cog_call *b, cog_buffer *room, cog_origin *origin)
{
  int refused = check_region(b);
  if (refused)
    return refused;
  if (b->c->origin != NULL)
    *origin = *b->c->origin;
  else if (!cog_find_origin(b->c, room, origin))
    return refuse_field(b, "endpoint",
                        "the endpoint must be a URL like "
                        "https://host, https://host:port or "
                        "https://host/path");
  return 0;
}

/* ---- the caller ---- */

static int find_credentials(cog_call *b, cog_signing *in, cog_str *token)
{
  if (!b->c->has_credentials)
    return refuse(b, "no_credentials", "credentials",
                  "this operation is signed with AWS credentials, and there "
                  "are none: set credentials, or AWS_ACCESS_KEY_ID and "
                  "AWS_SECRET_ACCESS_KEY");
  in->access_key_id = b->c->access_key_id;
  in->secret_access_key = b->c->secret_access_key;
  *token = b->c->session_token;
  if (in->access_key_id.p == NULL)
    return refuse(b, "no_credentials", "credentials",
                  "the credentials have no access_key_id");
  if (in->secret_access_key.p == NULL)
    return refuse(b, "no_credentials", "credentials",
                  "the credentials have an access_key_id but no "
                  "secret_access_key");
  if (!cog_sigv4_plain(in->access_key_id))
    return refuse_field(b, "credentials.access_key_id",
                        "the access_key_id holds characters that no key id "
                        "has");
  if (!cog_sigv4_visible(in->secret_access_key))
    return refuse_field(b, "credentials.secret_access_key",
                        "the secret_access_key holds white space, control or "
                        "non-ASCII characters, which no key has");
  if (!cog_sigv4_visible(*token))
    return refuse_field(b, "credentials.session_token",
                        "the session_token holds white space, control or "
                        "non-ASCII characters, which no token has");
  return 0;
}

/* A file or a variable easily adds a line break, and the service would refuse
 * every hash. */
static int check_client_secret(cog_call *b)
{
  if (b->op->secret == COG_SECRET_NONE ||
      cog_sigv4_visible(b->c->client_secret))
    return 0;
  return refuse_field(b, "client_secret",
                      "the client_secret holds white space, control or "
                      "non-ASCII characters, which no client secret has: "
                      "remove them where it is read");
}

/* ---- the request ---- */

static cog_str text(const char *p)
{
  cog_str s = {p, strlen(p)};
  return s;
}

/* Pushes nothing: the target is in the scratch. */
static cog_str find_target(const cog_operation *op, cog_buffer *scratch)
{
  cog_adds(scratch, text(cog_target_prefix));
  cog_addc(scratch, '.');
  cog_adds(scratch, text(cog_names + op->wire));
  return (cog_str){scratch->data, scratch->len};
}

#define CONTENT_TYPE COG_STR("application/x-amz-json-1.1")

/* All but the key's id: a region has 63 letters at most, a hash 64. */
#define REST_OF_AUTHORIZATION 512

/* Appends the headers of a signature. */
static void sign(cog_call *b, const cog_origin *origin, cog_signing *in,
                 cog_str token, cog_str target)
{
  cog_request *r = b->out;
  cog_scratch authorization;
  cog_header list[5];
  cog_status status;
  cog_scratch_init(b->L, &authorization);
  /* Room first: nothing may raise while the token is in the signer's hands. */
  cog_room(&authorization.b, in->access_key_id.n + REST_OF_AUTHORIZATION);
  list[0] = (cog_header){COG_STR("content-type"), CONTENT_TYPE};
  list[1] = (cog_header){COG_STR("host"), origin->host};
  list[2] = (cog_header){COG_STR("x-amz-date"), text(in->time)};
  list[3] = (cog_header){COG_STR("x-amz-target"), target};
  list[4] = (cog_header){COG_STR("x-amz-security-token"), token};
  in->headers = list;
  in->nheaders = token.p != NULL ? 5 : 4;
  in->path = origin->path;
  status = cog_sigv4_authorization(b->signer, in, &b->signer->scratch,
                                   &authorization.b, NULL);
  cog_heap_empty(&b->signer->scratch);
  cog_crypto_check(b->L, status);
  cog_request_header(r, COG_STR("X-Amz-Date"), text(in->time));
  if (token.p != NULL)
    cog_request_header(r, COG_STR("X-Amz-Security-Token"), token);
  cog_request_header(r, COG_STR("Authorization"),
                     (cog_str){authorization.b.data, authorization.b.len});
}

/* Behind the body. */
static void write_rest(cog_call *b, const cog_origin *origin, cog_signing *in,
                       cog_str token)
{
  cog_request *r = b->out;
  cog_scratch scratch;
  cog_str target;
  int top = lua_gettop(b->L);
  cog_scratch_init(b->L, &scratch);
  target = find_target(b->op, &scratch.b);
  cog_request_line(r, COG_STR("POST"), origin->url);
  cog_request_header(r, COG_STR("Content-Type"), CONTENT_TYPE);
  cog_request_header(r, COG_STR("X-Amz-Target"), target);
  if (b->op->is_signed) {
    in->body = cog_request_body(r);
    sign(b, origin, in, token, target);
  }
  lua_settop(b->L, top);
}

/* Fills in what signing needs; 0, or what refuse returned. */
static int prepare_signing(cog_call *b, cog_signing *in, cog_str *token)
{
  int refused = find_credentials(b, in, token);
  if (refused)
    return refused;
  if (!cog_sigv4_time(b->c->time, in->time))
    return luaL_error(b->L, "context.time is not within the years 1970 to "
                            "9999");
  in->method = COG_STR("POST");
  in->region = b->c->region;
  in->service = text(cog_signing_name);
  in->normalize = 1;
  return 0;
}

int cog_build(lua_State *L, cog_signer *signer, const cog_operation *op,
              int params, const cog_context *context, cog_request *out)
{
  cog_call b;
  cog_scratch room;
  cog_origin origin = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
  cog_signing in;
  cog_str token = {NULL, 0};
  const cog_member *wrong = NULL;
  int refused;

  luaL_checkstack(L, 3 * LUA_MINSTACK, "no room for a request");
  memset(&in, 0, sizeof in);
  b = (cog_call){L, signer, op, lua_absindex(L, params), context, out};
  if (!write_body(&b, &out->text, &wrong))
    return refuse_params(&b, wrong);
  cog_scratch_init(L, &room);
  refused = check_client_secret(&b);
  if (refused == 0)
    refused = find_origin(&b, &room.b, &origin);
  if (refused == 0 && op->is_signed)
    refused = prepare_signing(&b, &in, &token);
  if (refused == 0)
    write_rest(&b, &origin, &in, token);
  return refused;
}
