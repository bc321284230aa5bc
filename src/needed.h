/*
 * needed.h: the oldest libcurl and OpenSSL that the library is tested with.
 *
 * The Makefile compares the headers with them, and each module the libraries
 * in the process when it is opened. Older ones work most of the time, which
 * is not enough: libcurl 7.74 sends a GET again without asking, and waits for
 * a dead name server when it closes.
 */
#ifndef COGNITO_NEEDED_H
#define COGNITO_NEEDED_H

#define COG_CURL_NEEDED         0x075800
#define COG_CURL_NEEDED_TEXT    "7.88"
#define COG_OPENSSL_NEEDED      0x10101000
#define COG_OPENSSL_NEEDED_TEXT "1.1.1"

#endif
