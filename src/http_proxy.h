/*
 * http_proxy.h: the URL of a proxy, looked at before libcurl does. What
 * libcurl makes of a faulty one may be another host, and its message would
 * hold the password.
 */
#ifndef COGNITO_HTTP_PROXY_H
#define COGNITO_HTTP_PROXY_H

#define COG_PROXY_USER 2048 /* bytes: the longest user and password */

/* What is wrong with it, as the end of a sentence; NULL: nothing. */
const char *cog_check_proxy(const char *url);

/* The variable in which libcurl finds a proxy, for plain http or for https;
 * NULL: none. `value` is what it holds. */
const char *cog_proxy_variable(int plain, const char **value);

#endif
