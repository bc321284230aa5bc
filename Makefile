# lua-cognito: `make demo` and `make test` do everything on a fresh Debian
# machine; `make help` lists the rest. Every variable assigned with ?= can be
# set from the environment or the command line.

# Which Lua: lua5.4, luajit, lua5.1, lua5.2, lua5.3, lua5.5, or a path to one;
# and all that this machine has.

LUA         ?= lua5.4
LUAS        ?= $(shell scripts/luas)
LUA_VERSION ?= $(or $(shell $(LUA) -e 'io.write(_VERSION:match("%d+%.%d+"))' 2>/dev/null),$(error $(no_lua)))
BUILD       ?= build/$(notdir $(LUA))

# Without its version, headers of another Lua would be taken. On Debian the
# package luajit may remove luajit2, and with it nginx's Lua module.
no_lua = $(LUA) does not run: give LUA the path of a Lua$(if $(lua_advice),$(comma) or on Debian $(lua_advice))
lua_advice = $(if $(filter luajit,$(LUA)),run scripts/deps luajit)$(if \
  $(filter lua5.%,$(LUA)),install $(LUA) lib$(LUA:lua5.1=lua5.1-0)-dev)
comma = ,

# Where its headers are: systems disagree about the pkg-config name.

LUA_PC      ?= $(shell for name in $(notdir $(LUA)) lua$(LUA_VERSION) \
                 lua$(subst .,,$(LUA_VERSION)) lua-$(LUA_VERSION); do \
                 pkg-config --exists $$name 2>/dev/null && echo $$name && break; done)
LUA_CFLAGS  ?= $(if $(LUA_INCDIR),-I$(LUA_INCDIR),$(call pkg,--cflags,$(LUA_PC)))
LUA_LIBS    ?= $(call pkg,--libs,$(LUA_PC)) # for programs that embed it

# pkg OPTION, PACKAGE, FALLBACK: what pkg-config says, else the fallback. All
# that uses it is evaluated when needed and not before: `make demo` may have
# to install pkg-config first.
pkg = $(shell pkg-config $(1) $(2) 2>/dev/null || echo $(3))

# libcurl and OpenSSL: CURL_DIR, or CURL_INCDIR and CURL_LIBDIR, point to a
# private copy; the same for OPENSSL.

CURL_INCDIR    ?= $(CURL_DIR:%=%/include)
CURL_LIBDIR    ?= $(call lib_of,$(CURL_DIR),curl)
OPENSSL_INCDIR ?= $(OPENSSL_DIR:%=%/include)
OPENSSL_LIBDIR ?= $(call lib_of,$(OPENSSL_DIR),crypto)

# lib_of FOLDER, NAME: OpenSSL installs itself in lib64, most others in lib.
lib_of = $(if $(1),$(or $(patsubst %/,%,$(dir $(firstword $(wildcard $(addprefix $(1)/,lib/lib$(2).* lib64/lib$(2).*))))),$(1)/lib))

# from FOLDER: where to link, and where to look when the module is loaded; the
# system looks into its own folders. With an RPATH, unlike a RUNPATH, a private
# libcurl finds the same OpenSSL as we do.
from = -L$(1)$(if $(call private,$(1)), -Wl$(comma)-rpath$(comma)$(abspath $(1)) $(RPATH_FLAGS))
private = $(filter-out /lib /lib/% /lib64 /lib64/% /usr/lib /usr/lib/% /usr/lib64 /usr/lib64/% \
  /usr/include /usr/include/%,$(1))

CURL_CFLAGS    ?= $(if $(CURL_INCDIR),-I$(CURL_INCDIR),$(call pkg,--cflags,libcurl))
CURL_LIBS      ?= $(if $(CURL_LIBDIR),$(call from,$(CURL_LIBDIR)) -lcurl,$(call pkg,--libs,libcurl,-lcurl))
CRYPTO_CFLAGS  ?= $(if $(OPENSSL_INCDIR),-I$(OPENSSL_INCDIR),$(call pkg,--cflags,libcrypto))
CRYPTO_LIBS    ?= $(if $(OPENSSL_LIBDIR),$(call from,$(OPENSSL_LIBDIR)) -lcrypto,$(call pkg,--libs,libcrypto,-lcrypto))
SSL_LIBS       ?= $(if $(OPENSSL_LIBDIR),$(call from,$(OPENSSL_LIBDIR)) -lssl,$(call pkg,--libs,libssl,-lssl))

