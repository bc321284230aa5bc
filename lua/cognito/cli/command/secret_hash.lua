--- `cognito secret-hash`
-- @module cognito.cli.command.secret_hash

local ask = require "cognito.cli.ask"
local client = require "cognito.cli.client"
local native = require "cognito.native"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user, in the very bytes that are sent."):argname "USERNAME"
  secrets.refuse_more(command)
  secrets.declare(command, "client_secret")
  command:option("--client-id", "Id of the app client (COGNITO_CLIENT_ID)."):argname "ID"
  options.declare_output(command)
  parser.examples(command, {
    "cognito secret-hash --client-id 3n4b5urk1ft4fl3mg5e62d9ado ada <client-secret",
    "COGNITO_CLIENT_SECRET=… cognito secret-hash ada",
    "cognito secret-hash ada                             # asks for the secret",
  })
end

-- A variable or a descriptor that is named comes first: in a loop over a list
-- of users standard input is the list.
local function find_secret(args, console)
  local given = secrets.given(args, "client_secret", console.env)
  if given or console:is_terminal(ask.STANDARD_INPUT) then
    return given or secrets.read(args, "client_secret", console)
  end
  return secrets.given({ client_secret_fd = ask.STANDARD_INPUT }, "client_secret", console.env)
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local client_id = client.setting(args, "client_id", console.env)
  if not client_id then
    stop.usage("no client id: the hash is made of it", "Give --client-id, or set COGNITO_CLIENT_ID")
  elseif args.username == "" then
    stop.usage "the username is empty"
  end
  local secret = find_secret(args, console)
  local hash = native.secret_hash(args.username, client_id, type(secret) == "table" and secret[1] or secret)
  if console.json then
    console:object { secret_hash = hash }
  else
    console:line("%s", hash)
  end
end

return M
