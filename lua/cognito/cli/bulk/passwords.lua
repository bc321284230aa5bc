--- The passwords of a job that sets them: from a file, or from a program. They
-- are never written anywhere.
-- @module cognito.cli.bulk.passwords

local native = require "cognito.native"
local stop = require "cognito.cli.stop"

local M = {}

--- Adds the options that say where they come from.
-- @param command of argparse
function M.declare(command)
  command:option("--passwords", "Of set-password: a CSV file with the columns username, as the pool has it, and"
    .. " password. It is kept in memory."):argname "FILE"
  command:option("--password-command", "Of set-password: a program that prints a user's password. It is run without a"
    .. " shell, with the user's name as its argument."):argname "FILE"
end

local function column(names, wanted, path)
  for i, name in ipairs(names) do
    if name == wanted then
      return i
    end
  end
  stop.usage(("%s has no column %s"):format(path, wanted))
end

local function from_file(path)
  local file, message = io.open(path, "rb")
  if not file then
    stop.usage(("the passwords cannot be read: %s"):format(message))
  end
  local reader, known = require("cognito.bulk.csv").new(require("cognito.bulk.lines").of(file)), {}
  local names = reader:header()
  local user, password = column(names, "username", path), column(names, "password", path)
  for record in function() return reader:record() end do
    known[record[user]] = record[password]
  end
  return function(row) return known[row.username] end
end

-- A ^C at the terminal reaches the program as well: then it is asked again,
-- for the user's turn has come already.
local function from_program(path)
  return function(row)
    local done
    repeat
      local again = done
      done = native.run { path, row.username }
    until again or not (done and done.signal and native.caught_signal())
    return done and done.status == 0 and done.stdout:match "^[^\r\n]+" or nil
  end
end

--- What tells a user's password.
-- @tparam table args
-- @treturn ?function as `job:run` takes it
-- @raise when the file is none
function M.of(args)
  if args.passwords and args.password_command then
    stop.usage "give --passwords or --password-command, not both"
  end
  return args.passwords and from_file(args.passwords)
    or args.password_command and from_program(args.password_command) or nil
end

return M
