/*
 * soak_server.c CALLS [CHANCE [PORT]]: a service that misbehaves in every way
 * of soak_faults.h, each with so many of 1,000 requests (those that wait: a
 * tenth of that), and counts how often it carried out each of so many calls.
 * A call is known by the name in its body: soak- and ten digits. It prints its
 * port and ends with its standard input.
 *
 *   GET /counts/FROM/N   a digit for each call of the range; "wait" while a
 *                        request is still to be carried out
 *   GET /faults          connections that are open, requests, executions; and
 *                        how often each fault has happened
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "soak_faults.h"

#define MOST    1024    /* connections */
#define REFUSES 3       /* ms for which nothing listens */
#define RANGE   50000ul /* calls that are asked for at once */
#define NAME    "soak-" /* before the number of a call */
#define DIGITS  10

typedef struct peer {
  int fd;
  size_t got;
  char in[8192];
  /* The fault ahead; none where `fault` is null. */
  const soak_fault *fault;
  unsigned long call;
  double due; /* negative: never */
  size_t sent;
} peer;

static peer *peers[MOST];
static int npeers, unfinished; /* the latter: to be carried out yet */
static unsigned char *counts;
static unsigned long calls, requests, executions;
static struct sockaddr_in address;
static int listener = -1;
static double listens_at; /* while there is no listener */

static void must(int condition, const char *what)
{
  if (condition)
    return;
  perror(what);
  exit(1);
}

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- sockets ---- */

