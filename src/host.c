/*
 * host.c: see host.h.
 */
#include "host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "ascii.h"

/* ---- IPv4 ---- */

/* Four decimal numbers without leading zeros, each less than 256. */
static int read_plain4(cog_str host, struct in_addr *address)
{
  char text[INET_ADDRSTRLEN];
  if (host.n == 0 || host.n >= sizeof text)
    return 0;
  memcpy(text, host.p, host.n);
  text[host.n] = '\0';
  return strlen(text) == host.n && inet_pton(AF_INET, text, address) == 1;
}

/* Takes a number off the front: decimal, octal behind 0, hexadecimal behind
 * 0x. */
static int take_number(cog_str *s, unsigned long *number)
{
  size_t i = 0;
  int base = 10, digit, digits = 0;
  if (s->n > 0 && s->p[0] == '0')
    base = s->n > 1 && cog_lower(s->p[1]) == 'x' ? 16 : 8;
  if (base == 16)
    i = 2;
  for (*number = 0; i < s->n; i++, digits++) {
    digit = cog_hex_value(s->p[i]);
    if (digit < 0 || digit >= base)
      break;
    *number = *number * (unsigned long)base + (unsigned long)digit;
    if (*number > 0xffffffffUL)
      return 0;
  }
  s->p += i;
  s->n -= i;
  return digits > 0;
}

/* One to four numbers between points; all but the last are a byte each. */
static int take_numbers(cog_str s, unsigned long numbers[4])
{
  int n;
  for (n = 0; n < 4; n++) {
    if (!take_number(&s, &numbers[n]))
      return 0;
    if (s.n == 0)
      return n + 1;
    if (*s.p != '.' || numbers[n] > 255)
      return 0;
    s.p++;
    s.n--;
  }
  return 0;
}

/* In any spelling that inet_aton(3), and with it libcurl, knows. */
static int read_any4(cog_str host, unsigned char bytes[4])
{
  unsigned long numbers[4], rest;
  int n = take_numbers(host, numbers), i;
  if (n == 0)
    return 0;
  rest = numbers[n - 1];
  if (rest > 0xffffffffUL >> 8 * (n - 1))
    return 0;
  for (i = 0; i < 4; i++)
    bytes[i] =
        (unsigned char)(i < n - 1 ? numbers[i] : rest >> 8 * (3 - i) & 0xff);
  return 1;
}

/* ---- IPv6 ---- */

static int has_brackets(cog_str host)
{
  return host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
}

static int read6(cog_str host, struct in6_addr *address)
{
  char text[INET6_ADDRSTRLEN];
  size_t n;
  if (!has_brackets(host))
    return 0;
  n = host.n - 2;
  if (n >= sizeof text)
    return 0;
  memcpy(text, host.p + 1, n);
  text[n] = '\0';
  return strlen(text) == n && inet_pton(AF_INET6, text, address) == 1;
}

/* libcurl keeps the spelling unless another one is shorter. */
static void write6(const struct in6_addr *address, cog_str host, char *to)
{
  char shortest[INET6_ADDRSTRLEN] = "";
  size_t n = host.n - 2, i;
  inet_ntop(AF_INET6, address, shortest, sizeof shortest);
  if (strlen(shortest) < n) {
    (void)snprintf(to, COG_ADDRESS_SIZE, "[%s]", shortest);
    return;
  }
  for (i = 0; i < host.n; i++)
    to[i] = cog_lower(host.p[i]);
  to[host.n] = '\0';
}

/* ---- names ---- */

static int is_name(cog_str s)
{
  size_t i;
  for (i = 0; i < s.n; i++)
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): NUL is no name. */
    if (!cog_is_alnum(s.p[i]) && memchr("-._", s.p[i], 3) == NULL)
      return 0;
  return s.n > 0 && s.n <= 253;
}

int cog_is_host_label(cog_str s)
{
  size_t i;
  if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
    return 0;
  for (i = 0; i < s.n; i++)
    if (!cog_is_alnum(s.p[i]) && s.p[i] != '-')
      return 0;
  return 1;
}

static int is_localhost(cog_str name)
{
  static const char localhost[] = ".localhost";
  size_t n = sizeof localhost - 1;
  if (name.n == n - 1)
    return cog_is_word(name, localhost + 1);
  return name.n >= n &&
         cog_is_word((cog_str){name.p + name.n - n, n}, localhost);
}

/* ---- all of them ---- */

cog_host_kind cog_host_read(cog_str host, char address[COG_ADDRESS_SIZE])
{
  unsigned char bytes[4];
  struct in6_addr address6;
  address[0] = '\0';
  if (read6(host, &address6)) {
    write6(&address6, host, address);
    return COG_HOST_ADDRESS;
  }
  if (!is_name(host))
    return COG_HOST_WRONG;
  if (!read_any4(host, bytes))
    return COG_HOST_NAME;
  (void)snprintf(address, COG_ADDRESS_SIZE, "%d.%d.%d.%d", bytes[0], bytes[1],
                 bytes[2], bytes[3]);
  return COG_HOST_ADDRESS;
}

int cog_is_loopback(cog_str host)
{
  struct in_addr address;
  struct in6_addr address6;
  if (read6(host, &address6))
    return IN6_IS_ADDR_LOOPBACK(&address6) != 0;
  return read_plain4(host, &address) && memcmp(host.p, "127.", 4) == 0;
}

/* "::ffff:127.0.0.1" leads there, too. */
static int is_mapped_loopback(const struct in6_addr *address)
{
  return IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127;
}

int cog_is_this_machine(cog_str host)
{
  unsigned char bytes[4];
  struct in6_addr address6;
  if (host.n > 0 && host.p[host.n - 1] == '.')
    host.n--;
  if (read6(host, &address6))
    return IN6_IS_ADDR_LOOPBACK(&address6) || is_mapped_loopback(&address6);
  return (read_any4(host, bytes) && bytes[0] == 127) || is_localhost(host);
}
