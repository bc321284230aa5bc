# Which lines and branches run in the specs, and which changes they notice.

##@ Measure the specs

COVERAGE = $(CURDIR)/build/coverage

# The counters are in files that processes map (%c), or those of killed ones
# would be lost; with a name for all that are started without our variables.
COVERED = BUILD=build/coverage/$(LUA) CC=clang CFLAGS='-O1 -g -fcoverage-mapping -mllvm -runtime-counter-relocation \
  -fprofile-instr-generate=$(COVERAGE)/run/others/%m%c.profraw'

coverage: ## lines and branches that the specs run: SPEC, JOBS (ten minutes)
	@scripts/check_words JOBS '$(or $(JOBS),1)' number
	@scripts/check_words SPEC '$(filter-out torture torture-calls reentry fuzz-replay,$(SPEC))' files
	@scripts/deps coverage
	@$(MAKE) --no-print-directory for-coverage

for-coverage: build build-luajit spec-libs $(LOCALES)
	@$(MAKE) --no-print-directory run-coverage $(COVERED)

run-coverage: build spec-libs fuzz-c $(BUILD)/torture $(BUILD)/malloc_lua build/coverage/lines-$(LUA).so
	@$(RUN) BUILD='$(BUILD)' scripts/coverage/run $(COVERAGE) '$(LUA)' $(or $(SPEC),$(COVERAGE_SPECS))
	@$(LUA) scripts/coverage/report.lua $(COVERAGE) spec/coverage.txt $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so

COVERAGE_SPECS = torture-calls torture reentry fuzz-replay $(LIBRARY_SPECS) $(PROGRAM_SPECS)

build/coverage/lines-%.so: spec/c/lines.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) -std=c99 -D_GNU_SOURCE -O2 -fPIC -fvisibility=hidden $(WARNINGS) $(LUA_CFLAGS) $(LIBFLAG) -o $@ $<

mutate: mutate-words build spec-libs $(LOCALES) ## small changes to FILES, and the share that specs notice: COUNT, SEED, BUDGET, JOBS
	@$(RUN) COMPILE_C='$(COMPILE)' LINK_CORE='$(call link_of,core,CORE,$(CURL_LIBS) $(SSL_LIBS))' \
	  LINK_WIRE='$(call link_of,wire,WIRE)' LINK_STEPS='$(call spec_lib,srp_steps)' LINK_INSIDE='$(call spec_lib,inside)' \
	  $(LUA) scripts/mutate.lua $(COVERAGE) $(FILES)

mutate-words:
	@scripts/check_words FILES '$(FILES)' files
	@scripts/check_words SPEC '$(SPEC)' files
	@$(foreach name,COUNT SEED BUDGET JOBS,scripts/check_words $(name) '$(or $($(name)),1)' number &&) :

# link_of NAME, SOURCES, LIBRARIES
link_of = $(LINK) -o $(BUILD)/cognito/$(1).so $($(2)_SRC:%=$(BUILD)/obj/%.o) $(3) $(CRYPTO_LIBS)

.PHONY: coverage for-coverage run-coverage mutate mutate-words
