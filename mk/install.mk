# Installation.

# Where to install.

PREFIX  ?= /usr/local
LUADIR  ?= $(PREFIX)/share/lua/$(LUA_VERSION)
LIBDIR  ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
BASH_COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS  ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS ?= $(PREFIX)/share/fish/vendor_completions.d
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
	@$(install_completions)
	@$(if $(has_argparse),$(install_man),echo 'No manual pages: $(LUA) has no argparse, which the command needs, too:' \
	  'install it (lua-argparse in Debian, argparse on LuaRocks), then make $@ again')
	@echo Installed in $(call quote,$(DESTDIR)$(LUADIR)), $(call quote,$(DESTDIR)$(LIBDIR)) \
	  and $(call quote,$(DESTDIR)$(BINDIR))

install_modules = $(places) for file in $(MODULES); do \
  $(INSTALL) -d "$$share/$${file%/*}" && $(if $(BYTECODE),$(compiled)) \
  $(INSTALL) -m 644 "$(if $(BYTECODE),$(BUILD)/module,lua/$$file)" "$$share/$$file" || exit; done

compiled = $(LUA) scripts/bytecode.lua "lua/$$file" $(call quote,$(LUADIR))"/$$file" '$(BYTECODE)' >$(BUILD)/module &&

install-shell: build # the manual pages and the completion, for packagers
	@$(install_completions)
	@$(install_man)

install_completions = $(call install_completion,bash,$(BASH_COMPLETIONS),cognito) && \
  $(call install_completion,zsh,$(ZSH_COMPLETIONS),_cognito) && \
  $(call install_completion,fish,$(FISH_COMPLETIONS),cognito.fish)

# install_completion SHELL, FOLDER, NAME
install_completion = LUA_PATH='$(FROM_HERE_LUA)' $(LUA) -e 'io.write(require("cognito.cli.completion_scripts").$(1))' \
  >$(BUILD)/completion && $(INSTALL) -d $(call quote,$(DESTDIR)$(2)) && \
  $(INSTALL) -m 644 $(BUILD)/completion $(call quote,$(DESTDIR)$(2)/$(3))

# The pages are made of the argument parser, for which the command has argparse.
man: build ## the command's manual pages, in build/LUA/man
	@$(make_man)

has_argparse = $(shell $(LUA) -e 'require "argparse" print "yes"' 2>/dev/null)
make_man     = rm -rf $(BUILD)/man && mkdir -p $(BUILD)/man && $(RUN) $(LUA) scripts/man.lua $(BUILD)/man
install_man  = $(make_man) && $(INSTALL) -d $(man1) && $(INSTALL) -m 644 $(BUILD)/man/*.1 $(man1)
man1         = $(call quote,$(DESTDIR)$(MANDIR)/man1)

install-wire: wire ## install that: no command
	@$(places) $(INSTALL) -d "$$lib/cognito"
	@$(places) $(INSTALL) -m 755 $(BUILD)-wire/cognito/wire.so "$$lib/cognito"
	@$(install_modules)
	@echo Installed in $(call quote,$(DESTDIR)$(LUADIR)) and $(call quote,$(DESTDIR)$(LIBDIR))

uninstall: ## remove what install put there
	@$(places) rm -rf "$$share/cognito" "$$lib/cognito"
	@$(places) rm -f "$$bin/cognito"
	@rm -f $(call quote,$(DESTDIR)$(BASH_COMPLETIONS)/cognito) $(call quote,$(DESTDIR)$(ZSH_COMPLETIONS)/_cognito) \
	  $(call quote,$(DESTDIR)$(FISH_COMPLETIONS)/cognito.fish)
	@grep -ls 'Made by scripts/man.lua of lua-cognito' $(man1)/cognito.1 $(man1)/cognito-*.1 | \
	  while read -r page; do rm -f "$$page"; done

# For the shell: a folder's name may hold blanks and quotes.
quote  = '$(subst ','\'',$(1))'
places = share=$(call quote,$(DESTDIR)$(LUADIR)); lib=$(call quote,$(DESTDIR)$(LIBDIR)); \
  bin=$(call quote,$(DESTDIR)$(BINDIR));

.PHONY: install install-shell install-wire man uninstall
