--- `cognito admin-set-user-password`
-- @module cognito.cli.command.admin_set_user_password

local client = require "cognito.cli.client"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local secrets = require "cognito.cli.secrets"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user who gets the password. No message is sent."):argname "USERNAME"
  secrets.refuse_more(command)
  command:flag("--permanent", "Make the password permanent; otherwise the user must set another one at the next"
    .. " sign-in.")
  secrets.declare(command, "password")
  options.declare(command)
  parser.examples(command, {
    "cognito admin-set-user-password ada                 # asks for the password",
    "cognito admin-set-user-password --permanent --password-fd 3 ada 3<password",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  client.call(pool, "admin_set_user_password", {
    username = args.username,
    password = secrets.read(args, "password", console, { of = args.username, twice = true }),
    permanent = args.permanent or false,
  })
  if console.json then
    console:write "{}\n"
  else
    console:line("done: %s has a %s password", args.username, args.permanent and "permanent" or "temporary")
  end
end

return M
