/*
 * http_trust.h: which certificate authorities a connection trusts.
 */
#ifndef COGNITO_HTTP_TRUST_H
#define COGNITO_HTTP_TRUST_H

#include "http_settings.h"

/* Fills in ca_file or ca_path where the caller named neither. Both stay NULL
 * where only libcurl knows what to trust. */
void cog_trust_choose(cog_http_settings *s);

#endif
