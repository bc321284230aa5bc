# A release, and the checks that its users can make.

##@ Release

check-hardening: build ## read-only relocations, stack protector, fortified calls, landing pads
	@scripts/check_hardening '$(HARDENING)' $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so

check-reproducible: ## two builds in other folders give the same bytes
	@scripts/check_reproducible $(LUA)

dist: ## tarball of the sources, list of parts and checksums in build/dist; KEY=ID signs these
	@KEY='$(KEY)' scripts/dist build/dist

# The releases of Debian that the tarball is tried on, in bare chroots.
RELEASES ?= bookworm

release-check: ## what must hold before a release; RELEASES="bookworm trixie" tries the tarball on both
	@scripts/release_check $(RELEASES)

.PHONY: check-hardening check-reproducible dist release-check