# How to compile. The library stays mapped when a Lua state closes (nodelete):
# a resolver thread of libcurl may still be running in it.

CFLAGS      ?= -O2 -g
WARNINGS    ?= -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
               -Wmissing-prototypes -Wwrite-strings -Wundef -Wformat=2
ifeq ($(shell uname),Darwin)
LIBFLAG     ?= -bundle -undefined dynamic_lookup
else
LIBFLAG     ?= -shared
COG_LDFLAGS  = -Wl,-z,nodelete
RPATH_FLAGS  = -Wl,--disable-new-dtags
endif

COMPILE = $(CC) -std=c99 -D_GNU_SOURCE -pthread -fPIC -fvisibility=hidden \
          $(WARNINGS) $(CPPFLAGS) $(CFLAGS) $(LUA_CFLAGS) $(CURL_CFLAGS) \
          $(CRYPTO_CFLAGS)
LINK    = $(CC) $(LIBFLAG) $(COG_LDFLAGS) -pthread $(CFLAGS) $(LDFLAGS)

# Where to install.

PREFIX  ?= /usr/local
LUADIR  ?= $(PREFIX)/share/lua/$(LUA_VERSION)
LIBDIR  ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
BINDIR  ?= $(PREFIX)/bin
INSTALL ?= install

# The sources.

SOURCES   = $(basename $(notdir $(wildcard src/*.c)))
CORE_ONLY = core lua_http% lua_carry lua_clock http% poller lua_process lua_child process close_others lua_files files \
            lua_signals signals lua_terminal terminal lua_rsa rsa lua_dpop ec
CORE_SRC  = $(filter-out wire,$(SOURCES))
WIRE_SRC  = $(filter-out $(CORE_ONLY),$(SOURCES)) http_reply http_request
MODULES   = $(shell cd lua && find cognito -name '*.lua' | sort)
C_FILES   = $(filter-out src/model.c,$(wildcard src/*.[ch] spec/c/*.[ch] bench/*.[ch]))
PUBLIC    = $(filter-out lua/cognito/sandbox/%,$(MODULES:%=lua/%)) \
            $(wildcard lua/cognito/sandbox/init.lua src/*.c)
SPEC_LIBS = $(addprefix $(BUILD)/spec/c/,forker.so threads.so slow_dns.so trusting.so old_libraries.so srp_steps.so)
LUA_DIRS  = $(wildcard lua model spec examples bench scripts/*.lua bin/cognito)

# How to run it from here. The versioned names would win over ours.

unexport LUA_PATH_5_2 LUA_PATH_5_3 LUA_PATH_5_4 LUA_PATH_5_5
unexport LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4 LUA_CPATH_5_5
FROM_HERE_LUA = $(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$(CURDIR)/?.lua;;
FROM_HERE_C   = $(CURDIR)/$(BUILD)/?.so;;
RUN    = LOCPATH='$(CURDIR)/build/locale' LUA_PATH='$(FROM_HERE_LUA)' LUA_CPATH='$(FROM_HERE_C)'
BUSTED = scripts/calm '$(shell command -v $(LUA))' scripts/busted.lua $(BUSTED_FLAGS)

# Specs that run C code; checks that are too slow for all specs run on these.
C_SPECS = $(patsubst %,spec/%_spec.lua,core/build core/core core/exchange core/parse core/sigv4 core/secret_hash \
            http/http http/many http/refusal http/tls client/call client/client)

# Minutes of processes that start, talk and end, or of odd replies, and little that depends on
# the Lua they are written for: these run on Lua 5.4 and LuaJIT.
PROGRAM_SPECS = $(wildcard spec/cli/*_spec.lua spec/project/example_*_spec.lua \
                  spec/bulk/kill_spec.lua spec/bulk/soak_spec.lua spec/client/odd_members_spec.lua)
LIBRARY_SPECS = $(filter-out $(PROGRAM_SPECS),$(filter-out spec/services/%,$(wildcard spec/*/*_spec.lua)))

