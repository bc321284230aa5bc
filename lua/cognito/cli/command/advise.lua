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
  options.declare(command)
  parser.examples(command, {
    "cognito advise ada",
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

-- The command that makes the call which is advised; nil when the name is not
-- fit to be shown.
local function command_for(advice, username)
  local word = text.shell_argument(username)
  if advice.operation ~= "admin_create_user" then
    return word and ("cognito %s %s"):format(advice.operation:gsub("_", "-"), word)
  end
  return word and "cognito call admin-create-user --params " .. text.shell_word(json.line(advice.params))
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
  local advice, err = recovery.advise(pool, args.username, describe_pool(pool, console))
  if not advice then
    stop.with(client.adapt(err))
  elseif console.json then
    console:object(advice)
    return
  end
  console:line("%s: %s", args.username, state(advice))
  console:line("%s", advice.text)
  local command = advice.operation and command_for(advice, args.username)
  if command then
    console:tell("next: %s", command)
  end
end

return M
