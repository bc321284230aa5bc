--- `cognito sign-in`
-- @module cognito.cli.command.sign_in

local client = require "cognito.cli.client"
local consoles = require "cognito.cli.console"
local device = require "cognito.cli.device"
local errors = require "cognito.errors"
local metadata = require "cognito.cli.metadata"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local recovery = require "cognito.recovery"
local secrets = require "cognito.cli.secrets"
local session = require "cognito.cli.session"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

local with_code = {
  SMS_MFA = true, SMS_OTP = true, EMAIL_OTP = true, SOFTWARE_TOKEN_MFA = true,
}

local selects = { SELECT_MFA_TYPE = true, SELECT_CHALLENGE = true }

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "User name, sub, or an alias such as a verified e-mail address."):argname "USERNAME"
  secrets.refuse_more(command)
  command:option("--choose", "The second factor or first step, where the service lets the user choose.")
    :argname "NAME"
  session.declare(command)
  device.declare(command)
  metadata.declare(command)
  secrets.declare(command, "password")
  secrets.declare(command, "new_password")
  secrets.declare(command, "code")
  secrets.declare(command, "client_secret")
  options.declare(command, true)
  parser.examples(command, {
    "cognito sign-in ada                        # asks for the password, and for a code if need be",
    "cognito sign-in --password-fd 0 ada <password",
    "cognito sign-in --password-fd 0 --code-fd 3 ada <password 3<>fifo    # waits for the code",
    "cognito sign-in --session begun --password-fd 0 ada <password    # status 3: a code is sent",
    "cognito sign-in --session begun --code-fd 0 ada <code            # goes on",
    "cognito sign-in --device laptop --remember-device ada   # the next time: --device laptop alone",
    "cognito --json sign-in ada                 # prints the tokens",
  })
end

-- ---- challenges ----

local function is_among(names, wanted)
  for _, name in ipairs(names) do
    if name == wanted then
      return true
    end
  end
  return names[1] == nil -- the service named none
end

local function choice(args, _, challenge)
  local choices = challenge.choices or {}
  if args.choose and is_among(choices, args.choose) then
    return args.choose
  end
  local names = text.clean(table.concat(choices, ", "))
  stop.usage(("the service lets the user choose%s%s"):format(names ~= "" and ": " .. names or "",
    args.choose and ("; '%s' is none of them"):format(args.choose) or ""),
    "Name one of them with --choose, and run it again")
end

local function code(args, console, challenge)
  return secrets.read(args, "code", console, { of = challenge.parameters.CODE_DELIVERY_DESTINATION })
end

local function new_password(args, console)
  return secrets.read(args, "new_password", console, { of = args.username, twice = true })
end

-- The function that answers a challenge. One of another kind needs a program.
local function answerer(name)
  return with_code[name] and code or selects[name] and choice or name == "NEW_PASSWORD_REQUIRED" and new_password
end

-- Where the service has sent a code.
local function sent_to(challenge)
  local parameters = challenge.parameters
  local destination = with_code[challenge.name] and parameters.CODE_DELIVERY_DESTINATION
  return destination and ("%s to %s"):format(parameters.CODE_DELIVERY_DELIVERY_MEDIUM
    or challenge.name:match "^%u+", destination)
end

-- The option that takes the answer in another run.
local function option_of(name)
  return with_code[name] and "--code-fd FD" or selects[name] and "--choose NAME" or "--new-password-fd FD"
end

local function again_hint(challenge, of_session)
  local hint = of_session:hint(option_of(challenge.name))
  if hint then
    return hint
  elseif sent_to(challenge) then
    return "That code is lost, and another run sends another one: run it on a terminal, or with --session FILE, which"
      .. " keeps the sign-in for a run that has the code"
  end
  return "Run it again on a terminal, or see cognito sign-in --help for other ways"
end

-- By then the service has taken the first step, and may have sent a code:
-- an answer that is missing is no mistake before anything was sent.
local function half_done(challenge, message, hint)
  local sent = sent_to(challenge)
  stop.with(errors.new { code = "challenge_unanswered", kind = "validation", operation = "respond_to_auth_challenge",
    message = ("the sign-in has begun%s, but ends at %s: %s"):format(sent and " and sent a code by " .. sent or "",
      challenge.name, message), hint = hint })
end

local function answer(args, console, challenge, of_session)
  local by = answerer(challenge.name)
  if not by then
    half_done(challenge, "this command cannot answer it", "A program can: docs/sign_in.md")
  end
  of_session:keep(challenge)
  local ok, value = pcall(by, args, console, challenge)
  if ok then
    return value
  end
  local missing = stop.usage_of(value)
  if missing then
    half_done(challenge, missing.message, by == choice and missing.hint or again_hint(challenge, of_session))
  end
  error(value, 0)
end

-- ---- the run ----

local function show(args, console, tokens, of_device)
  if not console.json then
    return console:line("signed in: %s, for %s seconds", args.username, tostring(tokens.expires_in))
  end
  local shown = {}
  for name, value in pairs(tokens) do
    shown[name] = value
  end
  shown.device_error = tokens.device_error and consoles.facts(tokens.device_error)
  if of_device.path then
    shown.device = nil -- the file has it
  end
  console:object(shown)
end

-- The library's hints are for programs.
local function adapt(err, args, of_session)
  if args.device and err.hint and err.hint:find("sign in without the device", 1, true) then
    err.hint = ("The service remembers the device in %s with another password: remove that file"):format(args.device)
  end
  err = client.adapt(err)
  err.hint = of_session:after(err) or err.hint
  return err
end

-- A sign-in that goes on needs no password; its line may stand before the code's.
local function password_of(args, console, resumed)
  if resumed then
    return args.password_fd and secrets.given(args, "password", console.env)
  end
  return secrets.read(args, "password", console, { question = "Password", of = args.username })
end

local function sign_in(args, console, pool, of_device, of_session)
  of_session:prepare()
  local resumed = of_session:challenge()
  local tokens, err = recovery.sign_in(pool, { username = args.username,
    password = password_of(args, console, resumed), device = of_device:credential() }, {
      client_metadata = metadata.of(args),
      remember_device = of_device:wish(),
      resume = resumed,
      on_challenge = function(challenge) return answer(args, console, challenge, of_session) end,
    })
  if not tokens then
    stop.with(adapt(err, args, of_session))
  end
  return tokens
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local of_session = session.open(args, console)
  local of_device = device.open(args, console)
  local is_in, tokens = pcall(sign_in, args, console, pool, of_device, of_session)
  if not is_in then
    of_device:give_up()
    of_device:release()
    of_session:give_up()
    error(tokens, 0)
  end
  of_session:finish()
  -- First what would be lost: the tokens may find a full disk.
  local is_kept, fault = pcall(of_device.finish, of_device, console, tokens)
  of_device:release()
  show(args, console, tokens, of_device)
  if not is_kept then
    error(fault, 0)
  end
end

return M
