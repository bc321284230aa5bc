# The specs.

##@ Check

test: ## everything below, on every Lua: the one that counts
	@scripts/deps test
	@$(MAKE) --no-print-directory run-test

run-test:
	@scripts/luas left-out
	@scripts/test $(TEST_STEPS)

test-services: ## the specs that need nginx, Node and the like, and all in a hostile environment
	@if test -n '$(wildcard spec/services/*_spec.lua)'; \
	then scripts/deps services && scripts/test $(SERVICE_STEPS); \
	else echo '0 passed, 0 failed'; fi

# First all that the others would build at the same time in the same folders;
# then the longest first. The benchmarks run alone: what else runs would be in
# their figures.
TEST_STEPS = build-tests $(call joined,lint check-generated check-symbols check-hardening docs \
             sanitize $(LUAS:%=spec-%) fuzz-replay reentry-quick torture-quick \
             valgrind-quick gc-stress check-install sanitize-threads test-signer)
SERVICE_STEPS = build-tests $(call joined,spec-services test-odd check-reproducible compat-quick-bookworm \
                compat-quick-trixie hard-lua spec-in-tr_TR.UTF-8) bench-quick bench-instructions
joined = $(subst $() ,$(comma),$(strip $(1)))

reliability: ## what was tried, how often, and what failed: from the last runs, into docs/reliability.md
	@lua5.4 scripts/reliability.lua

spec: build spec-libs $(LOCALES) ## the specs on one Lua: SPEC=spec/core/sigv4_spec.lua, BUSTED_FLAGS
	@for file in $(SPEC); do test -e "$$file" || { echo "no such file: $$file (find spec -name '*_spec.lua')" >&2; \
	  exit 1; }; done
	@$(RUN) $(BUSTED) $(or $(SPEC),$(SPECS_HERE))

test-odd: build spec-libs $(LOCALES) ## the specs in a hostile environment: scripts/odd
	@$(RUN) scripts/odd $(BUSTED) $(or $(SPEC),$(filter-out $(LONG_SPECS),$(LIBRARY_SPECS) $(PROGRAM_SPECS)))

spec-libs: $(SPEC_LIBS) $(BUILD)/spec/c/wiping_lua $(BUILD)/spec/c/closes $(BUILD)/spec/c/soak_server

$(LOCALES): build/locale/%:
	@mkdir -p $(@D)
	@localedef -i $(basename $*) -f $(patsubst .%,%,$(suffix $*)) $@

SPECS_IN_LOCALES = $(patsubst build/locale/%,spec-in-%,$(filter %.UTF-8,$(LOCALES)))

# Turkish has German's decimal comma, and a capital i of its own: test-services
# runs the specs in that one.
spec-locales: $(SPECS_IN_LOCALES) ## all specs, the locale changed in the middle

# lua-cjson keeps the decimal point of the locale in which it was last opened, for
# all of a process: specs that read JSON by it want the others that open it again.
spec-in-%: build spec-libs $(LOCALES)
	@SPEC_LOCALE=$* SPECS_TOGETHER=1 $(RUN) $(BUSTED) --helper=spec/support/locale.lua $(or $(SPEC),$(SHORT_SPECS))

# C modules for the specs; never installed. old_libraries passes on the calls that
# it does not answer, so the real libraries have to be there first. Two have objects
# of the library once more, because it shows neither secret numbers nor buffers. All
# stay mapped, as the library does: torture counts what a loaded one allocates.
spec_lib       = $(COMPILE) -Isrc $(LIBFLAG) $(COG_LDFLAGS) $(LDFLAGS) -o $(BUILD)/spec/c/$(1).so spec/c/$(1).c $($(1)_LIBS) -ldl
old_libraries_LIBS = -Wl,--no-as-needed $(CURL_LIBS) $(CRYPTO_LIBS)
srp_steps_OBJ  = $(patsubst %,$(BUILD)/obj/%.o,srp digest)
srp_steps_LIBS = $(srp_steps_OBJ) $(CRYPTO_LIBS)
inside_OBJ     = $(patsubst %,$(BUILD)/obj/%.o,canonical digest h1_writer heap_buffer host http_fault http_queue http_request \
                   http_sockets poller sigv4 url)
inside_LIBS    = $(inside_OBJ) $(CURL_LIBS) $(CRYPTO_LIBS)
$(BUILD)/spec/c/srp_steps.so: $(srp_steps_OBJ) src/srp.h src/digest.h
$(BUILD)/spec/c/inside.so: $(inside_OBJ) $(wildcard src/*.h)
$(SPEC_LIBS): $(BUILD)/spec/c/%.so: spec/c/%.c src/compat.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(call spec_lib,$*)

check-model: build ## every state of the model of bulk jobs (minutes; LUA=luajit is quickest)
	@$(RUN) $(LUA) scripts/check_model.lua

spec-all: ## the specs on every Lua in LUAS
	@for lua in $(LUAS); do $(MAKE) --no-print-directory spec LUA=$$lua || exit; done

spec-%:
	@$(MAKE) --no-print-directory spec LUA=$*

.PHONY: test run-test test-services reliability spec spec-libs spec-all check-model
