# A release, and the checks that its users can make.

##@ Release

check-hardening: build ## read-only relocations, stack protector, fortified calls, landing pads
	scripts/check_hardening '$(HARDENING)' $(BUILD)/cognito/core.so $(BUILD)/cognito/wire.so

check-reproducible: ## two builds in other folders give the same bytes
	scripts/check_reproducible $(LUA)

release: ## sources, list of parts and checksums in build/release; KEY=ID signs these
	@KEY='$(KEY)' scripts/release build/release

.PHONY: check-hardening check-reproducible release
