--- A visitor in a real browser, with a keyboard and nothing else.

local cjson = require "cjson"
local npm = require "spec.support.npm"
local socket = require "socket"
local webdriver = require "spec.support.webdriver"

local AXE_VERSION = "4.14.1"

local M = {}

local Browser = {}
Browser.__index = Browser

-- WebDriver's names of keys (section 17.4.2).
local KEYS = { tab = "\238\128\132", enter = "\238\128\135", shift = "\238\128\136", ["end"] = "\238\128\144" }

-- lua-cjson makes objects of empty lists.
local NO_ARGUMENTS = { cjson.null }

--- Starts one.
-- @treturn table browser
function M.start()
  local driver = webdriver.start()
  -- Tab leads out of the page at its end; the page is to keep the focus.
  driver:devtools("Emulation.setFocusEmulationEnabled", { enabled = true })
  return setmetatable({ driver = driver }, Browser)
end

--- Ends it.
function Browser:stop()
  self.driver:stop()
end

--- Waits until a condition holds.
-- @tparam string what for the message when it never does
-- @tparam function condition
-- @return what it returned
function Browser:wait(what, condition)
  local deadline = socket.gettime() + 60
  repeat
    local found = condition()
    if found then return found end
    socket.sleep(0.02)
  until socket.gettime() > deadline
  error("waited in vain for " .. what, 2)
end

--- Runs JavaScript in the page.
-- @tparam string script the body of a function
-- @param ... its arguments
-- @return what it returned
function Browser:run(script, ...)
  local arguments = select("#", ...) > 0 and { ... } or NO_ARGUMENTS
  return self.driver:command("POST", "/execute/sync", { script = script, args = arguments })
end

--- Opens a page.
-- @tparam string url
function Browser:open(url)
  self.driver:command("POST", "/url", { url = url })
end

--- The path of the page.
-- @treturn string
function Browser:path()
  return self:run "return location.pathname + location.search + location.hash"
end

-- ---- the keyboard ----

local function strokes(keys)
  local actions = {}
  for _, key in ipairs(keys) do
    actions[#actions + 1] = { type = "keyDown", value = key }
    actions[#actions + 1] = { type = "keyUp", value = key }
  end
  return { actions = { { type = "key", id = "keyboard", actions = actions } } }
end

--- Presses keys, one after the other.
-- @tparam string ... names: tab, enter
function Browser:press(...)
  local keys = {}
  for i, name in ipairs { ... } do keys[i] = assert(KEYS[name], name) end
  self.driver:command("POST", "/actions", strokes(keys))
end

--- Types into whatever has the focus.
-- @tparam string text ASCII
function Browser:type(text)
  local keys = {}
  for character in text:gmatch "." do keys[#keys + 1] = character end
  self.driver:command("POST", "/actions", strokes(keys))
end

--- Presses Enter and waits for the page that follows, be it the same again.
function Browser:submit()
  self:run "window.left = false"
  self:press "enter"
  self:wait("the next page", function()
    local ok, arrived = pcall(self.run, self, "return window.left === undefined && document.readyState === 'complete'")
    return ok and arrived
  end)
end

-- The focused element, in a word: an id, or the tag and the text.
local NAME = [[
  const e = document.activeElement
  const name = e.id || e.tagName.toLowerCase() + ": " + (e.getAttribute("aria-label") || e.textContent.trim())
]]

local VISIBLE = [[
  const style = getComputedStyle(document.activeElement)
  const visible = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && style.outlineColor !== getComputedStyle(document.querySelector("main")).backgroundColor
]]

--- The focused element: an id, or the tag and the text.
-- @treturn string
function Browser:focused()
  return self:run(NAME .. "return name")
end

--- Whether it can be seen that it has the focus.
-- @treturn boolean
function Browser:focus_is_visible()
  return self:run(VISIBLE .. "return visible")
end

--- Everything that Tab reaches on a page that was just opened.
-- @treturn table list of what `focused` says of each
-- @treturn table list of those whose focus is not to be seen
function Browser:tab_stops()
  local stops, hidden = {}, {}
  local count = self:run [[return document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), [tabindex='0']").length]]
  for i = 1, count do
    self:press "tab"
    local stop = self:run(NAME .. VISIBLE .. "return [name, visible]")
    stops[i] = stop[1]
    if not stop[2] then hidden[#hidden + 1] = stop[1] end
  end
  return stops, hidden
end

--- Presses Tab until a field, link or button has the focus.
-- @tparam string name as `focused` tells it
function Browser:tab_to(name)
  for _ = 1, 30 do
    if self:focused() == name then return end
    self:press "tab"
  end
  error("Tab does not reach " .. name, 2)
end

-- ---- the looks ----

--- Makes the page as large as a screen.
-- @tparam integer width in CSS pixels
-- @tparam integer height
-- @tparam[opt=1] number scale device pixels per CSS pixel
-- @tparam[opt=false] boolean phone
function Browser:screen(width, height, scale, phone)
  self.driver:devtools("Emulation.setDeviceMetricsOverride", {
    width = width, height = height, deviceScaleFactor = scale or 1, mobile = phone or false,
  })
end

--- The visitor's preferences.
-- @tparam string name like "prefers-color-scheme"
-- @tparam string value like "dark"; an empty one takes it back
function Browser:prefer(name, value)
  self.driver:devtools("Emulation.setEmulatedMedia", { features = { { name = name, value = value } } })
end

--- Headers that go with every request from now on.
-- @tparam table headers texts by name
function Browser:headers(headers)
  self.driver:devtools("Network.enable", { maxTotalBufferSize = 0 })
  self.driver:devtools("Network.setExtraHTTPHeaders", { headers = headers })
end

--- By how many pixels the page is wider than the screen.
-- @treturn integer
function Browser:overflow()
  return self:run "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
end

--- Writes a picture of the whole page, as wide as the screen.
-- @tparam string path of a PNG file
function Browser:picture(path)
  local metrics = self.driver:devtools("Page.getLayoutMetrics", { unused = false }).cssContentSize
  local shot = self.driver:devtools("Page.captureScreenshot", {
    captureBeyondViewport = true,
    clip = { x = 0, y = 0, width = metrics.width, height = metrics.height, scale = 1 },
  })
  local decode = assert(io.popen("base64 -d >'" .. path .. "'", "w"))
  decode:write(shot.data)
  decode:close()
end

-- ---- accessibility ----

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

local RUN_AXE = [[
  const done = arguments[arguments.length - 1]
  axe.run(document, { resultTypes: ["violations", "incomplete"] }).then(
    (results) => done({
      passes: results.passes.length,
      violations: results.violations.concat(results.incomplete).map(
        (rule) => rule.id + ": " + rule.help + ": " + rule.nodes.map((node) => node.html).join(" ")),
    }),
    (error) => done({ passes: 0, violations: [String(error)] }))
]]

--- The faults that axe-core finds in the page, doubtful ones included.
-- @treturn table list of sentences
-- @treturn integer rules that the page keeps
function Browser:complaints()
  self:run(read(npm.folder("axe-core", AXE_VERSION) .. "/axe.min.js") .. "\nwindow.axe = axe")
  local result = self.driver:command("POST", "/execute/async", { script = RUN_AXE, args = NO_ARGUMENTS })
  return result.violations, result.passes
end

return M
