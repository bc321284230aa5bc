--- `cognito confirm-sign-up`
-- @module cognito.cli.command.confirm_sign_up

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
  command:argument("username", "The user who signed up."):argname "USERNAME"
  secrets.refuse_more(command)
  command:flag("--force-alias-creation", "Take an e-mail address or phone number over from a user who has it as"
    .. " an alias already.")
  metadata.declare(command)
  secrets.declare(command, "code")
  secrets.declare(command, "client_secret")
  options.declare(command, true)
  parser.examples(command, {
    "cognito confirm-sign-up ada                         # asks for the code",
    "cognito confirm-sign-up --code-fd 0 ada <code",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local result = client.call(pool, "confirm_sign_up", {
    username = args.username,
    confirmation_code = secrets.read(args, "code", console),
    force_alias_creation = args.force_alias_creation,
    client_metadata = metadata.of(args),
  })
  if console.json then
    console:object(result, native.describe("confirm_sign_up").output)
  else
    console:line("done: %s is confirmed", args.username)
  end
end

return M
