--- `cognito advise`
-- @module cognito.cli.command.advise

local client = require "cognito.cli.client"
local json = require "cognito.cli.json"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local pool_settings = require "cognito.pool_settings"
local recovery = require "cognito.recovery"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"
local users = require "cognito.cli.users"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user to advise on. The look-up counts towards the monthly active users, which"
    .. " are billed; it changes and sends nothing."):argname "USERNAME"
  command:option("--lost", "A second factor that is lost: the advice is on the way around it."):choices {
    "SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP", "WEB_AUTHN" }
  options.declare(command)
  parser.examples(command, {
    "cognito advise ada",
    "cognito advise ada --lost SOFTWARE_TOKEN_MFA",
    "cognito advise --json ada | jq -r .operation",
  })
end

-- The pool's recovery setting makes the advice better; a caller that may look
-- at the user may not be allowed to look at the pool.
local function describe_pool(pool, console)
  local described, err = pool:describe_user_pool {}
  local known = described
  if described then
    known, err = pool_settings.user_pool(described)
  end
  if not known then
    console:tell("the pool's own settings are not known (%s): the advice takes it to recover by e-mail and phone",
      err.code)
  end
  return known and described
end

-- The pool's id begins with the Region of its primary: only elsewhere can this
-- be a secondary replica.
local function replicas_of(pool, console)
  local settings = pool:describe().settings
  local home = settings.user_pool_id and settings.user_pool_id.value:match "^(.+)_"
  if not home or not settings.region or home == settings.region.value then
    return nil
  end
  local replicas, err = pool:list_user_pool_replicas {}
  if not replicas then
    console:tell("the pool's replicas are not known (%s)", err.code)
  end
  return replicas
end

local by_name = { forgot_password = true, resend_confirmation_code = true }

-- The command that makes the call which is advised; nil when the name is not
-- fit to be shown.
local function command_for(advice, username)
  local word = text.shell_argument(username)
  local command = advice.operation:gsub("_", "-")
  if not word or by_name[advice.operation] then
    return word and ("cognito %s %s"):format(command, word)
  end
  return ("cognito call %s --params %s"):format(command, text.shell_word(json.line(advice.params)))
end

local function state(advice)
  if not advice.user_status then
    return advice.reason
  end
  local verified = {}
  for _, kind in ipairs { "email", "phone_number" } do
    if advice.verified[kind] then
      verified[#verified + 1] = kind
    end
  end
  return ("%s, %s, verified: %s"):format(advice.user_status, users.enabled(advice.enabled),
    verified[1] and table.concat(verified, " and ") or "nothing")
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local advice, err = recovery.advise(pool, args.username, describe_pool(pool, console),
    { lost = args.lost, replicas = replicas_of(pool, console) })
  if not advice then
    stop.with(client.adapt(err))
  elseif console.json then
    console:object(advice)
    return
  end
  console:line("%s: %s", args.username, state(advice))
  console:line("%s", advice.text)
  for _, rule in ipairs(advice.rules) do
    console:tell("rule: %s (%s)", rule.rule, rule.source)
  end
  local command = advice.operation and command_for(advice, args.username)
  if command then
    console:tell("next: %s", command)
  end
end

return M
