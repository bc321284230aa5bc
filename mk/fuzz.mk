# Fuzzers: inputs that no one thought of, led by what they reach.

##@ Fuzz

# A target is spec/fuzz/NAME.c, or spec/fuzz/NAME.lua, which support/host.c runs.
FUZZ_C   = $(basename $(notdir $(wildcard spec/fuzz/*.c)))
FUZZ_LUA = $(filter-out %_spec,$(basename $(notdir $(wildcard spec/fuzz/*.lua))))
TARGETS ?= $(FUZZ_C) $(FUZZ_LUA)

# Unsigned numbers may wrap only where support/ignore.txt has the file.
FUZZING = LUA=lua5.4 BUILD=build/fuzz CC=clang FUZZ_MAIN=-fsanitize=fuzzer \
  CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow,integer \
  -fno-sanitize-recover=all -fsanitize-ignorelist=spec/fuzz/support/ignore.txt'

# Not LOCPATH: glibc loses what it makes of it.
FUZZ_RUN = LUA_PATH='$(FROM_HERE_LUA)' LUA_CPATH='$(FROM_HERE_C)' UBSAN_OPTIONS=print_stacktrace=1 \
  LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/lsan.supp:print_suppressions=0

# A shell that exports its own SECONDS says 0 here.
FUZZ_SECONDS = $(or $(filter-out 0,$(SECONDS)),600)
CHECK_TARGETS = scripts/check_words TARGETS '$(TARGETS)' among '$(sort $(FUZZ_C) $(FUZZ_LUA))'

fuzz: ## look for faults: SECONDS=600 for each of TARGETS="parse build"
	@scripts/check_words SECONDS '$(FUZZ_SECONDS)' number
	@$(CHECK_TARGETS)
	@$(MAKE) --no-print-directory fuzz-programs $(FUZZING)
	@$(FUZZ_RUN) scripts/fuzz run '$(FUZZ_SECONDS)' $(TARGETS)

fuzz-build:
	@$(MAKE) --no-print-directory fuzz-programs $(FUZZING)

fuzz-merge: ## keep what the runs have found, as little as reaches the same
	@$(CHECK_TARGETS)
	@$(MAKE) --no-print-directory fuzz-programs $(FUZZING)
	@$(FUZZ_RUN) scripts/fuzz merge 0 $(TARGETS)

# replay_spec.lua runs the Lua targets on every Lua, too.
fuzz-replay: for-asan ## what fuzzers have found, given to the targets in C once more
	@$(MAKE) --no-print-directory run-fuzz-replay $(SANITIZE)

run-fuzz-replay: fuzz-c
	@set -e; for name in $(FUZZ_C); do $(FUZZ_RUN) \
	  $(BUILD)/fuzz/$$name spec/fuzz/corpus/$$name; done

fuzz-programs: $(TARGETS:%=$(BUILD)/fuzz/%)

fuzz-c: $(FUZZ_C:%=$(BUILD)/fuzz/%)

# The main program is libFuzzer's, or ours.
FUZZ_MAIN ?= $(BUILD)/spec/fuzz/support/replay.o
FUZZ_LINK  = $(CC) $(CFLAGS) $(LDFLAGS) -pthread -Wl,--export-dynamic -o $@ $^ \
  $(filter -fsanitize=%,$(FUZZ_MAIN)) $(LUA_LIBS) $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS) -ldl -lm
FUZZ_CORE  = $(CORE_SRC:%=$(BUILD)/obj/%.o) $(filter %.o,$(FUZZ_MAIN))

$(FUZZ_C:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/spec/fuzz/%.o $(FUZZ_CORE)
	@mkdir -p $(@D)
	$(FUZZ_LINK)

$(BUILD)/fuzz/host: $(BUILD)/spec/fuzz/support/host.o $(FUZZ_CORE)
	@mkdir -p $(@D)
	$(FUZZ_LINK)

$(FUZZ_LUA:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/host
	ln -sf host $@

$(BUILD)/spec/fuzz/%.o: spec/fuzz/%.c spec/fuzz/support/fuzz.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Isrc -Ispec/fuzz/support -MMD -MP -c -o $@ $<

-include $(wildcard $(BUILD)/spec/fuzz/*.d $(BUILD)/spec/fuzz/support/*.d)

.PHONY: fuzz fuzz-build fuzz-merge fuzz-replay run-fuzz-replay fuzz-programs fuzz-c
