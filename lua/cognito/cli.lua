--- The command `cognito`.
-- @module cognito.cli
local M = {}

-- Scripts ask for the version often: it needs neither the C core nor an
-- argument parser.
local function wants_version(argv)
  return #argv == 1 and (argv[1] == "--version" or argv[1] == "version")
end

-- The core says in its first line why it cannot be loaded; a module that is not
-- found, only where it was looked for. All else is a mistake of ours.
local function explain(reason)
  local missing = reason:match "^module '([^']*)' not found"
  if missing then
    return ("the command needs the Lua module %s, for %s"):format(missing, jit and jit.version or _VERSION)
  end
  return reason:find "^cognito%.core " and reason:match "^[^\n]*" or reason
end

--- Runs the command line.
-- @tparam table argv the arguments, without the program's name
-- @treturn integer the exit status
function M.main(argv)
  if wants_version(argv) then
    print("cognito " .. require "cognito.version")
    return 0
  end
  local ok, run = pcall(require, "cognito.cli.run")
  if not ok then
    io.stderr:write("cognito: ", explain(tostring(run)), "\n")
    return 1
  end
  return run(argv)
end

return M
