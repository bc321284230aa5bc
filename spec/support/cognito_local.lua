--- cognito-local, a user pool emulator from npm, as a process of its own.

local socket = require "socket"
local npm = require "spec.support.npm"

local VERSION = "5.3.0"

local M = {}

--- The code that every message carries.
M.CODE = "123456"

-- The shell ends the server, by its id, when its own input ends: with `stop`,
-- and also when the runner dies.
local SCRIPT = [[
  cd '%s' || exit
  HOST=127.0.0.1 PORT=0 CODE=%s NODE_NO_WARNINGS=1 node '%s/lib/bin/start.js' >log 2>&1 &
  read line
  kill $!
  wait $! 2>/dev/null
  cd / && rm -r '%s'
]]

local function run(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*l"
  pipe:close()
  return text
end

-- Its pools want e-mail addresses for usernames unless told otherwise.
local function new_folder()
  local folder = run "mktemp -d"
  assert(run("mkdir " .. folder .. "/.cognito && echo ok") == "ok")
  local file = assert(io.open(folder .. "/.cognito/config.json", "w"))
  file:write '{"UserPoolDefaults":{"UsernameAttributes":[]}}'
  file:close()
  return folder
end

local function printed(folder)
  local file = io.open(folder .. "/log")
  if not file then return "" end
  local text = file:read "*a"
  file:close()
  return text
end

local function wait_for_url(folder)
  local deadline = socket.gettime() + 60
  repeat
    local url = printed(folder):match "running on (http://127%.0%.0%.1:%d+)"
    if url then return url end
    socket.sleep(0.05)
  until socket.gettime() > deadline
  return nil
end

local Process = {}
Process.__index = Process

--- Starts one on a port the system picks, with its state in a folder of its own.
-- @treturn table process: `url`, and `stop()`
function M.start()
  local package = run "pwd" .. "/" .. npm.folder("cognito-local", VERSION)
  local folder = new_folder()
  local pipe = assert(io.popen(SCRIPT:format(folder, M.CODE, package, folder), "w"))
  local self = setmetatable({ pipe = pipe, url = wait_for_url(folder) }, Process)
  if not self.url then
    local text = printed(folder)
    self:stop()
    error("cognito-local did not start: " .. text)
  end
  return self
end

--- Ends the process and waits for it.
function Process:stop()
  self.pipe:close()
end

return M
