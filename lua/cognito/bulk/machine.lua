--- The machine that this process runs on.
-- @module cognito.bulk.machine

local inheritance = require "cognito.inheritance"
local native = require "cognito.native"
local text = require "cognito.bulk.text"

local M = {}

local LONGEST = 256 -- bytes

-- One for each installation (machine-id(5)); empty in many containers.
local function machine_id()
  local file = io.open("/etc/machine-id", "rb")
  local id = file and file:read(LONGEST)
  if file then
    file:close()
  end
  return id and id:match "^%x+"
end

--- The process's number and the machine's name, both for people.
-- @treturn ?string pid
-- @treturn ?string name
function M.process()
  local run = native.run({ "sh", "-c", "echo $PPID; uname -n" }, nil, inheritance.SECRETS_AND_KEYS)
  local pid, name = ((run or {}).stdout or ""):match "^(%d+)\n([^\n]*)"
  return pid, name and text.word(name)
end

--- What tells this machine from others: its id, else its name.
-- @treturn string
function M.id()
  return machine_id() or select(2, M.process()) or "unknown"
end

return M
