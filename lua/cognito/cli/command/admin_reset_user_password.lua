--- `cognito admin-reset-user-password`
-- @module cognito.cli.command.admin_reset_user_password

local client = require "cognito.cli.client"
local metadata = require "cognito.cli.metadata"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local stop = require "cognito.cli.stop"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user to lock out until a new password is set with the code.")
    :argname "USERNAME"
  command:flag("--sign-out", "End the user's sessions, too: a reset does not.")
  metadata.declare(command)
  options.declare(command)
  parser.examples(command, {
    "cognito admin-reset-user-password --sign-out ada",
    "cognito admin-reset-user-password --profile work ada@example.com",
  })
end

-- The reset stands, whatever becomes of this.
local function sign_out(pool, username)
  local done, err = pool:admin_user_global_sign_out { username = username }
  if not done then
    err = client.adapt(err)
    err.partial = true
    err.message = "the password is reset, but the sessions were not ended: " .. (err.message or "")
    stop.with(err)
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  client.call(pool, "admin_reset_user_password", {
    username = args.username, client_metadata = metadata.of(args),
  })
  if args.sign_out then
    sign_out(pool, args.username)
  end
  if console.json then
    console:write "{}\n"
    return
  end
  console:line("accepted: %s is locked out until a new password is set%s", args.username,
    args.sign_out and "; signed out everywhere" or "")
  if not args.sign_out then
    console:tell("sessions go on: --sign-out ends them")
  end
end

return M
