--- The two commands that send a user a code.
-- @module cognito.cli.codes

local client = require "cognito.cli.client"
local metadata = require "cognito.cli.metadata"
local native = require "cognito.native"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local secrets = require "cognito.cli.secrets"
local text = require "cognito.cli.text"

local M = {}

--- Tells the argument parser what such a command takes.
-- @param command of argparse
-- @tparam {string,...} examples
function M.declare(command, examples)
  command:argument("username", "User name, sub, or an alias such as a verified e-mail address."):argname "USERNAME"
  metadata.declare(command)
  secrets.declare(command, "client_secret")
  options.declare(command, true)
  parser.examples(command, examples)
end

--- Sends the code and says where it goes.
-- @tparam table args
-- @tparam table console
-- @tparam string operation
-- @tparam string next_command that takes the code
-- @treturn integer the exit status
function M.send(args, console, operation, next_command)
  local pool = client.new(args, console)
  local result = client.call(pool, operation, { username = args.username, client_metadata = metadata.of(args) })
  if console.json then
    console:object(result, native.describe(operation).output)
    return
  end
  local details = result.code_delivery_details or {}
  console:line("accepted: a code goes by %s to %s", details.delivery_medium or "an unnamed medium",
    details.destination or "an unnamed address")
  local word = text.shell_argument(args.username)
  if word then
    console:tell("next: cognito %s %s", next_command, word)
  end
end

return M
