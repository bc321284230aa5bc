/*
 * request.c: see request.h. The time never changes: the servers ignore it.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>

#define KEY_ID  "AKIDEXAMPLE"
#define SECRET  "AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TIME    "20261121T074951Z"
#define DATE    "20261121"
#define SCOPE   DATE "/us-east-1/cognito-idp/aws4_request"
#define TYPE    "application/x-amz-json-1.1"
#define SERVICE "AWSCognitoIdentityProviderService."

static cog_str text(const char *p)
{
  cog_str s = {p, strlen(p)};
  return s;
}

static void ok(cog_status status)
{
  bench_must(status == COG_OK, "a hash");
}

static void derive_key(request *r)
{
  static const char *const steps[] = {DATE, "us-east-1", "cognito-idp",
                                      "aws4_request"};
  unsigned char next[COG_SHA256_SIZE];
  cog_str key = text(SECRET), part;
  size_t i;
  for (i = 0; i < 4; i++) {
    part = text(steps[i]);
    ok(cog_hmac(&r->digest, key, &part, 1, next));
    key.p = (const char *)next;
    key.n = sizeof next;
  }
  ok(cog_hmac_key_set(&r->digest, &r->key, &key, 1));
}

static void add_headers(request *r, const char *headers)
{
  while (*headers != '\0' && r->nlines < REQUEST_LINES) {
    size_t n = strcspn(headers, "\n");
    snprintf(r->lines[r->nlines++], sizeof r->lines[0], "%.*s", (int)n,
             headers);
    headers += n + (headers[n] == '\n');
  }
}

static const struct operation {
  const char *name, *target, *body;
  int is_signed;
} operations[] = {
    {"forgot_password", SERVICE "ForgotPassword",
     "{\"ClientId\":\"3n4b5urk1ft4fl3mg5e62d9ado\","
     "\"Username\":\"alice@example.com\"}",
     0},
    {"admin_reset_user_password", SERVICE "AdminResetUserPassword",
     "{\"UserPoolId\":\"us-east-1_AbCdEfGhI\","
     "\"Username\":\"alice@example.com\"}",
     1},
    {"list_users", SERVICE "ListUsers",
     "{\"UserPoolId\":\"us-east-1_AbCdEfGhI\"}", 1},
};

static const struct operation *find(const char *name)
{
  size_t i, n = sizeof operations / sizeof operations[0];
  for (i = 0; i < n && strcmp(operations[i].name, name) != 0; i++)
    ;
  bench_must(i < n, "OPERATION");
  return &operations[i];
}

void request_init(request *r, const bench *b)
{
  const struct operation *operation = find(b->operation);
  memset(r, 0, sizeof *r);
  r->b = b;
  r->is_signed = operation->is_signed;
  r->target = operation->target;
  r->body = operation->body;
  r->nlines = 2;
  if (r->is_signed) {
    r->nlines = 4;
    ok(cog_digest_init(&r->digest));
    derive_key(r);
  }
  sprintf(r->lines[0], "Content-Type: " TYPE);
  sprintf(r->lines[1], "X-Amz-Target: %s", r->target);
  sprintf(r->lines[2], "X-Amz-Date: " TIME);
  add_headers(r, b->headers);
}

static void hex_of(request *r, cog_str s, char hex[COG_SHA256_HEX + 1])
{
  unsigned char hash[COG_SHA256_SIZE];
  ok(cog_sha256(&r->digest, &s, 1, hash));
  cog_hex(hex, hash, sizeof hash);
  hex[COG_SHA256_HEX] = '\0';
}

void request_sign(request *r)
{
  char canonical[512], to_sign[256], hex[COG_SHA256_HEX + 1];
  unsigned char mac[COG_SHA256_SIZE];
  cog_str s;
  if (!r->is_signed)
    return;
  hex_of(r, text(r->body), hex);
  s.p = canonical;
  s.n = (size_t)sprintf(canonical,
                        "POST\n/\n\ncontent-type:" TYPE "\nhost:%s\n"
                        "x-amz-date:" TIME "\nx-amz-target:%s\n\n"
                        "content-type;host;x-amz-date;x-amz-target\n%s",
                        r->b->host, r->target, hex);
  hex_of(r, s, hex);
  s.p = to_sign;
  s.n = (size_t)sprintf(to_sign, "AWS4-HMAC-SHA256\n" TIME "\n" SCOPE "\n%s",
                        hex);
  ok(cog_hmac_with(&r->digest, &r->key, &s, 1, mac));
  cog_hex(hex, mac, sizeof mac);
  sprintf(r->lines[3],
          "Authorization: AWS4-HMAC-SHA256 Credential=" KEY_ID "/" SCOPE
          ", SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
          "Signature=%s",
          hex);
}
