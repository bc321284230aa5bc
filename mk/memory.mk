# C code under sanitizers and valgrind, with refused memory, and with
# finalizers in every place.

# The interpreter is not instrumented, so the runtime has to come first.
SANITIZE = BUILD=build/$(LUA)-asan CC=gcc CFLAGS='-O1 -g -fno-omit-frame-pointer \
  -fsanitize=address,undefined -fno-sanitize-recover=undefined'

sanitize: for-asan ## the specs with the C core under ASan, UBSan and LSan
	@$(MAKE) --no-print-directory run-sanitized $(SANITIZE)

run-sanitized:
	@$(RUN) LD_PRELOAD=$$(gcc -print-file-name=libasan.so) SEND_MATRIX=typical \
	  ASAN_OPTIONS=detect_leaks=$(or $(LEAKS),1) UBSAN_OPTIONS=print_stacktrace=1 \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/lsan.supp:print_suppressions=0 \
	  $(BUSTED) $(or $(SPEC),$(NATIVE_SPECS))

# Only the interpreter that starts the threads can bear TSan's runtime.
TSAN = BUILD=build/$(LUA)-tsan CC=gcc CFLAGS='-O1 -g -fsanitize=thread'

sanitize-threads: build spec-libs for-tsan ## the threads' specs with the C core under TSan
	@$(RUN) TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/tsan.supp \
	  THREADS_PRELOAD=$$(gcc -print-file-name=libtsan.so) \
	  THREADS_CPATH='$(CURDIR)/build/$(LUA)-tsan/?.so;;' \
	  $(BUSTED) spec/core/threads_spec.lua

# On LuaJIT, whose own memory valgrind does not see.
valgrind: ## the specs on LuaJIT under valgrind (six minutes)
	@$(MAKE) --no-print-directory run-valgrind LUA=luajit

valgrind-quick: ## those that run C code
	@$(MAKE) --no-print-directory run-valgrind LUA=luajit SPEC='$(C_SPECS)'

# It turns vfork into fork, where posix_spawn cannot tell that there is no such
# program.
run-valgrind: build spec-libs
	@$(RUN) VALGRIND_LUA='$(LUA)' scripts/calm '$(CURDIR)/scripts/valgrind' scripts/busted.lua \
	  --filter-out=finds.programs.as.a.shell \
	  --filter-out=leaves.no.process.and.no.descriptor \
	  --filter-out=runs.without.a.shell $(BUSTED_FLAGS) $(SPEC)

# Every so many instructions all garbage goes, and ASan reports code that still uses
# it. One spec waits for the collector to come at a certain place.
GC_STRESS ?= 1000
GC_FLAGS   = --helper=spec/support/gc_stress.lua \
             --filter-out=finalizer.while.an.outcome

gc-stress: ## what runs C code, garbage collected all the time
	@GC_STRESS=$(GC_STRESS) $(MAKE) --no-print-directory sanitize LEAKS=0 \
	  SPEC='$(or $(SPEC),$(C_SPECS))' BUSTED_FLAGS='$(BUSTED_FLAGS) $(GC_FLAGS)'

gc-stress-all: ## all specs, collected less often (five minutes)
	@$(MAKE) --no-print-directory gc-stress GC_STRESS=100000 SPEC=spec

# Refused memory, once for every place that asks for it, and failing calls.
torture: ## every place, with and without ASan (fifteen minutes)
	@$(MAKE) --no-print-directory run-torture
	@$(MAKE) --no-print-directory run-torture $(SANITIZE)

torture-quick: ## every place that builds, parses and signs, some of whole calls
	@$(MAKE) --no-print-directory run-torture QUICK=quick

torture-calls: ## every call of the system, libcurl and OpenSSL fails once
	@$(MAKE) --no-print-directory run-torture QUICK=calls

run-torture: build $(BUILD)/spec/c/inside.so $(BUILD)/torture
	@$(RUN) python3 spec/torture/run.py $(LUA) $(BUILD)/torture $(QUICK)

# It replaces malloc for all libraries, so it has to be seen; and from the
# first moment on, when ASan cannot bear to be asked yet.
TORTURE_OBJ = $(patsubst %,$(BUILD)/spec/c/%.o,torture tally heap calls stack)

