# Debian packages, and images of containers.

##@ Packages

deb: ## Debian packages in build/deb, and what lintian says of them
	@scripts/deps deb
	@scripts/deb build/deb

deb-check: ## the same in chroots of Debian 12 and 13, then installed, used and purged in bare ones
	@status=0; for name in bookworm trixie; do scripts/compat $$name deb || status=1; done; exit $$status

deb-check-%:
	@scripts/compat $* deb

image-check: ## the images of containers/ in a chroot of Debian 13: built, and boto3 recovers an account there
	@scripts/compat trixie image

.PHONY: deb deb-check image-check
