# Which lines and branches run in the specs, and which changes they notice.

##@ Measure the specs

COVERAGE = $(CURDIR)/build/coverage

# The counters are in files that processes map (%c), or those of killed ones
# would be lost; with a name for all that are started without our variables.
COVERED = BUILD=build/coverage/$(LUA) CC=clang CFLAGS='-O1 -g -fcoverage-mapping -mllvm -runtime-counter-relocation \
  -fprofile-instr-generate=$(COVERAGE)/run/others/%m%c.profraw'

coverage: ## lines and branches that the specs run: SPEC, JOBS (ten minutes)
	@scripts/deps coverage
	@$(MAKE) --no-print-directory for-coverage

for-coverage: build build-luajit spec-libs $(LOCALES)
	@$(MAKE) --no-print-directory run-coverage $(COVERED)

run-coverage: build spec-libs $(BUILD)/torture $(COVERAGE)/lines-$(LUA).so
	@$(RUN) BUILD='$(BUILD)' scripts/coverage/run $(COVERAGE) '$(LUA)' $(or $(SPEC),$(COVERAGE_SPECS))
	@$(LUA) scripts/coverage/report.lua $(COVERAGE) spec/coverage.txt $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so

COVERAGE_SPECS = torture $(LIBRARY_SPECS) $(PROGRAM_SPECS)

$(COVERAGE)/lines-%.so: spec/c/lines.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) -std=c99 -D_GNU_SOURCE -O2 -fPIC -fvisibility=hidden $(WARNINGS) $(LUA_CFLAGS) $(LIBFLAG) -o $@ $<

mutate: build spec-libs $(LOCALES) ## small changes to FILES, and the share that specs notice: COUNT, SEED, BUDGET
	@$(RUN) COMPILE_C='$(COMPILE)' $(LUA) scripts/mutate.lua $(COVERAGE) $(FILES)

.PHONY: coverage for-coverage run-coverage mutate