$(BUILD)/torture: $(TORTURE_OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--export-dynamic -o $@ $^ \
	  $(LUA_LIBS) -Wl,--no-as-needed $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS) -ldl

$(TORTURE_OBJ): $(BUILD)/spec/c/%.o: spec/c/%.c $(wildcard spec/c/*.h) $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -fvisibility=default -fno-builtin -fno-sanitize=all -c -o $@ $<

# A finalizer in every place where Lua may collect garbage. The interpreter
# takes its memory from malloc, or ASan would know nothing of LuaJIT's.
reentry: ## every function of the core, and finalizers that do their worst
	@$(MAKE) --no-print-directory reentry-lua5.4 reentry-luajit

reentry-quick: ## a dozen places of each
	@$(MAKE) --no-print-directory reentry-lua5.4 reentry-luajit REENTRY=quick

reentry-%:
	@$(MAKE) --no-print-directory reentry-sanitized LUA=$*

reentry-sanitized:
	@$(MAKE) --no-print-directory run-reentry $(SANITIZE)

run-reentry: build $(BUILD)/malloc_lua
	@$(RUN) LD_PRELOAD=$$(gcc -print-file-name=libasan.so) \
	  ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
	  python3 spec/reentry/run.py $(BUILD)/malloc_lua $(or $(REENTRY),all) $(ROWS)

# The code for systems without closefrom, on this one.
$(BUILD)/spec/c/closes: spec/c/closes.c src/close_others.c src/close_others.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -fno-sanitize=all $(LDFLAGS) -o $@ $<

# A service that misbehaves, and counts.
$(BUILD)/spec/c/soak_server: spec/c/soak_server.c spec/c/soak_faults.c spec/c/soak_faults.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -fno-sanitize=all $(LDFLAGS) -o $@ $(filter %.c,$^)

# A host that wipes what Lua frees.
$(BUILD)/spec/c/wiping_lua: spec/c/wiping_lua.c spec/c/script.h src/compat.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -fno-sanitize=all -Isrc $(LDFLAGS) -Wl,--export-dynamic -o $@ $< $(LUA_LIBS) $(CURL_LIBS) $(CRYPTO_LIBS)

$(BUILD)/malloc_lua: spec/c/malloc_lua.c spec/c/script.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -fno-sanitize=all $(LDFLAGS) -Wl,--export-dynamic -o $@ $< $(LUA_LIBS)

# The distribution's Lua, made unforgiving; it finds modules where the one that
# is installed does.
HARD     = build/hard-lua
HARD_RUN = LUA_PATH='$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$(CURDIR)/?.lua;'"$$(lua5.4 -e 'io.write(package.path)')" \
  LUA_CPATH='$(CURDIR)/build/lua5.4-asan/?.so;'"$$(lua5.4 -e 'io.write(package.cpath)')" \
  ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1

hard-lua: $(HARD)/lua ## what runs C code, in a Lua that checks all and collects everywhere
	@$(MAKE) --no-print-directory run-hard-lua $(SANITIZE)

# Descriptions of all operations take minutes there, and others are of the same code.
HARD_FLAGS = --filter-out=works.for.every.operation --filter-out=without.a.body.is

# A process for each file: to collect everywhere takes as long as there is garbage
# to look through, and busted keeps all that it has run.
run-hard-lua: build spec-libs
	@$(HARD_RUN) python3 spec/reentry/run.py $(HARD)/lua quick
	@status=0; for file in $(or $(SPEC),$(C_SPECS)); do \
	  $(HARD_RUN) $(HARD)/lua scripts/busted.lua $(BUSTED_FLAGS) $(HARD_FLAGS) "$$file" || status=1; done; exit $$status

$(HARD)/lua: scripts/hard_lua $(wildcard spec/c/hard_lua.*)
	@scripts/hard_lua $(HARD)

.PHONY: sanitize run-sanitized sanitize-threads valgrind valgrind-quick run-valgrind gc-stress \
        gc-stress-all torture torture-quick torture-calls run-torture reentry reentry-quick reentry-sanitized \
        run-reentry hard-lua run-hard-lua
