/*
 * fuzz.h: what libFuzzer, or replay.c in its place, calls in a target.
 *
 * A target returns 0, or ends the process where it finds a fault.
 */
#ifndef COGNITO_FUZZ_H
#define COGNITO_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Once, with the program's arguments. A target may leave it out. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* For every input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
