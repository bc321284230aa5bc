/*
 * close_others.h: a program that is started gets the standard three
 * descriptors and no other, whatever the host left open without marking it.
 */
#ifndef COGNITO_CLOSE_OTHERS_H
#define COGNITO_CLOSE_OTHERS_H

#include <spawn.h>

/* To be planned last. Returns 0, or an errno. */
int cog_close_others(posix_spawn_file_actions_t *actions);

#endif
