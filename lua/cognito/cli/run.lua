--- One run of the command, from the words to the exit status.
-- @module cognito.cli.run

local blanks = require "cognito.blanks"
local consoles = require "cognito.cli.console"
local native = require "cognito.native"
local parser = require "cognito.cli.parser"
local stop = require "cognito.cli.stop"

local function has(argv, word)
  for _, each in ipairs(argv) do
    if each == word then
      return true
    elseif each == "--" then
      return false
    end
  end
  return false
end

local function load_argparse()
  local found, argparse = pcall(require, "argparse")
  if not found then
    stop.failed("the command needs argparse", "luarocks install argparse, or apt install lua-argparse")
  end
  local major, minor = tostring(argparse.version):match "^(%d+)%.(%d+)"
  if not major or tonumber(major) == 0 and tonumber(minor) < 7 then
    stop.failed(("the command needs argparse 0.7 or newer, and this is %s"):format(argparse.version or "an older one"),
      "luarocks install argparse")
  end
  return argparse
end

local function run(argv, console)
  local argparse = load_argparse()
  if argv[1] == "__complete" then -- a shell asks
    require "cognito.cli.complete"(argparse, { (unpack or table.unpack)(argv, 2) }, console)
    return stop.DONE
  end
  local args, command = parser.parse(argparse, argv, console)
  if type(args.username) == "string" then
    args.username = blanks.trim(args.username) -- copied text has them; no name does
  end
  return command.run(args, console) or stop.DONE
end

-- A fault of ours is reported with its traceback; a stop as it is.
local function traced(err)
  return stop.is(err) and err or debug.traceback(tostring(err), 2)
end

-- A signal counts for more than what it made fail.
local function status_after(err, console)
  pcall(console.flush, console) -- what was printed comes before what is wrong
  if not stop.is(err) then
    for line in err:gmatch "[^\n]+" do
      console:tell("%s", (line:gsub("\t", "  ")))
    end
    err = { err = { code = "internal_error", message = err:match "^[^\n]*",
      hint = "This is a mistake in cognito: please report it with the lines above" } }
  end
  if err.err then
    console:report(err.err)
  end
  return stop.interrupted() or err.status or stop.FAILED
end

--- Runs the command line.
-- @tparam {string,...} argv
-- @treturn integer the exit status
return function(argv)
  native.no_core_dumps() -- passwords and secrets lie in memory
  native.catch_signals()
  -- Faults of the words are reported in the form that they ask for.
  local console = consoles.new { json = has(argv, "--json"), no_color = has(argv, "--no-color") }
  local ok, status = xpcall(function()
    local status = run(argv, console)
    console:flush()
    return status
  end, traced)
  return ok and status or status_after(status, console)
end
