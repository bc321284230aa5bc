# The C core, compiled for one Lua or for all.

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
	@$(MAKE) --no-print-directory build spec-libs fuzz-c $(SANITIZE)

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
	@echo $(call quote,$(all_flags)) | cmp -s - $@ || { $(check_headers); echo $(call quote,$(all_flags)) >$@; }

all_flags = $(COMPILE) -MMD -MP $(LDFLAGS) $(CURL_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

check_headers = $(if $(WIRE_ONLY),,$(call check_folder,CURL,curl/curlver.h,curl)) \
  $(call check_folder,OPENSSL,openssl/opensslv.h,crypto) \
  printf '\#include <%s>\n' lua.h $(if $(WIRE_ONLY),,curl/curl.h) openssl/evp.h | \
  $(COMPILE) -fsyntax-only -x c - || { \
  echo "Headers are missing: scripts/deps$(if $(findstring luajit,$(LUA)), luajit) installs or names the packages," \
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

.PHONY: build wire build-all build-tests build-specs for-asan for-tsan
