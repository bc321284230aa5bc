/*
 * http_tls.h: the TLS library below libcurl.
 */
#ifndef COGNITO_HTTP_TLS_H
#define COGNITO_HTTP_TLS_H

#include <curl/curl.h>

/* Has the connections that this handle opens keep no byte that libcurl has
 * read from them, where that can be asked for. */
CURLcode cog_tls_keep_nothing(CURL *easy);

/* Of a connection that libcurl reports as ended: whether TLS said so, too. What
 * cannot be known is no. */
int cog_tls_has_ended(CURL *easy);

#endif
