# Which Lua, which libraries, and how to compile.

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

# Hardening: what of these the compiler and the linker know. HARDENING= leaves it
# out, and sanitizers have checks of their own. `make check-hardening` looks at
# the result.
HARDENING    = $(if $(findstring -fsanitize,$(CFLAGS)),,$(known_hardening))
HARDENING_LD = $(if $(strip $(HARDENING)),$(known_hardening_ld))

hardening    = -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
               -mbranch-protection=standard $(fortify)
hardening_ld = -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
# Level 3 where the C library has it; a level that the caller sets stays.
fortify      = $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),, \
               -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2)

# The same sources give the same bytes, wherever they are. Coverage needs the
# files' own names.
ANYWHERE     = $(if $(if $(findstring coverage,$(CFLAGS)),,$(known_anywhere)),$(call quote,-ffile-prefix-map=$(CURDIR)=.))

# Asked once, and only where something is compiled.
known = $(shell scripts/known_flags $(1))
known_hardening    = $(eval known_hardening := $$(call known,'$$(CC) $$(CPPFLAGS) $$(CFLAGS) -c' $$(hardening)))$(known_hardening)
known_hardening_ld = $(eval known_hardening_ld := $$(call known,'$$(CC) -fPIC $$(LIBFLAG)' $$(hardening_ld)))$(known_hardening_ld)
known_anywhere     = $(eval known_anywhere := $$(call known,'$$(CC) -c' -ffile-prefix-map=/a=/b))$(known_anywhere)

COMPILE = $(CC) -std=c99 -D_GNU_SOURCE -pthread -fPIC -fvisibility=hidden \
          $(WARNINGS) $(HARDENING) $(ANYWHERE) $(CPPFLAGS) $(CFLAGS) $(LUA_CFLAGS) $(CURL_CFLAGS) \
          $(CRYPTO_CFLAGS)
LINK    = $(CC) $(LIBFLAG) $(COG_LDFLAGS) $(HARDENING_LD) -pthread $(CFLAGS) $(LDFLAGS)
