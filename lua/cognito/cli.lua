--- The command `cognito`.
--
-- Each subcommand is a module with `declare(command)` and `run(args)`, loaded
-- only when it is the one that was asked for.
--
-- @module cognito.cli
local M = {}

local subcommands = {
  { name = "sandbox", module = "cognito.sandbox.command",
    summary = "Serve a local user pool for development." },
}

-- Scripts ask for the version often: it needs no argument parser.
local function wants_version(argv)
  return #argv == 1 and (argv[1] == "--version" or argv[1] == "version")
end

local function new_parser(argparse, asked_for)
  local parser = argparse("cognito",
    "Account recovery for Amazon Cognito user pools.")
  parser:flag("--version", "Print the version and exit.")
  local run
  for _, entry in ipairs(subcommands) do
    local command = parser:command(entry.name, entry.summary)
    if entry.name == asked_for then
      local module = require(entry.module)
      module.declare(command)
      run = module.run
    end
  end
  return parser, run
end

--- Runs the command line.
-- @tparam table argv the arguments, without the program's name
-- @treturn integer the exit status
function M.main(argv)
  if wants_version(argv) then
    print("cognito " .. require "cognito.version")
    return 0
  end
  local found, argparse = pcall(require, "argparse")
  if not found then
    io.stderr:write("cognito: needs argparse (luarocks install argparse, or"
      .. " apt install lua-argparse)\n")
    return 1
  end
  local parser, run = new_parser(argparse, argv[1])
  local args = parser:parse(argv)
  return run(args)
end

return M
