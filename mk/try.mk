# Using it from the working tree: shells, the demo, the examples.

# The command's first line names whatever `lua` is; this one, the Lua at hand.
$(BUILD)/bin/cognito:
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec %s %s "$$@"\n' $(call quote,$(call quote,$(LUA))) \
	  $(call quote,$(call quote,$(CURDIR)/bin/cognito)) >$@
	@chmod +x $@

# With -C make prints lines of its own around these, for which a shell finds no
# command. The last becomes a comment; the first is there before any rule runs.
# Since make 4.4 its flags do not say so, but a shell's PWD is another folder.
prints_lines = $(findstring w,$(firstword -$(MAKEFLAGS)))$(if $(findstring --no-print-directory,$(MAKEFLAGS)),,$(filter-out \
  $(realpath $(CURDIR)),$(realpath $(PWD))))

env: $(BUILD)/bin/cognito ## the variables to run it from here: eval "$$(make env)"
	@command -v '$(LUA)' >/dev/null || { echo '$(no_lua)' >&2; exit 1; }
	@echo 'unset $(VERSIONED)'
	@printf 'export %s\n' $(call quote,PATH=$(call quote,$(CURDIR)/$(BUILD)/bin):"$$PATH") \
	  $(call quote,LUA_PATH=$(call quote,$(FROM_HERE_LUA))) $(call quote,LUA_CPATH=$(call quote,$(FROM_HERE_C)))
	@$(if $(prints_lines),echo \
	  'make -C prints lines of its own: eval "$$($(CURDIR)/scripts/env)" has none' >&2; printf '# ')

repl: build ## an interpreter that has loaded it
	@$(RUN) $(LUA) -i -e 'cognito = require "cognito"'

compile_commands.json: ## for clangd and other tools that read C
	@for file in $(SOURCES); do \
	  printf '{"directory": "%s", "file": "src/%s.c", "command": "%s -c src/%s.c"}\n' \
	    '$(CURDIR)' "$$file" $(call quote,$(subst ",\",$(COMPILE))) "$$file"; done | \
	  sed '1s/^/[\n/; $$!s/$$/,/; $$s/$$/\n]/' >$@

deps: ## install what building and the demo need (Debian), or name it
	scripts/deps demo

demo: ## a user recovers an account, against a local user pool
	@scripts/deps demo
	@echo 'Building the C core'
	@$(MAKE) --no-print-directory --silent build
	@$(RUN) scripts/demo $(LUA)

demo-picture: build ## the picture in README.md, of what the demo prints
	@$(RUN) $(LUA) scripts/record_demo.lua

example-site: ## an account-recovery site in nginx, against a local user pool
	@scripts/deps site
	@$(MAKE) --no-print-directory --silent run-example-site LUA=luajit

run-example-site: build
	@$(RUN) scripts/example_site $(LUA)

example-site-pictures: build build-luajit ## the pictures of docs/images, in a headless browser
	@scripts/deps services
	@mkdir -p docs/images
	@PICTURES=docs/images $(RUN) $(BUSTED) --filter=pictures spec/services/example_site_spec.lua

example-game: ## a game server, a thousand players: what the network takes
	@scripts/deps game
	@$(MAKE) --no-print-directory --silent build
	@$(RUN) scripts/example_game $(LUA) $(GAME_FLAGS)

.PHONY: env repl compile_commands.json deps demo demo-picture example-site run-example-site \
        example-site-pictures example-game
