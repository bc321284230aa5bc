/*
 * calls.c: calls of the system, of libcurl and of OpenSSL that can fail, and
 * do so when heap.c refuses them.
 *
 * The functions replace those of the same names in the whole process. All are
 * of one form, six words in and one out: the real ones take at most six
 * arguments, integers and pointers. Another name for the compiler keeps it from
 * comparing them with the declarations in headers.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "heap.h"

typedef long word;
typedef word function(word a, word b, word c, word d, word e, word f);

/* How a call may fare. */
enum {
  LIBRARY = 0,
  SYSTEM = 1,
  SLOW = 2,   /* a signal may interrupt it */
  PIECES = 4, /* it may take less than its third argument says */
  DONE = 8    /* it has its effect also when it fails */
};

typedef enum fate { RUNS, FAILS, INTERRUPTED, CUT } fate;

static fate fate_of(const void *caller, int how)
{
  if (stack_is_foreign(caller))
    return how & SYSTEM && heap_refuse(HEAP_THEIRS) ? FAILS : RUNS;
  if (!stack_is_ours(caller))
    return RUNS;
  if (heap_refuse(HEAP_CALLS))
    return FAILS;
  if (how & SLOW && heap_refuse(HEAP_SLOW))
    return INTERRUPTED;
  return how & PIECES && heap_refuse(HEAP_PIECES) ? CUT : RUNS;
}

static function *find(const char *name)
{
  function *found;
  heap_hold(1); /* a function may be called first after the refusal */
  *(void **)&found = dlsym(RTLD_NEXT, name);
  heap_hold(0);
  if (found == NULL) {
    fprintf(stderr, "calls.c: there is no %s\n", name);
    abort();
  }
  return found;
}