# Where capital i has a dot, and where fractions have a comma.
LOCALES = $(addprefix build/locale/,tr_TR.UTF-8 de_DE.UTF-8 de_DE.ISO-8859-1)

##@ Build

build: $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so ## build for one Lua (LUA=lua5.4)

wire: ## the part for nginx, without libcurl and its headers (LUA=luajit)
	@$(MAKE) --no-print-directory $(WIRE) '$(BUILD)-wire/cognito/wire.so'

# In a folder of its own, because its flags are others.
WIRE = BUILD='$(BUILD)-wire' WIRE_ONLY=1 CURL_CFLAGS= CURL_LIBS=

build-all: $(LOCALES) ## build for every Lua in LUAS
	@for lua in $(LUAS); do $(MAKE) --no-print-directory build LUA=$$lua || exit; done

build-%:
	@$(MAKE) --no-print-directory build LUA=$*

build-tests: ## what several tests run: for every Lua, and for the sanitizers
	@$(MAKE) --no-print-directory -j $(shell nproc) $(LOCALES) $(LUAS:%=for-tests-%) \
	  for-asan-lua5.4 for-asan-luajit for-tsan

build-specs: # the same for the specs alone
	@$(MAKE) --no-print-directory -j $(shell nproc) $(LOCALES) $(LUAS:%=for-tests-%)

for-tests-%:
	@$(MAKE) --no-print-directory build spec-libs LUA=$*

for-asan-%:
	@$(MAKE) --no-print-directory for-asan LUA=$*

for-asan:
	@$(MAKE) --no-print-directory build spec-libs $(SANITIZE)

for-tsan:
	@$(MAKE) --no-print-directory build spec-libs $(TSAN)

$(BUILD)/cognito/core.so: $(CORE_SRC:%=$(BUILD)/obj/%.o)
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

$(BUILD)/cognito/wire.so: $(WIRE_SRC:%=$(BUILD)/obj/%.o)
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(CRYPTO_LIBS)

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

