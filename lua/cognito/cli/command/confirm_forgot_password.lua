--- `cognito confirm-forgot-password`
-- @module cognito.cli.command.confirm_forgot_password

local client = require "cognito.cli.client"
local metadata = require "cognito.cli.metadata"
local native = require "cognito.native"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local secrets = require "cognito.cli.secrets"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user, by the name that was given when the code was requested.")
    :argname "USERNAME"
  secrets.refuse_more(command)
  metadata.declare(command)
  secrets.declare(command, "code")
  secrets.declare(command, "password")
  secrets.declare(command, "client_secret")
  options.declare(command, true)
  parser.examples(command, {
    "cognito confirm-forgot-password ada                 # asks for the code and the new password",
    "cognito confirm-forgot-password --code-fd 3 --password-fd 3 ada 3<two-lines",
    "COGNITO_CODE=… COGNITO_PASSWORD=… cognito confirm-forgot-password ada",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local code = secrets.read(args, "code", console)
  local password = secrets.read(args, "password", console, { of = args.username, twice = true })
  local result = client.call(pool, "confirm_forgot_password", {
    username = args.username, confirmation_code = code, password = password, client_metadata = metadata.of(args),
  })
  if console.json then
    console:object(result, native.describe("confirm_forgot_password").output)
  else
    console:line("done: %s has a new password", args.username)
  end
end

return M