#define CALL(name, how, result, error)                                        \
  word call_##name(word a, word b, word c, word d, word e,                    \
                   word f) __asm__(#name);                                    \
  word call_##name(word a, word b, word c, word d, word e, word f)            \
  {                                                                           \
    static function *real;                                                    \
    if (real == NULL)                                                         \
      real = find(#name);                                                     \
    switch (heap_is_armed() ? fate_of(__builtin_return_address(0), how)       \
                            : RUNS) {                                         \
    case FAILS:                                                               \
      if ((how)&DONE)                                                         \
        real(a, b, c, d, e, f);                                               \
      errno = error;                                                          \
      return result;                                                          \
    case INTERRUPTED:                                                         \
      errno = EINTR;                                                          \
      return -1;                                                              \
    case CUT:                                                                 \
      return real(a, b, c > 1 ? 1 : c, d, e, f);                              \
    default:                                                                  \
      return real(a, b, c, d, e, f);                                          \
    }                                                                         \
  }

/* ---- the system ---- */

CALL(close, SYSTEM | DONE, -1, EIO)
CALL(connect, SYSTEM, -1, EACCES)
CALL(epoll_create1, SYSTEM, -1, EMFILE)
CALL(epoll_ctl, SYSTEM, -1, ENOSPC)
CALL(epoll_wait, SYSTEM | SLOW, -1, EBADF)
CALL(eventfd, SYSTEM, -1, EMFILE)
CALL(fchmod, SYSTEM, -1, EPERM)
CALL(fcntl, LIBRARY, -1, EMFILE) /* theirs set flags of sockets: no error */
CALL(flock, SYSTEM, -1, ENOLCK)
CALL(fopen, SYSTEM, 0, EMFILE)
CALL(fopen64, SYSTEM, 0, EMFILE)
CALL(fsync, SYSTEM, -1, EIO)
CALL(getpeername, SYSTEM, -1, ENOTCONN)
CALL(getrlimit, SYSTEM, -1, EFAULT)
CALL(getsockname, SYSTEM, -1, ENOBUFS)
CALL(getsockopt, SYSTEM, -1, ENOBUFS)
CALL(ioctl, SYSTEM, -1, ENOTTY)
CALL(isatty, SYSTEM, 0, ENOTTY)
CALL(kill, SYSTEM, -1, ESRCH)
CALL(mkdir, SYSTEM, -1, ENOSPC)
CALL(mkostemp, SYSTEM, -1, EMFILE)
CALL(nanosleep, SYSTEM | SLOW, -1, EINVAL)
CALL(open, SYSTEM, -1, EMFILE)
CALL(opendir, SYSTEM, 0, EMFILE)
CALL(pipe, SYSTEM, -1, EMFILE)
CALL(pipe2, SYSTEM, -1, EMFILE)
CALL(poll, SYSTEM | SLOW, -1, ENOMEM)
CALL(posix_spawn_file_actions_addclosefrom_np, SYSTEM, ENOMEM, ENOMEM)
CALL(posix_spawn_file_actions_adddup2, SYSTEM, ENOMEM, ENOMEM)
CALL(posix_spawn_file_actions_addopen, SYSTEM, ENOMEM, ENOMEM)
CALL(posix_spawn_file_actions_init, SYSTEM, ENOMEM, ENOMEM)
CALL(posix_spawnattr_init, SYSTEM, ENOMEM, ENOMEM)
CALL(posix_spawnattr_setflags, SYSTEM, EINVAL, EINVAL)
CALL(posix_spawnp, SYSTEM, EAGAIN, EAGAIN)
CALL(ppoll, SYSTEM | SLOW, -1, ENOMEM)
CALL(pread, SYSTEM | SLOW | PIECES, -1, EIO)
CALL(pwrite, SYSTEM | SLOW | PIECES, -1, EIO)
CALL(read, SYSTEM | SLOW | PIECES, -1, EIO)
CALL(realpath, SYSTEM, 0, ELOOP)
CALL(recv, SYSTEM, -1, ECONNRESET)
CALL(rename, SYSTEM, -1, EXDEV)
CALL(send, SYSTEM, -1, ECONNRESET)
CALL(setrlimit, SYSTEM, -1, EPERM)
CALL(setsockopt, SYSTEM, -1, ENOBUFS)
CALL(socket, SYSTEM, -1, EMFILE)
CALL(socketpair, SYSTEM, -1, EMFILE)
CALL(tcgetattr, SYSTEM, -1, EIO)
CALL(tcsetattr, SYSTEM, -1, EIO)
CALL(unlink, SYSTEM, -1, EACCES)
CALL(waitpid, SYSTEM | SLOW, -1, ECHILD)
CALL(write, SYSTEM | SLOW | PIECES, -1, ENOSPC)

/* Before glibc 2.33 these had other names, and are not called by these. */
CALL(fstat, SYSTEM, -1, EOVERFLOW)
CALL(lstat, SYSTEM, -1, EACCES)
CALL(stat, SYSTEM, -1, EACCES)

/* ---- libcurl: CURLE_OUT_OF_MEMORY and its kin ---- */

CALL(curl_easy_getinfo, LIBRARY, 27, 0)
CALL(curl_easy_init, LIBRARY, 0, 0)
CALL(curl_easy_recv, LIBRARY, 56, 0)
CALL(curl_easy_send, LIBRARY, 55, 0)
CALL(curl_easy_setopt, LIBRARY, 27, 0)
CALL(curl_multi_add_handle, LIBRARY, 3, 0)
CALL(curl_multi_init, LIBRARY, 0, 0)
CALL(curl_multi_setopt, LIBRARY, 6, 0)
CALL(curl_multi_socket_action, LIBRARY | DONE, 4, 0)
CALL(curl_share_init, LIBRARY, 0, 0)
CALL(curl_share_setopt, LIBRARY, 4, 0)
CALL(curl_url, LIBRARY, 0, 0)
CALL(curl_url_get, LIBRARY, 7, 0)
CALL(curl_url_set, LIBRARY, 7, 0)

/* ---- OpenSSL ---- */

CALL(BIO_new_mem_buf, LIBRARY, 0, 0)
CALL(BN_CTX_new, LIBRARY, 0, 0)
CALL(BN_MONT_CTX_new, LIBRARY, 0, 0)
CALL(BN_MONT_CTX_set, LIBRARY, 0, 0)
CALL(BN_add, LIBRARY, 0, 0)
CALL(BN_bin2bn, LIBRARY, 0, 0)
CALL(BN_bn2binpad, LIBRARY, -1, 0)
CALL(BN_get_rfc3526_prime_3072, LIBRARY, 0, 0)
CALL(BN_mod_add, LIBRARY, 0, 0)
CALL(BN_mod_exp, LIBRARY, 0, 0)
CALL(BN_mod_exp_mont_consttime, LIBRARY, 0, 0)
CALL(BN_mod_mul, LIBRARY, 0, 0)
CALL(BN_mod_sub, LIBRARY, 0, 0)
CALL(BN_mul, LIBRARY, 0, 0)
CALL(BN_new, LIBRARY, 0, 0)
CALL(BN_set_word, LIBRARY, 0, 0)
CALL(EVP_DecodeBlock, LIBRARY, -1, 0)
CALL(EVP_Digest, LIBRARY, 0, 0)
CALL(EVP_DigestFinal_ex, LIBRARY, 0, 0)
CALL(EVP_DigestInit_ex, LIBRARY, 0, 0)
CALL(EVP_DigestSign, LIBRARY, 0, 0)
CALL(EVP_DigestSignInit, LIBRARY, 0, 0)
CALL(EVP_DigestUpdate, LIBRARY, 0, 0)
CALL(EVP_MD_CTX_copy_ex, LIBRARY, 0, 0)
CALL(EVP_MD_CTX_new, LIBRARY, 0, 0)
CALL(EVP_MD_fetch, LIBRARY, 0, 0)
CALL(EVP_PKEY_CTX_new_id, LIBRARY, 0, 0)
CALL(EVP_PKEY_CTX_set_rsa_keygen_bits, LIBRARY, 0, 0)
CALL(EVP_PKEY_keygen, LIBRARY, 0, 0)
CALL(EVP_PKEY_keygen_init, LIBRARY, 0, 0)
CALL(PEM_read_bio_PrivateKey, LIBRARY, 0, 0)
CALL(RAND_bytes, LIBRARY, 0, 0)
CALL(RAND_priv_bytes, LIBRARY, 0, 0)
CALL(d2i_ECDSA_SIG, LIBRARY, 0, 0)
CALL(i2d_PUBKEY, LIBRARY, -1, 0)
