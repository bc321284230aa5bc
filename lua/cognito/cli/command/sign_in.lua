--- `cognito sign-in`
-- @module cognito.cli.command.sign_in

local client = require "cognito.cli.client"
local metadata = require "cognito.cli.metadata"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local recovery = require "cognito.recovery"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

local with_code = {
  SMS_MFA = true, SMS_OTP = true, EMAIL_OTP = true, SOFTWARE_TOKEN_MFA = true,
}

local choices = { SELECT_MFA_TYPE = true, SELECT_CHALLENGE = true }

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "User name, sub, or an alias such as a verified e-mail address."):argname "USERNAME"
  secrets.refuse_more(command)
  command:option("--choose", "The second factor or first step, where the service lets the user choose.")
    :argname "NAME"
  metadata.declare(command)
  secrets.declare(command, "password")
  secrets.declare(command, "new_password")
  secrets.declare(command, "code")
  secrets.declare(command, "client_secret")
  options.declare(command, true)
  parser.examples(command, {
    "cognito sign-in ada                                 # asks for the password, and for a code if need be",
    "cognito sign-in --password-fd 0 ada <password",
    "cognito --json sign-in ada                          # prints the tokens",
  })
end

local function choice(args, challenge)
  if args.choose then
    return args.choose
  end
  local names = table.concat(challenge.choices or {}, ", ")
  stop.usage(("the service lets the user choose%s"):format(names ~= "" and ": " .. text.clean(names) or ""),
    "Name one of them with --choose")
end

-- Challenges of other kinds need a program: they end with the library's error.
local function answer(args, console, challenge)
  if with_code[challenge.name] then
    return secrets.read(args, "code", console, { of = challenge.parameters.CODE_DELIVERY_DESTINATION })
  elseif choices[challenge.name] then
    return choice(args, challenge)
  elseif challenge.name == "NEW_PASSWORD_REQUIRED" then
    return secrets.read(args, "new_password", console, { of = args.username, twice = true })
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local password = secrets.read(args, "password", console, { question = "Password", of = args.username })
  local tokens, err = recovery.sign_in(pool, { username = args.username, password = password }, {
    client_metadata = metadata.of(args),
    on_challenge = function(challenge) return answer(args, console, challenge) end,
  })
  if not tokens then
    stop.with(client.adapt(err))
  elseif console.json then
    console:object(tokens)
  else
    console:line("signed in: %s, for %s seconds", args.username, tostring(tokens.expires_in))
  end
end

return M
