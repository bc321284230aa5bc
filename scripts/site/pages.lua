-- pages.lua FOLDER: the site's pages in FOLDER/pages, and mkdocs.yml beside
-- them. Pages stay where they are in the repository, so their links hold; what
-- they link to that is no page is linked to in the repository itself. Each
-- operation gets a page. `make site` has put the reference there before.
package.path = "./?.lua;lua/?.lua;" .. package.path

local emit_docs = require "model.emit_docs"
local join = require "scripts.site.join"
local markdown = require "scripts.site.markdown"
local resolve = require "model.resolve"
local system = require "scripts.system"

local TREE = "https://github.com/lua-cognito/lua-cognito/blob/main/"
local folder = assert(arg[1], "usage: pages.lua FOLDER")

local read, quote = system.read, system.quote

local function write(path, text)
  assert(os.execute("mkdir -p " .. quote(path:match "^(.*)/")))
  system.write(path, text)
end

local function lines_of(command)
  local lines, ok = system.lines_of(command)
  assert(ok, command)
  return lines
end

local function is_there(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

-- Files of these folders that are pages, and what pages show.
local function sources()
  local found = lines_of "find *.md docs examples bench -name '*.md' -o -name '*.svg' -o -name '*.png' -o -name '*.txt'"
  local set = {}
  for _, path in ipairs(found) do set[path] = true end
  return found, set
end

-- From a page's folder to another path.
local function relative(page, path)
  return select(1, page:gsub("[^/]+", "")):gsub("/", "../") .. path
end

local found, is_page = sources()
local pages = emit_docs.pages(resolve(require "model.facts", require "model.overlay"))
local is_operation = {}
for _, page in ipairs(pages) do is_operation[page.name] = true end

-- Where a link of a page leads on the site; nil where it already does.
local function link_of(page)
  return function(target)
    local to, anchor = target:match "^([^#]*)#?(.*)$"
    if target:find "^%a+:" then return nil end
    local path = to == "" and page or join(page, to)
    if path == "docs/operations.md" and is_operation[anchor] then
      return relative(page, "docs/operations/" .. anchor .. ".md")
    elseif is_page[path] then
      return nil
    end
    path = path:gsub("/$", "")
    if is_page[path .. "/README.md"] then return relative(page, path .. "/README.md") end
    assert(is_there(path), page .. " links to " .. target .. ", which is not there")
    return TREE .. path
  end
end

-- docs/operations.md without what the pages of the operations have.
local function overview(text)
  return (text:gsub("\n## One by one\n.*", "\n"))
end

for _, path in ipairs(found) do
  local text = assert(read(path))
  if path == "docs/operations.md" then text = overview(text) end
  write(folder .. "/pages/" .. path, path:find "%.md$" and markdown.convert(text, link_of(path)) or text)
end
for _, page in ipairs(pages) do
  write(folder .. "/pages/docs/operations/" .. page.name .. ".md", page.text)
end
write(folder .. "/pages/site.css", assert(read "scripts/site/site.css"))

-- ---- the navigation ----

local nav = { assert(read "scripts/site/mkdocs.yml"), "  - Operations:\n      - All: docs/operations.md\n" }

local function add_operations(title, belongs)
  nav[#nav + 1] = ("      - %s:\n"):format(title)
  for _, page in ipairs(pages) do
    if belongs(page) then nav[#nav + 1] = ("          - docs/operations/%s.md\n"):format(page.name) end
  end
end

local function is_for_one_user(page) return page.name:find "^admin_" ~= nil end

add_operations("Public", function(page) return not page.signed end)
add_operations("Signed, one user", is_for_one_user)
add_operations("Signed, the pool", function(page) return page.signed and not is_for_one_user(page) end)

nav[#nav + 1] = "  - Reference:\n      - Modules: docs/modules.md\n"
for _, path in ipairs(lines_of(("cd %s/pages && LC_ALL=C ls reference/modules/*.md"):format(quote(folder)))) do
  nav[#nav + 1] = ("      - %s: %s\n"):format(path:match "([^/]*)%.md$", path)
end
write(folder .. "/mkdocs.yml", table.concat(nav))
