/*
 * tls.c: the floor of TLS itself: one OpenSSL socket, and as little HTTP as
 * the replies of the bench's own server need.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include "request.h"

typedef struct client {
  request r;
  SSL *ssl;
} client;

static int open_socket(const char *host, const char *port)
{
  struct addrinfo hints = {0}, *found;
  int fd, on = 1;
  hints.ai_socktype = SOCK_STREAM;
  bench_must(getaddrinfo(host, port, &hints, &found) == 0, "getaddrinfo");
  fd = socket(found->ai_family, SOCK_STREAM, 0);
  bench_must(connect(fd, found->ai_addr, found->ai_addrlen) == 0, "connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  freeaddrinfo(found);
  return fd;
}

static SSL *open_tls(const bench *b)
{
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  SSL *ssl;
  char host[64];
  const char *colon = strchr(b->host, ':');
  snprintf(host, sizeof host, "%.*s", (int)(colon - b->host), b->host);
  bench_must(SSL_CTX_load_verify_locations(context, NULL, b->ca_path),
             "CA_PATH");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  ssl = SSL_new(context);
  SSL_set_fd(ssl, open_socket(host, colon + 1));
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
  bench_must(SSL_connect(ssl) == 1, "SSL_connect");
  return ssl;
}

static int write_request(const request *r, char *to)
{
  char *end = to;
  int i;
  end += sprintf(end, "POST / HTTP/1.1\r\nHost: %s\r\n", r->b->host);
  for (i = 0; i < r->nlines; i++)
    end += sprintf(end, "%s\r\n", r->lines[i]);
  end +=
      sprintf(end, "Content-Length: %zu\r\n\r\n%s", strlen(r->body), r->body);
  return (int)(end - to);
}

/* Whether the reply is all there. */
static int is_complete(const char *reply, size_t n)
{
  static const char name[] = "\r\nContent-Length: ";
  const char *body = strstr(reply, "\r\n\r\n");
  const char *length = strstr(reply, name);
  return body != NULL && length != NULL &&
         n == (size_t)(body - reply) + 4 +
                  strtoul(length + sizeof name - 1, NULL, 10);
}

static void call(void *arg)
{
  client *c = arg;
  char buffer[4096];
  size_t got = 0;
  int n;
  request_sign(&c->r);
  n = write_request(&c->r, buffer);
  bench_must(SSL_write(c->ssl, buffer, n) == n, "SSL_write");
  do {
    n = SSL_read(c->ssl, buffer + got, (int)(sizeof buffer - 1 - got));
    bench_must(n > 0, "SSL_read");
    got += (size_t)n;
    buffer[got] = '\0';
  } while (!is_complete(buffer, got));
  bench_must(strncmp(buffer, "HTTP/1.1 200", 12) == 0, "the call");
}

int main(int argc, char **argv)
{
  bench b = bench_arguments(argc, argv);
  client c;
  request_init(&c.r, &b);
  c.ssl = open_tls(&b);
  bench_run(b.calls, call, &c);
  return 0;
}
