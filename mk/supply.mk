# A release, and the checks that its users can make.

##@ Release

check-hardening: build ## read-only relocations, stack protector, fortified calls, landing pads
	scripts/check_hardening '$(HARDENING)' $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so

check-reproducible: ## two builds in other folders give the same bytes
	scripts/check_reproducible $(LUA)

dist: ## tarball of the sources, list of parts and checksums in build/dist; KEY=ID signs these
	@KEY='$(KEY)' scripts/dist build/dist

.PHONY: check-hardening check-reproducible dist
