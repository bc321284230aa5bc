-- The documentation as a site, built by `make site` and looked at in a browser.
-- PICTURES=FOLDER keeps pictures: desktop and phone, light and dark.

local browsers = require "spec.support.browser"
local process = require "spec.support.process"

local PAGES = { "index", "docs/recovery", "docs/operations/admin_create_user", "docs/tutorials/json_api",
  "reference/modules/cognito.core" }

local folder, server, url, browser

setup(function()
  folder = process.output_of("mkdir -p build && mktemp -d build/site.XXXXXX"):match "%C+"
  local said, status = process.output_of(("make --no-print-directory site SITE=%s/site 2>&1"):format(folder))
  assert(status == 0, said)
  server = process.start(("python3 -u -m http.server 0 --bind 127.0.0.1 --directory %s/site 2>&1"):format(folder))
  url = "http://127.0.0.1:" .. server:await(" port (%d+)", "the server") .. "/"
  browser = browsers.start()
end)

teardown(function()
  if browser then browser:stop() end
  if server then server:stop() end
  os.execute("rm -rf " .. process.quote(folder))
end)

local function open(page)
  browser:open(url .. page .. ".html")
end

local function scheme()
  return browser:run "return document.body.getAttribute('data-md-color-scheme')"
end

describe("the site of the documentation", function()
  for _, page in ipairs(PAGES) do
    it("fits a phone: " .. page, function()
      browser:screen(360, 740, 1, true)
      open(page)
      assert.equal(0, browser:overflow())
    end)
  end

  it("loads nothing from elsewhere", function()
    browser:screen(1280, 900)
    for _, page in ipairs(PAGES) do
      open(page)
      local loaded = browser:run "return performance.getEntriesByType('resource').map(entry => entry.name).join('\\n')"
      for address in loaded:gmatch "[^\n]+" do
        assert.truthy(address:find(url, 1, true) == 1 or address:find "^data:" or address:find "^blob:", address)
      end
    end
  end)

  -- It keeps what a visitor saw first, or chose later.
  local function open_as_new(page, colours)
    browser:prefer("prefers-color-scheme", colours)
    open(page)
    browser:run "localStorage.clear()"
    open(page)
  end

  it("is dark where a new visitor prefers it, and light elsewhere", function()
    for wanted, name in pairs { dark = "slate", light = "default" } do
      open_as_new("index", wanted)
      assert.equal(name, scheme())
    end
  end)

  -- The search takes no text twice in turn.
  local function search(words)
    browser:run([[
      const field = document.querySelector('[data-md-component=search-query]')
      field.focus()
      field.value = arguments[0]
      field.dispatchEvent(new Event('keyup'))]], words)
  end

  local function await_found(words, page)
    browser:wait(words .. " to be found", function()
      local found = browser:run [[
        return [...document.querySelectorAll('.md-search-result__link')].map(link => link.href).join('\n')]]
      return found:find(url .. page, 1, true)
    end)
  end

  -- The theme's worker loses its index where words are typed while it starts; it looks for those of the URL after that.
  it("has a search that finds operations, reasons and functions", function()
    browser:screen(1280, 900)
    browser:open(url .. "index.html?q=admin_create_user")
    await_found("admin_create_user", "docs/operations/admin_create_user.html")
    search "hourly_limit"
    await_found("hourly_limit", "docs/errors.html")
    search "public_answer"
    await_found("public_answer", "reference/modules/cognito.recovery.html")
  end)

  it("has its pictures taken", function()
    local pictures = os.getenv "PICTURES"
    if not pictures then return pending "PICTURES names no folder" end
    for _, page in ipairs(PAGES) do
      for _, colours in ipairs { "light", "dark" } do
        for name, width in pairs { desktop = 1280, phone = 390 } do
          browser:screen(width, 900, 1, name == "phone")
          open_as_new(page, colours)
          browser:picture(("%s/%s-%s-%s.png"):format(pictures, page:gsub("/", "."), name, colours))
        end
      end
    end
  end)
end)