static int bound(void)
{
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  must(fd >= 0, "socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  must(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  return fd;
}

/* The first socket never listens: the port stays ours while none does. */
static void take_port(int port)
{
  socklen_t length = sizeof address;
  int fd;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((unsigned short)port);
  fd = bound();
  must(getsockname(fd, (struct sockaddr *)&address, &length) == 0, "port");
}

static void start_to_listen(void)
{
  listener = bound();
  must(listen(listener, 1024) == 0, "listen");
  fcntl(listener, F_SETFL, O_NONBLOCK);
}

static void refuse_for_a_moment(void)
{
  if (listener < 0)
    return;
  close(listener);
  listener = -1;
  listens_at = now() + REFUSES;
}

static void end(peer *p, int reset)
{
  struct linger at_once = {1, 0};
  if (reset)
    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(p->fd);
  p->fd = -1;
}

/* A reply is shorter than any buffer of the system. */
static void say(peer *p, const char *text, size_t n)
{
  ssize_t sent = send(p->fd, text, n, MSG_NOSIGNAL);
  (void)sent; /* the client may have gone */
}

/* ---- faults ---- */

static void carry_out(unsigned long call)
{
  executions++;
  if (call < calls && counts[call] < 9)
    counts[call]++;
}

static void finish(peer *p, const soak_fault *f)
{
  p->fault = NULL;
  p->got = 0;
  if (f->ends == SOAK_REFUSE)
    refuse_for_a_moment();
  if (f->ends != SOAK_KEEP)
    end(p, f->ends == SOAK_RESET);
}

/* The part of a reply that is due. */
static void reply(peer *p)
{
  static char text[SOAK_LONGEST];
  const soak_fault *f = p->fault;
  size_t n = soak_write(f, p->call, text);
  if (f->carried == SOAK_LATE && p->sent == 0) {
    carry_out(p->call);
    unfinished--;
  }
  if (f->piece > 0 && p->sent + f->piece < n) {
    say(p, text + p->sent, f->piece);
    p->sent += f->piece;
    p->due = now() + 1;
    return;
  }
  say(p, text + p->sent, n - p->sent);
  if (f->ends == SOAK_SILENT)
    p->due = -1;
  else
    finish(p, f);
}

static void answer(peer *p, unsigned long call)
{
  const soak_fault *f = soak_draw(SOAK_REQUEST);
  p->fault = f;
  p->call = call;
  p->sent = 0;
  p->due = now() + f->delay;
  requests++;
  if (f->carried == SOAK_AT_ONCE)
    carry_out(call);
  unfinished += f->carried == SOAK_LATE;
  if (f->delay == 0)
    reply(p);
}

/* ---- questions about the counts ---- */

static void tell(peer *p, const char *body, size_t n)
{
  char head[128];
  int length = snprintf(head, sizeof head,
                        "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n);
  fcntl(p->fd, F_SETFL, 0); /* all of it */
  say(p, head, (size_t)length);
  say(p, body, n);
  fcntl(p->fd, F_SETFL, O_NONBLOCK);
}

static void tell_counts(peer *p, unsigned long from, unsigned long n)
{
  static char digits[RANGE];
  unsigned long i;
  if (unfinished > 0) {
    tell(p, "wait", 4);
    return;
  }
  for (i = 0; i < n && i < RANGE && from + i < calls; i++)
    digits[i] = (char)('0' + counts[from + i]);
  tell(p, digits, i);
}

static void tell_faults(peer *p)
{
  char text[SOAK_FAULTS * 96];
  int i, n = snprintf(text, sizeof text, "%d %lu %lu\n", npeers - 1, requests,
                      executions);
  for (i = 0; soak_faults[i].name != NULL; i++)
    n += snprintf(text + n, sizeof text - (size_t)n, "%lu %s\n",
                  soak_happened[i], soak_faults[i].name);
  tell(p, text, (size_t)n);
}

static void inform(peer *p)
{
  unsigned long from, n;
  if (sscanf(p->in, "GET /counts/%lu/%lu ", &from, &n) == 2)
    tell_counts(p, from, n);
  else
    tell_faults(p);
  p->got = 0;
}

/* ---- requests ---- */

/* The bytes of the request, 0 while some are missing. */
static size_t length_of(const peer *p)
{
  static const char name[] = "\r\ncontent-length:";
  const char *end_of_head = strstr(p->in, "\r\n\r\n");
  const char *length = strcasestr(p->in, name);
  size_t n;
  if (end_of_head == NULL)
    return 0;
  n = (size_t)(end_of_head - p->in) + 4;
  if (length != NULL && length < end_of_head)
    n += strtoul(length + sizeof name - 1, NULL, 10);
  return n <= p->got ? n : 0;
}

static unsigned long call_of(const peer *p)
{
  const char *at = strstr(strstr(p->in, "\r\n\r\n"), NAME);
  char digits[DIGITS + 1] = "";
  if (at == NULL)
    return ~0ul;
  strncpy(digits, at + sizeof NAME - 1, DIGITS);
  return strtoul(digits, NULL, 10);
}

static void hear(peer *p)
{
  ssize_t n = recv(p->fd, p->in + p->got, sizeof p->in - 1 - p->got, 0);
  if (n <= 0) {
    if (n == 0 || (errno != EAGAIN && errno != EINTR))
      end(p, 0);
    return;
  }
  p->got += (size_t)n;
  p->in[p->got] = '\0';
  if (length_of(p) == 0)
    return;
  if (strncmp(p->in, "GET ", 4) == 0)
    inform(p);
  else
    answer(p, call_of(p));
}

/* Of a client that waits in vain. */
static void hear_the_end(peer *p)
{
  char byte;
  ssize_t n = recv(p->fd, &byte, 1, 0);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    end(p, 0);
}

static void welcome(void)
{
  int fd = accept(listener, NULL, NULL), on = 1;
  const soak_fault *f;
  peer *p;
  if (fd < 0)
    return;
  must(npeers < MOST, "too many connections");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  p = calloc(1, sizeof *p);
  must(p != NULL, "memory");
  p->fd = fd;
  peers[npeers++] = p;
  f = soak_draw(SOAK_ACCEPTED);
  if (f->name != NULL) {
    p->fault = f;
    reply(p);
  }
}

/* ---- the loop ---- */

/* Whether more of its reply is to be sent by that time. */
static int is_due(const peer *p, double time)
{
  return p->fault != NULL && p->due >= 0 && p->due <= time;
}

/* Milliseconds until something is due. */
static int patience(void)
{
  double time = now(), first = time + 1000;
  int i;
  if (listener < 0)
    first = listens_at;
  for (i = 0; i < npeers; i++)
    if (is_due(peers[i], first))
      first = peers[i]->due;
  return first > time ? (int)(first - time) + 1 : 0;
}

static void go_on(const struct pollfd *polled, int n)
{
  int i;
  double time = now();
  for (i = 0; i < n; i++) {
    peer *p = peers[i];
    if (is_due(p, time))
      reply(p);
    else if (polled[i].revents != 0 && p->fault != NULL)
      hear_the_end(p);
    else if (polled[i].revents != 0)
      hear(p);
  }
}

static void forget_ended(void)
{
  int i, n = 0;
  for (i = 0; i < npeers; i++)
    if (peers[i]->fd < 0)
      free(peers[i]);
    else
      peers[n++] = peers[i];
  npeers = n;
}

/* A client that has gone does not keep its request from being carried out:
 * while something is to come, its connection is not read. */
static int await(struct pollfd *polled)
{
  int i;
  polled[0].fd = listener;
  polled[1].fd = STDIN_FILENO;
  for (i = 0; i < npeers; i++)
    polled[2 + i].fd = is_due(peers[i], HUGE_VAL) ? -1 : peers[i]->fd;
  for (i = 0; i < 2 + npeers; i++)
    polled[i].events = POLLIN;
  i = poll(polled, (nfds_t)npeers + 2, patience());
  must(i >= 0 || errno == EINTR, "poll");
  return i;
}

/* Returns whether it goes on. */
static int turn(void)
{
  static struct pollfd polled[MOST + 2];
  int any = await(polled);
  go_on(polled + 2, npeers);
  forget_ended();
  if (listener < 0 && now() >= listens_at)
    start_to_listen();
  else if (any > 0 && polled[0].revents != 0)
    welcome();
  return any <= 0 || polled[1].revents == 0;
}

int main(int argc, char **argv)
{
  must(argc > 1, "soak_server CALLS [CHANCE [PORT]]");
  calls = strtoul(argv[1], NULL, 10);
  soak_make_decks(argc > 2 ? atoi(argv[2]) : 10);
  counts = calloc(calls + 1, 1);
  must(counts != NULL, "memory");
  take_port(argc > 3 ? atoi(argv[3]) : 0);
  start_to_listen();
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  while (turn())
    ;
  return 0;
}
