--- A headless Chromium, driven through chromedriver by the WebDriver protocol
-- (https://www.w3.org/TR/webdriver2/), as a process of its own.

local cjson = require "cjson"
local native = require "cognito.core"
local process = require "spec.support.process"

local M = {}

-- Nothing is fetched that no page asks for.
local FLAGS = {
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  "--remote-debugging-pipe", -- it ends when chromedriver does
}

-- Driver and browser are a process group.
local KILL = "kill -KILL -$!"

local SECONDS = 60 -- a busy machine takes its time to start a browser

local Driver = {}
Driver.__index = Driver

--- One command of the protocol.
-- @tparam string method
-- @tparam string path below the session
-- @tparam[opt] table body
-- @return its value
function Driver:command(method, path, body)
  local reply = assert(self.http:send({
    method = method, url = self.url .. path, body = body and cjson.encode(body) or nil,
    headers = { { "Content-Type", "application/json" } },
  }, { timeout = SECONDS }))
  local value = cjson.decode(reply.body).value
  if reply.status ~= 200 then
    error(("%s %s: %s: %s"):format(method, path, value.error, value.message:match "^[^\n]*"), 2)
  end
  return value
end

--- A command of Chromium's own protocol.
-- @tparam string name like "Emulation.setDeviceMetricsOverride"
-- @tparam table params
function Driver:devtools(name, params)
  return self:command("POST", "/goog/cdp/execute", { cmd = name, params = params })
end

local function begin(self)
  self.url = ("http://127.0.0.1:%s/session"):format(self.process:await("successfully on port (%d+)", "chromedriver"))
  local args = { "--user-data-dir=" .. self.folder .. "/profile" }
  for _, flag in ipairs(FLAGS) do args[#args + 1] = flag end
  local session = self:command("POST", "", { capabilities = { alwaysMatch = {
    browserName = "chrome", ["goog:chromeOptions"] = { args = args },
  } } })
  self.url = self.url .. "/" .. session.sessionId
end

--- Starts one with a profile of its own.
-- @treturn table driver: `command`, `devtools`, `stop`
function M.start()
  local self = setmetatable({
    http = native.http { max_response = 2 ^ 26 }, folder = process.output_of "mktemp -d":match "%C+",
    process = process.start("setsid chromedriver --port=0 2>&1", { kill = KILL }),
  }, Driver)
  local ok, err = pcall(begin, self)
  if not ok then
    self:stop()
    error(err, 0)
  end
  return self
end

--- Ends driver and browser and waits for them.
function Driver:stop()
  pcall(self.command, self, "DELETE", "")
  self.http:close()
  self.process:stop()
  os.execute("rm -rf " .. self.folder)
end

return M
