# Hours of the same, to see what adds up.

##@ Soak

# Each part in a process of its own, one after the other; see scripts/soak.lua.
SOAK ?= blocking blocking-luajit loop loop-luajit cqueues nginx sandbox-luajit site
SOAKS  = blocking loop cqueues nginx sandbox site
CALLS ?= 1000000
DURATION ?= 3600

soak: ## CALLS=1000000 over each runtime, then DURATION=3600 seconds of the recovery site; SOAK="loop nginx"
	@scripts/check_words SOAK '$(SOAK)' among '$(SOAKS) $(SOAKS:%=%-luajit)'
	@scripts/check_words CALLS '$(CALLS)' number
	@scripts/check_words DURATION '$(DURATION)' number
	@scripts/deps services
	@$(MAKE) --no-print-directory --silent build spec-libs
	@$(MAKE) --no-print-directory --silent build spec-libs LUA=luajit
	@LIMIT=864000 scripts/test $(SOAK:%=soak-%)

soak-%-luajit:
	@$(MAKE) --no-print-directory soak-$* LUA=luajit

soak-%: build spec-libs
	@$(RUN) AWS_EC2_METADATA_DISABLED=true CALLS=$(CALLS) DURATION=$(DURATION) $(LUA) scripts/soak.lua $*

soak-bulk: ## bulk recovery at length: 100,000 users, kill -9 (half an hour)
	@scripts/deps services
	@$(MAKE) --no-print-directory --silent build spec-libs
	@$(RUN) AWS_EC2_METADATA_DISABLED=true $(LUA) scripts/soak_bulk.lua $(PARTS)

.PHONY: soak soak-bulk
