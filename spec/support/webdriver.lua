--- A headless Chromium, driven through chromedriver by the WebDriver protocol
-- (https://www.w3.org/TR/webdriver2/), as a process of its own.

local cjson = require "cjson"
local native = require "cognito.core"
local socket = require "socket"

local M = {}

-- Nothing is fetched that no page asks for.
local FLAGS = {
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  "--remote-debugging-pipe", -- it ends when chromedriver does
}

-- The shell ends the driver, and the browser with it, when its own input ends:
-- with `stop`, and also when the runner dies. Both are a process group.
local SCRIPT = [[
  setsid chromedriver --port=0 >'%s/log' 2>&1 &
  read line
  kill -KILL -$!
  wait $! 2>/dev/null
  rm -rf '%s'
]]

local SECONDS = 60 -- a busy machine takes its time to start a browser

local Driver = {}
Driver.__index = Driver

local function run(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*l"
  pipe:close()
  return text
end

local function printed(folder)
  local file = io.open(folder .. "/log")
  local text = file and file:read "*a" or ""
  if file then file:close() end
  return text
end

local function wait_for_port(folder)
  local deadline = socket.gettime() + SECONDS
  repeat
    local port = printed(folder):match "successfully on port (%d+)"
    if port then return port end
    socket.sleep(0.02)
  until socket.gettime() > deadline
  error("chromedriver did not start: " .. printed(folder))
end

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

local function begin(self, folder)
  self.url = ("http://127.0.0.1:%s/session"):format(wait_for_port(folder))
  local args = { "--user-data-dir=" .. folder .. "/profile" }
  for _, flag in ipairs(FLAGS) do args[#args + 1] = flag end
  local session = self:command("POST", "", { capabilities = { alwaysMatch = {
    browserName = "chrome", ["goog:chromeOptions"] = { args = args },
  } } })
  self.url = self.url .. "/" .. session.sessionId
end

--- Starts one with a profile of its own.
-- @treturn table driver: `command`, `devtools`, `stop`
function M.start()
  local folder = run "mktemp -d"
  local self = setmetatable({ http = native.http { max_response = 2 ^ 26 } }, Driver)
  self.pipe = assert(io.popen(SCRIPT:format(folder, folder), "w"))
  local ok, err = pcall(begin, self, folder)
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
  self.pipe:close()
end

return M
