# Installation.

# Where to install.

PREFIX  ?= /usr/local
LUADIR  ?= $(PREFIX)/share/lua/$(LUA_VERSION)
LIBDIR  ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
BINDIR  ?= $(PREFIX)/bin
INSTALL ?= install

# 1 installs modules compiled, for this very Lua: a process starts sooner, and
# another version of Lua refuses them. "stripped" leaves out the lines that
# errors name.
BYTECODE ?=

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
  $(INSTALL) -d "$$share/$${file%/*}" && $(if $(BYTECODE),$(compiled)) \
  $(INSTALL) -m 644 "$(if $(BYTECODE),$(BUILD)/module,lua/$$file)" "$$share/$$file" || exit; done

compiled = $(LUA) scripts/bytecode.lua "lua/$$file" $(call quote,$(LUADIR))"/$$file" '$(BYTECODE)' >$(BUILD)/module &&

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

.PHONY: install install-wire uninstall
