-- The documentation as a site: how its pages are made of those of the
-- repository, and that a dead link does not go unnoticed. `make site`, a part
-- of `make test-services`, builds and checks the whole.

local c_locale = require "cognito.c_locale"
local lfs = require "lfs"
local markdown = require "scripts.site.markdown"
local process = require "spec.support.process"

local read = process.read

local folder

before_each(function() folder = process.output_of("mktemp -d"):match "%C+" end)
after_each(function() os.execute("rm -rf " .. process.quote(folder)) end)

describe("a page of the site", function()
  local function convert(text) return markdown.convert(text, function() end) end

  it("has a gap before a list, and what belongs to an item moved in", function()
    assert.equal("Text\n\n- one\n    more\n- two\n\n    ![picture](x.png)\n\nend\n",
      convert "Text\n- one\n  more\n- two\n\n  ![picture](x.png)\n\nend\n")
    assert.equal("1. one\n\n        code\n\nend", convert "1. one\n\n       code\n\nend")
  end)

  it("has its code left as it is", function()
    local code = "# T\n\n```lua\n- a\n  f[x](y)\n```\n\n    - b\n      c\n\nend"
    assert.equal(code, markdown.convert(code, function() return "elsewhere" end))
  end)

  it("begins with its title", function()
    assert.equal("# Title\n", convert "<!-- Generated -->\n# Title\n")
  end)

  it("has its links asked for, and those left that need no other", function()
    local asked = {}
    assert.equal("[a](b.md) and [c](D)", markdown.convert("[a](b.md) and [c](d#e)", function(target)
      asked[#asked + 1] = target
      return target == "d#e" and "D" or nil
    end))
    assert.same({ "b.md", "d#e" }, asked)
  end)
end)

describe("the pages of the site", function()
  local function make()
    os.execute("mkdir -p " .. process.quote(folder .. "/pages/reference/modules"))
    process.write("# cognito\n", folder .. "/pages/reference/modules/cognito.md")
    local said, status = process.output_of(("%s scripts/site/pages.lua %s 2>&1"):format(
      process.quote(process.interpreter()), process.quote(folder)))
    assert.equal(0, status, said)
    return read(folder .. "/mkdocs.yml")
  end

  it("are all in its menu: those of docs, one of each operation, the reference", function()
    local menu, operations = make(), 0
    for name in lfs.dir(folder .. "/pages/docs") do
      if name:find "%.md$" then assert.truthy(menu:find("docs/" .. name, 1, true), name) end
    end
    for name in read "docs/operations.md":gmatch "\n| %[([%w_]+)%]%(#" do
      operations = operations + 1
      assert.truthy(menu:find("docs/operations/" .. name .. ".md", 1, true), name)
      local page = read(folder .. "/pages/docs/operations/" .. name .. ".md")
      assert.truthy(page:find("pool:" .. name .. " {", 1, true), name)
      assert.truthy(page:find("\nErrors: ", 1, true), name)
      for anchor in page:gmatch "%]%(#([%w_]+)%)" do
        assert.truthy(c_locale.lower(page):find("\n### " .. anchor .. "\n", 1, true), name .. "#" .. anchor)
      end
    end
    assert.equal(140, operations)
    assert.truthy(menu:find("- cognito: reference/modules/cognito.md", 1, true))
  end)

  it("link to each other, and to the repository where there is no page", function()
    make()
    assert.truthy(read(folder .. "/pages/docs/platforms.md"):find(
      "](https://github.com/lua-cognito/lua-cognito/blob/main/.github/workflows/platforms.yml)", 1, true))
    assert.falsy(read(folder .. "/pages/docs/operations.md"):find("](#admin_get_user)", 1, true))
  end)
end)

describe("the check of the site", function()
  local function check(page)
    process.write(page, folder .. "/index.html")
    process.write('<p id="here">', folder .. "/other.html")
    return process.output_of(("%s scripts/site/check.lua %s 2>&1"):format(
      process.quote(process.interpreter()), process.quote(folder)))
  end

  it("takes no text of a page for a link", function()
    local said, status = check '<code>&lt;a href="/recover"&gt;</code>'
    assert.equal(0, status, said)
  end)

  it("passes links that lead somewhere", function()
    local said, status = check(
      '<a href="other.html#here">x</a> <a href="#a" id="a">y</a> <a href="https://example.com/">z</a>')
    assert.equal(0, status, said)
    assert.equal("2 pages, 2 links within the site\n", said)
  end)

  for what, page in pairs {
    ["a page that is not there"] = '<a href="gone.html">x</a>',
    ["a place that is not there"] = '<a href="other.html#gone">x</a>',
    ["a place in the page itself"] = '<a href="#gone">x</a>',
    ["a script from elsewhere"] = '<script src="https://example.com/x.js">',
    ["a style sheet from elsewhere"] = '<link href="https://example.com/x.css" rel="stylesheet">',
  } do
    it("fails at " .. what, function()
      local said, status = check(page)
      assert.truthy(status ~= 0, said)
      assert.truthy(said:find("index.html", 1, true), said)
    end)
  end
end)
