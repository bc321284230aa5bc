/*
 * replay.c: gives a target the inputs of folders and files, without
 * libFuzzer: TARGET PATH...
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

/* ASan's, where there is ASan. */
void __attribute__((weak)) __sanitizer_set_death_callback(void (*f)(void));

static const char *current; /* the path of the input */

int __attribute__((weak)) LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  return 0;
}

static void name_input(void)
{
  static const char words[] = "the input: ";
  if (current != NULL && write(STDERR_FILENO, words, sizeof words - 1) > 0 &&
      write(STDERR_FILENO, current, strlen(current)) > 0 &&
      write(STDERR_FILENO, "\n", 1) > 0)
    current = NULL;
}

static void on_abort(int signal_number)
{
  (void)signal_number;
  name_input();
}

static int give_up(const char *path)
{
  perror(path);
  return 0;
}

/* The input lies in a block of its own size, so that ASan knows its end. */
static int give(const char *path, size_t size)
{
  uint8_t *data = malloc(size > 0 ? size : 1);
  FILE *file = fopen(path, "rb");
  size_t n;
  if (file == NULL || data == NULL)
    return give_up(path);
  n = fread(data, 1, size, file);
  fclose(file);
  current = path;
  if (n == size)
    LLVMFuzzerTestOneInput(data, size);
  current = NULL;
  free(data);
  return n == size || give_up(path);
}

static int is_file(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

static int replay(const char *path, unsigned *count);

static int replay_folder(const char *folder, unsigned *count)
{
  struct dirent **entries;
  char path[4096];
  int n = scandir(folder, &entries, is_file, alphasort), i, good = n >= 0;
  for (i = 0; i < n; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    good = replay(path, count) && good;
    free(entries[i]);
  }
  if (n >= 0)
    free(entries);
  return n >= 0 ? good : give_up(folder);
}

static int replay(const char *path, unsigned *count)
{
  struct stat facts;
  if (stat(path, &facts) != 0)
    return give_up(path);
  if (S_ISDIR(facts.st_mode))
    return replay_folder(path, count);
  ++*count;
  return give(path, (size_t)facts.st_size);
}

int main(int argc, char **argv)
{
  unsigned count = 0;
  int i, good = 1;
  signal(SIGABRT, on_abort);
  if (__sanitizer_set_death_callback != NULL)
    __sanitizer_set_death_callback(name_input);
  LLVMFuzzerInitialize(&argc, &argv);
  for (i = 1; i < argc; i++)
    good = replay(argv[i], &count) && good;
  printf("%s: %u inputs\n", argv[0], count);
  return good && count > 0 ? 0 : 1;
}
