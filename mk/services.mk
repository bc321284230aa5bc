# The specs that need other programs, and other releases of Debian.

# nginx has a LuaJIT of its own, and loads the library that is built for it.
spec-services: build build-luajit spec-libs
	@$(RUN) $(BUSTED) --run=services $(SPEC)

# On other releases of Debian, in chroots. Unstable reports only.
COMPAT = bookworm trixie sid

compat: ## the library on other releases of Debian, in chroots: COMPAT="bookworm trixie sid"
	@status=0; for name in $(COMPAT); do scripts/compat $$name || status=1; done; exit $$status

compat-%: ## on one of them: compat-bookworm, compat-trixie, compat-sid
	@scripts/compat $*

compat-quick: ## Debian 12 and 13 in short: demo, a rock, C core, nginx, bulk jobs
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
	@scripts/test build-specs warnings,check-symbols,check-hardening,check-install,spec-nginx \
	  $(call joined,spec-postgres spec-bulk-newer $(patsubst %,spec-%,$(filter lua5.4 luajit lua5.5,$(LUAS))))

run-compat-quick:
	@scripts/test build-specs $(call joined,check-rock spec-c spec-nginx-behaviour spec-bulk)

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

.PHONY: spec-services compat compat-quick clean-compat platforms run-compat run-compat-quick \
        spec-c spec-bulk spec-bulk-newer build-for-nginx spec-nginx spec-nginx-behaviour \
        spec-postgres
