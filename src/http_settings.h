/*
 * http_settings.h: what an http object and one exchange are given.
 */
#ifndef COGNITO_HTTP_SETTINGS_H
#define COGNITO_HTTP_SETTINGS_H

/* Of one http object. Strings are copied. */
typedef struct cog_http_settings {
  double connect_timeout; /* seconds */
  double timeout;         /* seconds, the whole exchange */
  double max_response;    /* bytes, headers and body together */
  double max_connections; /* to one host; 0: as many as are wanted */
  double new_connections; /* begun in one step at most; 0: no such limit */
  int allow_http;         /* plain http to any host, not only loopback */
  const char *ca_file;    /* NULL: see http_trust.c */
  const char *ca_path;
  const char *proxy; /* NULL: the environment's; "": none */
} cog_http_settings;

/* Of one exchange. */
typedef struct cog_send_settings {
  double connect_timeout;
  double timeout;
  double max_idle; /* reuses only connections idle for less, seconds */
  int all_headers; /* this one and the next are for the outcome's reader */
  int timings;
  int direct; /* plain http to any host, and never through a proxy */
} cog_send_settings;

#define COG_MAX_IDLE 118 /* seconds; libcurl's default */

#endif
