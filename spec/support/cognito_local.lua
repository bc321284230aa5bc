--- cognito-local, a user pool emulator from npm, as a process of its own.

local npm = require "spec.support.npm"
local process = require "spec.support.process"

local VERSION = "5.3.0"

local M = {}

--- The code that every message carries.
M.CODE = "123456"

-- Its pools want e-mail addresses for usernames by default.
local function new_folder()
  local folder = process.output_of "mktemp -d":match "%C+"
  assert(os.execute("mkdir " .. folder .. "/.cognito"))
  process.write('{"UserPoolDefaults":{"UsernameAttributes":[]}}', folder .. "/.cognito/config.json")
  return folder
end

local Process = {}
Process.__index = Process

--- Starts one on a port the system picks, with its state in a folder of its own.
-- @treturn table process: `url`, and `stop()`
function M.start()
  local package = process.output_of "pwd":match "%C+" .. "/" .. npm.folder("cognito-local", VERSION)
  local self = setmetatable({ folder = new_folder() }, Process)
  self.process = process.start(("env -C %s HOST=127.0.0.1 PORT=0 CODE=%s NODE_NO_WARNINGS=1 node %s 2>&1"):format(
    self.folder, M.CODE, process.quote(package .. "/lib/bin/start.js")))
  self.url = self.process:await("running on (http://127%.0%.0%.1:%d+)", "cognito-local")
  return self
end

--- Ends the process and waits for it.
function Process:stop()
  self.process:stop()
  os.execute("rm -r " .. self.folder)
end

return M
