--- The command `cognito`.
-- @module cognito.cli
local M = {}

-- Scripts ask for the version often: it needs neither the C core nor an
-- argument parser.
local function wants_version(argv)
  return #argv == 1 and (argv[1] == "--version" or argv[1] == "version")
end

--- Runs the command line.
-- @tparam table argv the arguments, without the program's name
-- @treturn integer the exit status
function M.main(argv)
  if wants_version(argv) then
    print("cognito " .. require "cognito.version")
    return 0
  end
  return require "cognito.cli.run"(argv)
end

return M
