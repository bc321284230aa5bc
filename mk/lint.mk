# Checks of the sources, and of the product.

test-signer: build ## 500 random requests, signed by us and by botocore
	@$(RUN) $(LUA) spec/support/signer_check.lua

lint: lint-deps lint-lua lint-c lint-musl lint-shell lint-rockspec ## luacheck, clang-format, warnings as errors, static analysis

lint-deps:
	@scripts/deps lint

lint-lua:
	luacheck --quiet $(LUA_DIRS)
	! grep -rnE '/(work|root|Users)/|/home/[a-z]' $(LUA_DIRS) src docs *.md
	! grep -rnE ':(lower|upper)\(' lua model # cognito.c_locale has those of ASCII
	lua5.4 scripts/undocumented.lua $(PUBLIC)
	lua5.4 scripts/public_modules.lua
	lua5.4 scripts/circles.lua
	lua5.4 scripts/errors_page.lua --check
	lua5.4 scripts/loop_variables.lua $$(find $(LUA_DIRS) -name '*.lua') bin/cognito

lint-c: lint-c-format warnings lint-static

lint-c-format:
	clang-format --dry-run --Werror $(C_FILES)

warnings: ## every Lua with gcc, one with clang, where there are these: warnings as errors
	@for lua in $(LUAS); do $(MAKE) --no-print-directory build spec-libs \
	  LUA=$$lua BUILD=build/lint/$$lua CC="$$(command -v gcc || echo cc)" CFLAGS='-O2 -Werror' || exit; done
	@! command -v clang >/dev/null || $(MAKE) --no-print-directory build spec-libs \
	  LUA=$(firstword $(LUAS)) BUILD=build/lint/clang CC=clang CFLAGS='-O2 -Werror'

lint-static: ## gcc's analyzer, clang-tidy and cppcheck over src/
	@$(MAKE) --no-print-directory --keep-going -j $(shell nproc) run-lint-static \
	  ANALYZED_FLAGS='$(analyzed_flags)'

# Each file once by each tool, and again only when it or a header has changed.
# The model is data, which analyzers are slow to read.
ANALYZED = $(filter-out model,$(SOURCES))
run-lint-static: $(foreach tool,gcc tidy cppcheck,$(ANALYZED:%=build/lint/static/%.$(tool)))

# pkg-config is asked once, not for each file.
analyzed_flags = -std=c99 -D_GNU_SOURCE -pthread -fPIC $(WARNINGS) $(LUA_CFLAGS) $(CURL_CFLAGS) $(CRYPTO_CFLAGS)

build/lint/static/%.gcc: src/%.c $(wildcard src/*.h) mk/lint.mk
	@mkdir -p $(@D)
	gcc $(ANALYZED_FLAGS) -O1 -Werror -fanalyzer -c -o $@ $<

# It counts findings in the system's headers, too, before it drops them.
build/lint/static/%.tidy: src/%.c $(wildcard src/*.h) .clang-tidy mk/lint.mk
	@mkdir -p $(@D)
	clang-tidy --quiet $< -- $(ANALYZED_FLAGS) >$@.log 2>&1 || { cat $@.log; exit 1; }
	@mv $@.log $@

# variableScope: variables are declared where a function begins.
# redundantContinue: the body of a loop that only counts.
build/lint/static/%.cppcheck: src/%.c $(wildcard src/*.h) mk/lint.mk
	@mkdir -p $(@D)
	cppcheck --quiet --std=c99 --language=c --error-exitcode=1 --inline-suppr -Isrc \
	  --enable=warning,style,performance,portability --suppress=variableScope --suppress=redundantContinue \
	  --suppress=missingIncludeSystem $<
	@touch $@

lint-shell: ## shellcheck
	shellcheck $$(grep -slE '^#!/bin/(ba)?sh' scripts/* .ci/*)

# Where the C library is musl, as on Alpine. There are no libraries to link
# with, but what needs none runs.
MUSL = BUILD=build/lint/musl CC=musl-gcc CFLAGS='-O2 -Werror' CURL_LIBS= SSL_LIBS= CRYPTO_LIBS= \
  LUA_CFLAGS='-isystem $(CURDIR)/build/lint/musl-headers' CURL_CFLAGS= CRYPTO_CFLAGS=

lint-musl:
	scripts/musl_headers build/lint/musl-headers $(LUA_CFLAGS) $(CURL_CFLAGS) $(CRYPTO_CFLAGS)
	@$(MAKE) --no-print-directory run-lint-musl $(MUSL)
	build/lint/musl/spec/c/closes >/dev/null

run-lint-musl: build $(SPEC_LIBS) $(BUILD)/spec/c/closes $(BUILD)/spec/c/soak_server $(TORTURE_OBJ)

lint-rockspec:
	for rockspec in *.rockspec; do luarocks lint $$rockspec || exit; done
	lua5.4 scripts/rockspec.lua --check

check-generated: ## are src/model.c and the others what the model makes?
	lua5.4 model/generate.lua --check
	lua5.4 scripts/errors_page.lua --check
	python3 model/unicode.py --check
	lua5.4 scripts/reliability.lua --check

check-symbols: build ## one exported symbol a module, no libcurl in wire
	@for module in core wire; do \
	  names=$$(nm -D --defined-only $(BUILD)/cognito/$$module.so | cut -d' ' -f3); \
	  test "$$names" = luaopen_cognito_$$module || \
	    { echo "$$module.so exports" $$names; exit 1; }; done
	! readelf -d $(BUILD)/cognito/wire.so | grep 'NEEDED.*libcurl'

check-install: ## what make install and luarocks make put down works
	scripts/check_install lua5.4 lua5.1

check-rock: ## what luarocks make puts down works
	scripts/check_install rock lua5.4

docs: ## the reference of the public modules, as HTML in build/docs
	ldoc --quiet --fatalwarnings --dir build/docs .

.PHONY: test-signer lint lint-deps lint-lua lint-c lint-c-format lint-static run-lint-static lint-shell warnings lint-musl run-lint-musl \
        lint-rockspec check-generated check-symbols check-install check-rock docs
