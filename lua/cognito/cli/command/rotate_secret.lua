--- `cognito rotate-secret`
-- @module cognito.cli.command.rotate_secret

local client = require "cognito.cli.client"
local native = require "cognito.native"
local number = require "cognito.cli.number"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local rotation = require "cognito.cli.rotation"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:option("--to", "The file that the new secret is written to, for its owner alone. Until the rotation ends,"
    .. " FILE.rotation beside it notes how far it has come."):argname "FILE"
  command:option("--delete-after", "Wait so many seconds from the time that the new secret was first seen to work, then"
    .. " delete the old one. Without it the old one stays."):argname("SECONDS"):convert(number.amount "--delete-after")
  command:flag("--dry-run", "Say which steps are left, and take none.")
  command:flag("--show", "Print the new secret, too, once it is verified: also to a terminal.")
  command:option("--secret-fd", "Write the new secret, one line, to this descriptor, too, once it is verified; to 1 it"
    .. " is all that is printed. No terminal without --show."):argname("FD"):convert(secrets.output_descriptor)
  options.declare(command)
  parser.examples(command, {
    "cognito rotate-secret --to new-secret                        # adds it, and tries it",
    "cognito rotate-secret --to new-secret --delete-after 86400   # deletes the old one a day later",
    "cognito rotate-secret --to new-secret --secret-fd 1 | store-in-vault",
    "cognito forgot-password --client-secret-fd 3 ada 3<new-secret",
  })
end

local needed = {
  user_pool_id = { "the pool's id", "Give --user-pool-id, or set COGNITO_USER_POOL_ID" },
  client_id = { "the app client's id", "Give --client-id, or set COGNITO_CLIENT_ID" },
}

-- The ids are part of the file of notes: they are needed before any call.
local function ids_of(args, console)
  local ids = {}
  for name, words in pairs(needed) do
    ids[name] = client.setting(args, name, console.env)
    if not ids[name] then
      stop.usage(("rotate-secret: %s is missing"):format(words[1]), words[2])
    end
  end
  return ids
end

local STANDARD_OUTPUT = 1

-- Where the secret goes to standard output, the steps are no data.
local function show_step(args, console)
  local is_told = args.secret_fd == STANDARD_OUTPUT
  return function(step)
    local line = ("%-6s  %s%s"):format(step.step, step.state, step.detail and " (" .. step.detail .. ")" or "")
    if is_told then
      return console:tell("%s", line)
    elseif console.json then
      console:object(step)
    else
      console:line("%s", line)
    end
    console:flush()
  end
end

-- A terminal shows it to all who look, and keeps it.
local function check_descriptor(args, console)
  if args.secret_fd and console:is_terminal(args.secret_fd) and not args.show then
    stop.usage(("rotate-secret: descriptor %d is a terminal, which would show the secret"):format(args.secret_fd),
      "Name another one, or add --show")
  end
end

local function write_secret(args, secret)
  local written, message = native.write_descriptor(args.secret_fd, secret .. "\n")
  if not written then
    stop.failed(("the secret cannot be written to descriptor %d: %s"):format(args.secret_fd, message),
      ("%s holds it, and the old one stays: run the command again"):format(args.to))
  end
end

-- Once the secret works, and before anything waits.
local function hand_out(args, console)
  return function(secret)
    if args.secret_fd then
      write_secret(args, secret)
    end
    if not args.show or args.secret_fd == STANDARD_OUTPUT then
      return
    elseif console.json then
      console:object { secret = secret }
    else
      console:line("%s", secret)
    end
    console:flush()
  end
end

local function tell_next(args, console, ended)
  if args.dry_run then
    console:tell "nothing was changed"
  elseif ended then
    console:tell("done: %s holds the app client's only secret", args.to)
  else
    console:tell("next: give %s to every program beside the old secret, then: cognito rotate-secret --to %s"
      .. " --delete-after SECONDS", args.to, args.to)
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  if not args.to or args.to == "" then
    stop.usage("rotate-secret: the file for the new secret is missing", "Name one with --to")
  end
  check_descriptor(args, console)
  local work = rotation.new {
    pool = client.new(args, console), ids = ids_of(args, console), path = args.to, report = show_step(args, console),
    hand_out = hand_out(args, console),
  }
  local ended = work:run(args.delete_after, args.dry_run)
  tell_next(args, console, ended)
  return stop.DONE
end

return M
