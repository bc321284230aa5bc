--- Programs that a command line names: whether they can be run, asked before
-- anything depends on them.
-- @module cognito.cli.program

local native = require "cognito.native"

local M = {}

local USUAL = "/bin:/usr/bin" -- where the system looks without a PATH

-- The bits of the mode are not the whole answer: root, lists of access.
local function is_executable(path)
  local done = native.run { "test", "-x", path }
  return not done or done.status == 0
end

local function fault_at(path)
  local facts, message = native.file_facts(path)
  if not facts then
    return "cannot be found: " .. message
  elseif not facts.regular then
    return "is no file"
  end
  return not is_executable(path) and "is not executable" or nil
end

-- Where exec looks for a name without a slash; an empty entry is this folder.
local function fault_in_path(name, path)
  local fault = "is not found in PATH"
  for folder in (path .. ":"):gmatch "([^:]*):" do
    local candidate = (folder == "" and "." or folder) .. "/" .. name
    local facts = native.file_facts(candidate)
    if facts and facts.regular then
      if is_executable(candidate) then
        return nil
      end
      fault = "is not executable"
    end
  end
  return fault
end

--- Why a program cannot be run.
-- @tparam string name looked up in PATH unless it holds a slash
-- @tparam function env like `os.getenv`
-- @treturn ?string words that go on from its name; nil: nothing is known against it
function M.fault(name, env)
  if name == "" then
    return "has no name"
  elseif name:find("/", 1, true) then
    return fault_at(name)
  end
  return fault_in_path(name, env "PATH" or USUAL)
end

return M
