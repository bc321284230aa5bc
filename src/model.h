/*
 * model.h: the service as constant data: operations, shapes, members.
 *
 * model.c is generated from model/cognito_idp.lua and model/overlay.lua by
 * model/generate.lua. Everything refers to everything else by 16-bit index,
 * names by 16-bit offset into one pool: no pointer, so nothing to relocate
 * when the library is loaded and nothing private to a process.
 */
#ifndef COGNITO_MODEL_H
#define COGNITO_MODEL_H

#include <stddef.h>
#include <stdint.h>

#define COG_NONE 0xffff /* no shape, no rule */

enum cog_type {
  COG_STRUCTURE, /* first: index into cog_members, count: how many */
  COG_LIST,      /* first: the shape of an element */
  COG_MAP,       /* first: the shape of a value; keys are strings */
  COG_STRING,
  COG_BLOB, /* base64 on the wire, bytes in Lua */
  COG_BOOLEAN,
  COG_INTEGER,
  COG_LONG,
  COG_TIMESTAMP, /* seconds since the epoch, fractions allowed */
  COG_DOCUMENT   /* any JSON value */
};

typedef struct cog_shape {
  uint8_t type;
  uint8_t sensitive; /* by the service's own mark or by our overlay */
  uint16_t first;
  uint16_t count;
  int16_t min; /* string: characters, blob: bytes, list and map: entries,
                  number: value; COG_NO_MIN where there is none */
} cog_shape;

#define COG_NO_MIN INT16_MIN

typedef struct cog_member {
  uint16_t name;  /* snake_case, as Lua sees it: offset into cog_names */
  uint16_t wire;  /* the service's spelling: offset into cog_names */
  uint16_t shape; /* index into cog_shapes */
  uint8_t required;
  uint8_t sensitive;
} cog_member;

/* What carrying an operation out twice would do (docs/design.md, Retry). */
enum cog_effect {
  COG_READ,   /* changes nothing */
  COG_REPEAT, /* twice is as good as once */
  COG_ONCE,   /* the second time fails or does more */
  COG_MESSAGE /* may send a person a message, or spend an attempt limit */
};

/* Where an operation takes what is made of the app client's secret. */
enum cog_secret {
  COG_SECRET_NONE,
  COG_SECRET_HASH,      /* SecretHash */
  COG_SECRET_AUTH,      /* AuthParameters.SECRET_HASH */
  COG_SECRET_CHALLENGE, /* ChallengeResponses.SECRET_HASH */
  COG_SECRET_PLAIN,     /* ClientSecret, the secret itself */
  COG_SECRET_MACHINE    /* Secret, likewise: a machine's own token */
};

typedef struct cog_operation {
  uint16_t name;   /* snake_case */
  uint16_t wire;   /* the service's spelling */
  uint16_t input;  /* a structure in cog_shapes */
  uint16_t output; /* a structure in cog_shapes, or COG_NONE */
  uint16_t errors; /* index of its first error in cog_errors */
  uint16_t rule;   /* index of its first rule in cog_rules, or COG_NONE */
  uint8_t nerrors;
  uint8_t nrules;
  uint8_t is_signed;
  uint8_t effect;
  uint8_t secret;
} cog_operation;

/* "When this string member of the input has this value, the effect is that
 * one instead": admin_create_user with SUPPRESS sends nothing. */
typedef struct cog_rule {
  uint16_t member; /* snake_case name: offset into cog_names */
  uint16_t value;  /* offset into cog_names */
  uint8_t effect;
} cog_rule;

/* Members that are filled in where the caller leaves them out (context.c), or
 * are completed: their names as offsets, each of which belongs to one name. */
typedef struct cog_filled_names {
  uint16_t client_id, user_pool_id, analytics_metadata;
  uint16_t secret_hash, client_secret, secret;
  uint16_t auth_parameters, challenge_responses;
} cog_filled_names;

extern const char cog_names[]; /* each ends with a NUL */
extern const cog_shape cog_shapes[];
extern const cog_member cog_members[];       /* by wire name in a shape */
extern const cog_operation cog_operations[]; /* sorted by name */
extern const uint16_t cog_errors[];          /* offsets into cog_names */
extern const cog_rule cog_rules[];
extern const cog_filled_names cog_filled;
extern const uint16_t cog_operation_count;
extern const char cog_target_prefix[]; /* of X-Amz-Target, no dot */
extern const char cog_signing_name[];

#endif
