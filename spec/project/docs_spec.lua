-- The pages lead to one another: the index has all of them, and no link leads
-- to a page or a heading that is not there.

local c_locale = require "cognito.c_locale"
local lfs = require "lfs"

local function read(path)
  local file = io.open(path)
  local text = file and file:read "*a"
  if file then file:close() end
  return text
end

local function pages()
  local list = { "README.md", "CONTRIBUTING.md", "SECURITY.md", "RELEASING.md", "SUPPORT.md", "CODE_OF_CONDUCT.md" }
  for name in lfs.dir "docs" do
    list[#list + 1] = name:find "%.md$" and "docs/" .. name or nil
  end
  for name in lfs.dir "docs/tutorials" do
    list[#list + 1] = name:find "%.md$" and "docs/tutorials/" .. name or nil
  end
  table.sort(list)
  return list
end

local function without_code(text)
  return (("\n" .. text):gsub("\n```.-\n```", "\n"):gsub("\n    [^\n]*", "\n"))
end

-- As GitHub makes anchors of headings; a heading that comes twice has -1.
local function anchors(text)
  local set = {}
  for heading in without_code(text):gmatch "\n#+ ([^\n]+)" do
    local anchor = c_locale.lower(heading):gsub("[^%w%s_\128-\255-]", ""):gsub("%s", "-")
    set[set[anchor] and anchor .. "-1" or anchor] = true
  end
  return set
end

local function links(text)
  local list = {}
  for target in without_code(text):gmatch "%]%(([^)%s]+)%)" do
    if not target:find "^%a+:" then list[#list + 1] = target end
  end
  return list
end

local function resolved(page, target)
  local path = (page:match "^.*/" or "") .. target
  return (path:gsub("[^/]+/%.%./", ""))
end

describe("the documentation", function()
  for _, page in ipairs(pages()) do
    it("has no broken link in " .. page, function()
      for _, target in ipairs(links(read(page))) do
        local path, anchor = target:match "^([^#]*)#?(.*)$"
        path = path == "" and page or resolved(page, path)
        assert.truthy(lfs.attributes(path), ("%s: %s"):format(page, target))
        if anchor ~= "" then
          assert.truthy(anchors(read(path))[anchor], ("%s: %s"):format(page, target))
        end
      end
    end)
  end

  it("has an index with every page", function()
    local listed = {}
    for _, target in ipairs(links(read "docs/README.md")) do
      listed[resolved("docs/README.md", target:match "^[^#]*")] = true
    end
    for _, page in ipairs(pages()) do
      assert.truthy(listed[page] or page == "docs/README.md", page)
    end
  end)

  it("names in its folders each module of lua/cognito that there is, and no other", function()
    local listed = read "docs/design.md":match "\n    lua/cognito/\n(.-)\n    bin/cognito"
    for name in listed:gmatch "[%w_/]+%.lua" do
      assert.truthy(lfs.attributes("lua/cognito/" .. name), name)
    end
    for name in lfs.dir "lua/cognito" do
      if name:find "%.lua$" then assert.truthy(listed:find("%f[%w_/]" .. name:gsub("%.", "%%.")), name) end
    end
  end)

  it("has a glossary in alphabetical order, each word once", function()
    local last = ""
    for cell in read("docs/glossary.md"):gmatch "\n| ([^|\n]+) |" do
      local word = c_locale.lower((cell:gsub("`", "")))
      if word ~= "word" and not word:find "^%-" then
        assert.is_true(last < word, ("%s after %s"):format(word, last))
        last = word
      end
    end
    assert.equal("worker", last)
  end)
end)
