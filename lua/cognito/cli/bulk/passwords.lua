--- The passwords of a job that sets them: from a file, or from a program. They
-- are never written anywhere.
-- @module cognito.cli.bulk.passwords

local blanks = require "cognito.blanks"
local inheritance = require "cognito.inheritance"
local jobs = require "cognito.cli.bulk.jobs"
local native = require "cognito.native"
local program = require "cognito.cli.program"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

--- Adds the options that say where they come from.
-- @param command of argparse
function M.declare(command)
  command:option("--passwords", "For set-password: a CSV file with the columns username, as the pool has it, and"
    .. " password. It is read into memory."):argname "FILE"
  command:option("--password-command", "For set-password: a program that prints a user's password. It runs without"
    .. " a shell, as FILE -- NAME, and without AWS keys in its environment."):argname "FILE"
end

-- From a user's name to the password.
local function read(file)
  local columns, csv = require "cognito.bulk.columns", require "cognito.bulk.csv"
  local reader, known = csv.new(require("cognito.bulk.lines").of(file)), {}
  local names = reader:header()
  local user, password = columns.find(names, "username"), columns.find(names, "password")
  for record in function() return reader:record() end do
    known[blanks.trim(record[user])] = record[password]
  end
  return known
end

local function from_file(path)
  local file, message = io.open(path, "rb")
  if not file then
    stop.usage(("the passwords cannot be read: %s"):format(message))
  end
  local known, err = require("cognito.bulk.failure").catch(read, file)
  if not known then
    stop.usage(("the passwords cannot be read: %s, %s"):format(path, err.message))
  end
  return function(row) return known[row.username] end
end

-- Names are whatever users chose: behind "--" none is an option of the program.
-- A ^C at the terminal reaches the program as well: then it is asked again,
-- for the user's turn has come already.
local function ask(path, row)
  local done, message
  repeat
    local again = done
    done, message = native.run({ path, "--", row.username }, nil, inheritance.SECRETS_AND_KEYS)
  until again or not (done and done.signal and native.caught_signal())
  return done, message
end

-- What a shell, or env, exits with when it cannot run a program.
local not_run = { [126] = "is not executable (status 126)", [127] = "is not found (status 127)" }

local function broken(path, done, message)
  local fault = not done and "cannot be run: " .. tostring(message) or not_run[done.status]
  return fault and ("the program %s of --password-command, or one that it runs, %s"):format(path, fault)
end

local MOST_IN_A_ROW = 10 -- users without a password

-- When users fail one after the other, the program is at fault. Its standard
-- error may hold a secret, and is not repeated.
local function from_program(path)
  local in_a_row, fault = 0, nil
  return function(row)
    if fault then
      return nil, nil, fault
    end
    local done, message = ask(path, row)
    local password = done and done.status == 0 and done.stdout:match "^[^\r\n]+" or nil
    in_a_row = password and 0 or in_a_row + 1
    fault = broken(path, done, message) or in_a_row == MOST_IN_A_ROW
      and ("the program %s of --password-command gave no password for %d users in a row"):format(path, in_a_row) or nil
    return password, nil, fault
  end
end

--- Refuses a program that no user's password could come from.
-- @tparam table args
-- @tparam table console
-- @raise before anything is sent
function M.check(args, console)
  local fault = args.password_command and program.fault(args.password_command, console.env)
  if fault then
    stop.usage(("the program %s of --password-command %s"):format(args.password_command, fault),
      "Nothing was begun: name a program that runs")
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

--- The options, as they are to be typed again.
-- @tparam table args
-- @treturn string
function M.words(args)
  local option = args.passwords and "--passwords" or args.password_command and "--password-command"
  if not option then
    return ""
  end
  local path = args.passwords or args.password_command
  -- A program without a slash is looked for in PATH.
  local is_path = args.passwords or path:find("/", 1, true)
  return " " .. text.shell_option(option, is_path and jobs.absolute(path) or path)
end

return M