-include $(wildcard $(BUILD)/obj/*.d)

# Other flags, other objects: rewritten only when the command has changed.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(all_flags)' | cmp -s - $@ || { $(check_headers); echo '$(all_flags)' >$@; }

all_flags = $(COMPILE) -MMD -MP $(LDFLAGS) $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

check_headers = $(if $(WIRE_ONLY),,$(call check_folder,CURL,curl/curlver.h,curl)) \
  $(call check_folder,OPENSSL,openssl/opensslv.h,crypto) \
  printf '\#include <%s>\n' lua.h $(if $(WIRE_ONLY),,curl/curl.h) openssl/evp.h | \
  $(COMPILE) -fsyntax-only -x c - || { \
  echo "Headers are missing: scripts/deps installs or names the packages," \
    "and CURL_DIR, OPENSSL_DIR and LUA_INCDIR tell where to look."; exit 1; }; \
  printf '\#include <lua.h>\n\#if LUA_VERSION_NUM != 50%d\n\#error\n\#endif\n' $(subst 5.,,$(LUA_VERSION)) | \
  $(COMPILE) -fsyntax-only -x c - 2>/dev/null || { \
  echo "$(LUA) is Lua $(LUA_VERSION), and the headers are another's:" \
    "LUA_INCDIR tells where its own are."; exit 1; }; \
  $(if $(WIRE_ONLY),,$(call check_age,CURL,curl/curlver.h,LIBCURL_VERSION_NUM,LIBCURL_VERSION,libcurl);) \
  $(call check_age,OPENSSL,openssl/opensslv.h,OPENSSL_VERSION_NUMBER,OPENSSL_VERSION_TEXT,OpenSSL)

# check_folder PREFIX, HEADER, NAME: with a mistyped folder the compiler would
# take the system's copy, and say nothing.
check_folder = $(if $(call private,$($(1)_INCDIR) $($(1)_LIBDIR)),$(if \
  $(wildcard $($(1)_INCDIR)/$(2) $($(1)_LIBDIR)/lib$(3).*),, \
  echo "Neither $(2) nor lib$(3) is in $(or $($(1)_DIR),$(strip $($(1)_INCDIR) $($(1)_LIBDIR))):" \
    "$(1)_DIR is the folder that holds include and lib."; exit 1;))

# check_age PREFIX, HEADER, NUMBER, TEXT, NAME: see src/needed.h.
check_age = ! printf '\#include <%s>\n\#include "src/needed.h"\n\#if %s < %s\n%s %s\n\#endif\n' \
  $(2) $(3) COG_$(1)_NEEDED COG_$(1)_NEEDED_TEXT $(4) | $(COMPILE) -E -P -x c - | \
  sed -n 's/^"\(.*\)" "\(.*\)"$$/lua-cognito needs $(5) \1 or newer, and the headers are those of \2: \
$(1)_DIR tells where newer ones are./p' | grep . || exit 1

install: build ## install below PREFIX (/usr/local), with DESTDIR in front
	@$(LUA) scripts/installed_command.lua bin/cognito $(if $(findstring /,$(LUA)),$(abspath $(LUA)),$(LUA)) \
	  $(call quote,$(LUADIR)) $(call quote,$(LIBDIR)) >$(BUILD)/cognito.bin
	@$(places) $(INSTALL) -d "$$lib/cognito" "$$bin"
	@$(places) $(INSTALL) -m 755 $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so "$$lib/cognito"
	@$(install_modules)
	@$(places) $(INSTALL) -m 755 $(BUILD)/cognito.bin "$$bin/cognito"
	@echo Installed in $(call quote,$(DESTDIR)$(LUADIR)), $(call quote,$(DESTDIR)$(LIBDIR)) \
	  and $(call quote,$(DESTDIR)$(BINDIR))

install_modules = $(places) for file in $(MODULES); do \
  $(INSTALL) -d "$$share/$${file%/*}" && \
  $(INSTALL) -m 644 "lua/$$file" "$$share/$$file" || exit; done

install-wire: wire ## install that: no command
	@$(places) $(INSTALL) -d "$$lib/cognito"
	@$(places) $(INSTALL) -m 755 $(BUILD)-wire/cognito/wire.so "$$lib/cognito"
	@$(install_modules)
	@echo Installed in $(call quote,$(DESTDIR)$(LUADIR)) and $(call quote,$(DESTDIR)$(LIBDIR))

uninstall: ## remove what install put there
	@$(places) rm -rf "$$share/cognito" "$$lib/cognito"
	@$(places) rm -f "$$bin/cognito"

# For the shell: a folder's name may hold blanks and quotes.
quote  = '$(subst ','\'',$(1))'
places = share=$(call quote,$(DESTDIR)$(LUADIR)); lib=$(call quote,$(DESTDIR)$(LIBDIR)); \
  bin=$(call quote,$(DESTDIR)$(BINDIR));

# The command's first line names whatever `lua` is; this one, the Lua at hand.
$(BUILD)/bin/cognito:
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec %s %s "$$@"\n' $(call quote,$(call quote,$(LUA))) \
	  $(call quote,$(call quote,$(CURDIR)/bin/cognito)) >$@
	@chmod +x $@

env: $(BUILD)/bin/cognito ## the variables to run it from here: eval "$$(make env)"
	@printf 'export %s\n' $(call quote,PATH=$(call quote,$(CURDIR)/$(BUILD)/bin):"$$PATH") \
	  $(call quote,LUA_PATH=$(call quote,$(FROM_HERE_LUA))) $(call quote,LUA_CPATH=$(call quote,$(FROM_HERE_C)))

repl: build ## an interpreter that has loaded it
	@$(RUN) $(LUA) -i -e 'cognito = require "cognito"'

compile_commands.json: ## for clangd and other tools that read C
	@for file in $(SOURCES); do \
	  printf '{"directory": "%s", "file": "src/%s.c", "command": "%s -c src/%s.c"}\n' \
	    '$(CURDIR)' "$$file" '$(subst ",\",$(COMPILE))' "$$file"; done | \
	  sed '1s/^/[\n/; $$!s/$$/,/; $$s/$$/\n]/' >$@

deps: ## install what building and the demo need (Debian), or name it
	scripts/deps demo

demo: ## a user recovers an account, against a local user pool
	@scripts/deps demo
	@echo 'Building the C core'
	@$(MAKE) --no-print-directory --silent build
	@$(RUN) scripts/demo $(LUA)

example-site: ## an account-recovery site in nginx, against a local user pool
	@scripts/deps site
	@$(MAKE) --no-print-directory --silent run-example-site LUA=luajit

run-example-site: build
	@$(RUN) scripts/example_site $(LUA)

example-site-pictures: build build-luajit ## make docs/images anew, in a headless browser
	@scripts/deps services
	@mkdir -p docs/images
	@PICTURES=docs/images $(RUN) $(BUSTED) --filter=pictures spec/services/example_site_spec.lua

example-game: ## a game server, a thousand players: what the network takes
	@scripts/deps game
	@$(MAKE) --no-print-directory --silent build
	@$(RUN) scripts/example_game $(LUA) $(GAME_FLAGS)

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
# then the longest first.
TEST_STEPS = build-tests $(call joined,lint check-generated check-symbols docs \
             sanitize $(LUAS:%=spec-%) reentry-quick torture-quick \
             valgrind-quick gc-stress check-install sanitize-threads test-signer)
SERVICE_STEPS = build-tests $(call joined,spec-services test-odd compat-quick-bookworm \
                compat-quick-trixie hard-lua $(SPECS_IN_LOCALES) bench-quick \
                bench-instructions)
joined = $(subst $() ,$(comma),$(strip $(1)))

spec: build spec-libs $(LOCALES) ## the specs on one Lua: SPEC=spec/core/sigv4_spec.lua, BUSTED_FLAGS
	@$(RUN) $(BUSTED) $(or $(SPEC),$(if $(filter lua5.4 luajit,$(notdir $(LUA))),,$(LIBRARY_SPECS)))

test-odd: build spec-libs $(LOCALES) ## the specs in a hostile environment: scripts/odd
	@$(RUN) scripts/odd $(BUSTED) $(or $(SPEC),$(LIBRARY_SPECS) $(PROGRAM_SPECS))

spec-libs: $(SPEC_LIBS) $(BUILD)/spec/c/wiping_lua $(BUILD)/spec/c/closes

$(LOCALES): build/locale/%:
	@mkdir -p $(@D)
	@localedef -i $(basename $*) -f $(patsubst .%,%,$(suffix $*)) $@

SPECS_IN_LOCALES = $(patsubst build/locale/%,spec-in-%,$(filter %.UTF-8,$(LOCALES)))

spec-locales: $(SPECS_IN_LOCALES) ## all specs, the locale changed in the middle

spec-in-%: build spec-libs $(LOCALES)
	@SPEC_LOCALE=$* $(RUN) $(BUSTED) --helper=spec/support/locale.lua $(or $(SPEC),$(LIBRARY_SPECS))

# The library shows no secret number, so these steps are compiled a second time.
STEPS_SRC = src/srp.c src/digest.c

# C modules for the specs; never installed. old_libraries passes on the calls that
# it does not answer, so the real libraries have to be there first.
$(BUILD)/spec/c/old_libraries.so: SPEC_LIB_LIBS = -Wl,--no-as-needed $(CURL_LIBS) $(CRYPTO_LIBS)
$(BUILD)/spec/c/srp_steps.so: SPEC_LIB_LIBS = $(STEPS_SRC) $(CRYPTO_LIBS)
$(BUILD)/spec/c/srp_steps.so: $(STEPS_SRC) src/srp.h src/digest.h
$(SPEC_LIBS): $(BUILD)/spec/c/%.so: spec/c/%.c src/compat.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -Isrc $(LIBFLAG) $(LDFLAGS) -o $@ $< $(SPEC_LIB_LIBS) -ldl

spec-all: ## the specs on every Lua in LUAS
	@for lua in $(LUAS); do $(MAKE) --no-print-directory spec LUA=$$lua || exit; done

spec-%:
	@$(MAKE) --no-print-directory spec LUA=$*

# nginx has a LuaJIT of its own, and loads the library that is built for it.
spec-services: build build-luajit spec-libs
	@$(RUN) $(BUSTED) --run=services $(SPEC)

# On other releases of Debian, in chroots. Unstable reports only.
COMPAT = bookworm trixie sid

compat: ## the library on other releases of Debian, in chroots: COMPAT="bookworm trixie sid"
	@status=0; for name in $(COMPAT); do scripts/compat $$name || status=1; done; exit $$status

compat-%: ## on one of them: compat-bookworm, compat-trixie, compat-sid
	@scripts/compat $*

compat-quick: ## Debian 12 and 13 in short: demo, warnings, a rock, C core, nginx, bulk jobs
	@status=0; for name in bookworm trixie; do scripts/compat $$name quick || status=1; done; exit $$status

compat-quick-%:
	@scripts/compat $* quick

clean-compat: ## remove what these keep
	rm -rf --one-file-system '$(or $(COMPAT_CACHE),build/compat)'

platforms: ## write what the last runs of these said into docs/platforms.md
	@for form in quick full; do ls '$(or $(COMPAT_CACHE),build/compat)'/log/*-$$form.log 2>/dev/null; done | \
	  xargs -d '\n' lua5.4 scripts/platforms.lua docs/platforms.md

# Specs that run in the chroots. The bulk jobs run over LuaSQL as the release has it, and
# as its newer SQLite driver behaves.
run-compat:
	@scripts/luas left-out
	@scripts/test build-specs warnings,check-symbols,check-install,spec-nginx \
	  $(call joined,spec-postgres spec-bulk-newer $(patsubst %,spec-%,$(filter lua5.4 luajit lua5.5,$(LUAS))))

run-compat-quick:
	@scripts/test build-specs warnings,check-rock $(call joined,spec-c spec-nginx-behaviour spec-bulk)

BULK_SPECS = $(filter-out $(PROGRAM_SPECS),$(wildcard spec/bulk/*_spec.lua))

spec-c: build spec-libs $(LOCALES) ## the specs of the C core
	@$(RUN) $(BUSTED) $(C_SPECS)

spec-bulk: build spec-libs $(LOCALES)
	@$(RUN) $(BUSTED) $(BULK_SPECS)

spec-bulk-newer: build spec-libs $(LOCALES)
	@$(RUN) $(BUSTED) --helper=spec/support/newer_luasql.lua $(BULK_SPECS)

# OpenResty has a LuaJIT and an OpenSSL of its own: NGINX_FLAGS tells where.
build-for-nginx:
	@$(MAKE) --no-print-directory build LUA=luajit $(NGINX_FLAGS)

spec-nginx: build build-for-nginx spec-libs
	@$(RUN) $(BUSTED) --run=services $(wildcard spec/services/nginx_*_spec.lua)

spec-nginx-behaviour: build build-for-nginx spec-libs
	@$(RUN) $(BUSTED) --run=services spec/services/nginx_behaviour_spec.lua

spec-postgres: build spec-libs
	@$(RUN) $(BUSTED) --run=services $(wildcard spec/services/bulk_postgres_*spec.lua)

soak-loop: ## ten thousand calls over 64 connections, while much goes wrong
	@SOAK_TASKS=3400 $(MAKE) --no-print-directory spec SPEC=spec/runtime/loop_soak_spec.lua

# The interpreter is not instrumented, so the runtime has to come first.
SANITIZE = BUILD=build/$(LUA)-asan CC=gcc CFLAGS='-O1 -g -fno-omit-frame-pointer \
  -fsanitize=address,undefined -fno-sanitize-recover=undefined'

sanitize: for-asan ## the specs with the C core under ASan, UBSan and LSan
	@$(MAKE) --no-print-directory run-sanitized $(SANITIZE)

run-sanitized:
	@$(RUN) LD_PRELOAD=$$(gcc -print-file-name=libasan.so) \
	  ASAN_OPTIONS=detect_leaks=$(or $(LEAKS),1) UBSAN_OPTIONS=print_stacktrace=1 \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/lsan.supp:print_suppressions=0 \
	  $(BUSTED) $(or $(SPEC),$(LIBRARY_SPECS))

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
GC_STRESS ?= 500
GC_FLAGS   = --helper=spec/support/gc_stress.lua \
             --filter-out=finalizer.while.an.outcome

gc-stress: ## what runs C code, garbage collected all the time
	@GC_STRESS=$(GC_STRESS) $(MAKE) --no-print-directory sanitize LEAKS=0 \
	  SPEC='$(or $(SPEC),$(C_SPECS))' BUSTED_FLAGS='$(BUSTED_FLAGS) $(GC_FLAGS)'

gc-stress-all: ## all specs, collected less often (five minutes)
	@$(MAKE) --no-print-directory gc-stress GC_STRESS=100000 SPEC=spec

# Refused memory, once for every place that asks for it.
torture: ## every place, with and without ASan (ten minutes)
	@$(MAKE) --no-print-directory run-torture
	@$(MAKE) --no-print-directory run-torture $(SANITIZE)

torture-quick: ## every place that builds, parses and signs, some of whole calls
	@$(MAKE) --no-print-directory run-torture QUICK=quick

run-torture: build $(BUILD)/torture
	@$(RUN) python3 spec/torture/run.py $(LUA) $(BUILD)/torture $(QUICK)

# It replaces malloc for all libraries, so it has to be seen; and from the
# first moment on, when ASan cannot bear to be asked yet.
TORTURE_OBJ = $(patsubst %,$(BUILD)/spec/c/%.o,torture tally heap stack)

$(BUILD)/torture: $(TORTURE_OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--export-dynamic -o $@ $^ \
	  $(LUA_LIBS) $(CRYPTO_LIBS) -ldl

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

# A host that wipes what Lua frees.
$(BUILD)/spec/c/wiping_lua: spec/c/wiping_lua.c src/compat.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -fno-sanitize=all -Isrc $(LDFLAGS) -Wl,--export-dynamic -o $@ $< $(LUA_LIBS) $(CURL_LIBS) $(CRYPTO_LIBS)

$(BUILD)/malloc_lua: spec/c/malloc_lua.c $(BUILD)/flags
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

run-hard-lua: build spec-libs
	@$(HARD_RUN) python3 spec/reentry/run.py $(HARD)/lua quick
	@$(HARD_RUN) $(HARD)/lua scripts/busted.lua $(BUSTED_FLAGS) $(or $(SPEC),$(C_SPECS))

$(HARD)/lua: scripts/hard_lua $(wildcard spec/c/hard_lua.*)
	@scripts/hard_lua $(HARD)

test-signer: build ## 500 random requests, signed by us and by botocore
	@$(RUN) $(LUA) spec/support/signer_check.lua

lint: lint-lua lint-c lint-musl lint-rockspec ## luacheck, clang-format, warnings as errors

lint-lua:
	luacheck --quiet $(LUA_DIRS)
	! grep -rnE '/(work|root|Users)/|/home/[a-z]' $(LUA_DIRS) src docs *.md
	! grep -rnE ':(lower|upper)\(' lua model # cognito.c_locale has those of ASCII
	lua5.4 scripts/undocumented.lua $(PUBLIC)
	lua5.4 scripts/public_modules.lua
	lua5.4 scripts/circles.lua
	lua5.4 scripts/errors_page.lua --check
	lua5.4 scripts/loop_variables.lua $$(find $(LUA_DIRS) -name '*.lua') bin/cognito

lint-c: lint-c-format warnings

lint-c-format:
	clang-format --dry-run --Werror $(C_FILES)

warnings: ## every Lua with gcc, one with clang, where there are these: warnings as errors
	@for lua in $(LUAS); do $(MAKE) --no-print-directory build spec-libs \
	  LUA=$$lua BUILD=build/lint/$$lua CC="$$(command -v gcc || echo cc)" CFLAGS='-O2 -Werror' || exit; done
	@! command -v clang >/dev/null || $(MAKE) --no-print-directory build spec-libs \
	  LUA=$(firstword $(LUAS)) BUILD=build/lint/clang CC=clang CFLAGS='-O2 -Werror'

# Where the C library is musl, as on Alpine. There are no libraries to link
# with, but what needs none runs.
MUSL = BUILD=build/lint/musl CC=musl-gcc CFLAGS='-O2 -Werror' CURL_LIBS= SSL_LIBS= CRYPTO_LIBS= \
  LUA_CFLAGS='-isystem $(CURDIR)/build/lint/musl-headers' CURL_CFLAGS= CRYPTO_CFLAGS=

lint-musl:
	scripts/musl_headers build/lint/musl-headers $(LUA_CFLAGS) $(CURL_CFLAGS) $(CRYPTO_CFLAGS)
	@$(MAKE) --no-print-directory run-lint-musl $(MUSL)
	build/lint/musl/spec/c/closes >/dev/null

run-lint-musl: build $(SPEC_LIBS) $(BUILD)/spec/c/closes $(TORTURE_OBJ)

lint-rockspec:
	luarocks lint lua-cognito-scm-1.rockspec

check-generated: ## are src/model.c and the others what the model makes?
	lua5.4 model/generate.lua --check
	lua5.4 scripts/errors_page.lua --check
	python3 model/unicode.py --check

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

soak-bulk: ## bulk recovery at length: 100,000 users, kill -9 (half an hour)
	@scripts/deps services
	@$(MAKE) --no-print-directory --silent build spec-libs
	@$(RUN) AWS_EC2_METADATA_DISABLED=true $(LUA) scripts/soak_bulk.lua $(PARTS)

##@ Measure

bench: ## the library beside C programs that send the same bytes: minutes
	@scripts/deps services
	@$(MAKE) --no-print-directory run-bench

bench-quick: ## the same in seconds: does it run, are the bytes the same?
	@$(MAKE) --no-print-directory run-bench BENCH_FLAGS=quick

bench-instructions: ## the instructions of a call, beside C's and the recorded ones: two minutes
	@scripts/deps services
	@$(MAKE) --no-print-directory run-bench-instructions

BENCH     = $(BUILD)/bench
BENCH_OBJ = $(patsubst %,$(BENCH)/obj/%.o,bench request handle)

# The C programs know nothing of AWS_CA_BUNDLE, a bundle to be parsed.
run-bench: build build-luajit $(patsubst %,$(BENCH)/%,tls easy multi sign process)
	@env -u AWS_CA_BUNDLE $(RUN) $(LUA) bench/run.lua $(BENCH) $(BENCH_FLAGS)

run-bench-instructions: build $(BENCH)/easy
	@env -u AWS_CA_BUNDLE $(RUN) $(LUA) bench/instructions.lua $(BENCH) bench/instructions.txt $(RECORD)

# An archive gives each program what it needs and no more.
$(BENCH)/%: $(BENCH)/obj/%.o $(BENCH)/common.a
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed -o $@ $^ $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

$(BENCH)/common.a: $(BENCH_OBJ) $(BUILD)/obj/digest.o
	$(AR) rcs $@ $^

$(BENCH)/obj/%.o: bench/%.c $(wildcard bench/*.h) $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

##@ Other

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^##@/ { print "\n" substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' \
	  $(firstword $(MAKEFILE_LIST))

FORCE:

.PHONY: env repl compile_commands.json build wire install-wire build-all build-tests build-specs for-asan for-tsan install \
        uninstall deps \
        demo example-site \
        run-example-site example-site-pictures example-game test run-test test-services \
        spec spec-all spec-libs spec-services soak-loop sanitize run-sanitized \
        sanitize-threads test-signer valgrind valgrind-quick run-valgrind \
        gc-stress gc-stress-all torture torture-quick run-torture reentry \
        reentry-quick reentry-sanitized run-reentry hard-lua \
        run-hard-lua lint \
        lint-lua lint-c lint-musl run-lint-musl lint-rockspec check-generated check-symbols \
        lint-c-format warnings compat compat-quick clean-compat platforms run-compat run-compat-quick spec-c \
        spec-bulk spec-bulk-newer build-for-nginx spec-nginx spec-nginx-behaviour \
        spec-postgres check-install check-rock docs \
        soak-bulk bench bench-quick bench-instructions run-bench run-bench-instructions clean help \
        FORCE
.DELETE_ON_ERROR:
