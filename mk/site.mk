# The documentation as a site.

##@ Documentation

SITE = build/site

# The reference comes as Markdown, so that the search finds it, too.
site: ## the documentation as a site in build/site: search, a page for each operation, the reference
	@scripts/deps docs
	@rm -rf $(SITE) $(SITE)-pages
	@mkdir -p $(SITE)-pages
	@ldoc --quiet --fatalwarnings --template scripts/site --ext page --dir $(SITE)-pages/ldoc . >/dev/null
	@mkdir -p $(SITE)-pages/pages/reference/modules
	@for page in $(SITE)-pages/ldoc/modules/*.page; do \
	  cp "$$page" $(SITE)-pages/pages/reference/modules/"$$(basename "$$page" .page)".md || exit; done
	@lua5.4 scripts/site/pages.lua $(SITE)-pages
	@mkdocs build --strict --quiet --config-file $(SITE)-pages/mkdocs.yml
	@lua5.4 scripts/site/check.lua $(SITE)

.PHONY: site
