--- `cognito rotate-secret`
-- @module cognito.cli.command.rotate_secret

local client = require "cognito.cli.client"
local number = require "cognito.cli.number"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local rotation = require "cognito.cli.rotation"
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
  command:flag("--show", "Print the new secret, too.")
  options.declare(command)
  parser.examples(command, {
    "cognito rotate-secret --to new-secret                        # adds it, and verifies that it works",
    "cognito rotate-secret --to new-secret --delete-after 86400   # goes on: a day later the old one is deleted",
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

local function show_step(console)
  return function(step)
    if console.json then
      console:object(step)
    else
      console:line("%-6s  %s%s", step.step, step.state, step.detail and " (" .. step.detail .. ")" or "")
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
  local work = rotation.new {
    pool = client.new(args, console), ids = ids_of(args, console), path = args.to, report = show_step(console),
  }
  local ended, secret = work:run(args.delete_after, args.dry_run)
  if args.show and secret and console.json then
    console:object { secret = secret }
  elseif args.show and secret then
    console:line("%s", secret)
  end
  tell_next(args, console, ended)
  return stop.DONE
end

return M
