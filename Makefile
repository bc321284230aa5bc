# lua-cognito: `make demo` and `make test` do everything on a fresh Debian
# machine; `make help` lists the rest. Every variable assigned with ?= (most are
# in mk/compile.mk and mk/install.mk) can be set from the environment or the
# command line.

# In this order, because a rule names what the files before it define, and
# `make help` lists the targets so.
FRAGMENTS = $(addprefix mk/,$(addsuffix .mk,compile run build install try test services memory soak fuzz coverage lint \
  bench site supply deb))
include $(FRAGMENTS)

##@ Other

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^##@/ { print "\n" substr($$0, 5) } \
	  /^[a-z-]+:.*## / { gsub(/\$$\$$/, "$$", $$2); \
	    printf "  %-21s %s\n", $$1, $$2 }' \
	  $(FRAGMENTS) Makefile

FORCE:

.PHONY: clean help FORCE
.DELETE_ON_ERROR:
