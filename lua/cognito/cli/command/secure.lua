--- `cognito secure`
-- @module cognito.cli.command.secure

local client = require "cognito.cli.client"
local clock = require "cognito.clock"
local consoles = require "cognito.cli.console"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local recovery = require "cognito.recovery"
local stop = require "cognito.cli.stop"
local tables = require "cognito.tables"
local text = require "cognito.cli.text"

local M = {}

local FACTORS = { "SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP" }

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user whose account was taken over. It is disabled, signed out everywhere, and its"
    .. " devices are forgotten. No message is sent."):argname "USERNAME"
  command:flag("--lock", "Set a random password instead of disabling the user, who can then recover the account."
    .. " Look at the verified address first: an attacker may have changed it.")
  command:option("--remove-factor", "Remove this second factor, too; may be repeated: "
    .. table.concat(FACTORS, ", ") .. "."):argname("FACTOR"):count("*"):choices(FACTORS)
  options.declare(command)
  parser.examples(command, {
    "cognito secure ada",
    "cognito secure --lock --remove-factor SOFTWARE_TOKEN_MFA ada",
    "cognito --json secure ada | jq '.steps[] | select(.state != \"done\")'",
  })
end

-- Empty ones are lists, too.
local LISTS = {
  { name = "steps", type = "list" }, { name = "factors", type = "list" }, { name = "events", type = "list" },
}

local function show_json(account, console)
  local shown = tables.copy(account)
  shown.steps = {}
  for i, entry in ipairs(account.steps) do
    shown.steps[i] = tables.copy(entry)
    shown.steps[i].err = entry.err and consoles.facts(entry.err)
  end
  console:object(shown, LISTS)
end

local function amount(entry)
  return entry.found and entry.done and (" (%d of %d)"):format(entry.done, entry.found)
    or entry.found and (" (%d)"):format(entry.found) or entry.factor and (" (%s)"):format(entry.factor) or ""
end

local function why(entry)
  local err = entry.state ~= "unavailable" and entry.err
  local reason = err and err.code .. (err.message and ": " .. err.message or "") or entry.detail
  return reason and ": " .. text.clean(reason) or ""
end

local function show(account, console)
  for _, entry in ipairs(account.steps) do
    console:line("%-13s  %s%s%s", entry.step, entry.state, amount(entry), why(entry))
  end
  local till = account.tokens_until or account.tokens_until_at_most
  if till then
    console:line("access tokens that were issued before live until %s%s", clock.format_rfc3339(till),
      account.tokens_until and "" or " at most")
  end
end

-- Nothing done is a failure; all else is done in part.
local function status_of(account)
  if account.complete then
    return stop.DONE
  end
  for _, entry in ipairs(account.steps) do
    if entry.state == "done" then
      return stop.PARTLY
    end
  end
  return stop.FAILED
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local pool = client.new(args, console)
  local account, err = recovery.secure(pool, args.username, { lock = args.lock, factors = args.remove_factor })
  if not account then
    stop.with(client.adapt(err))
  elseif console.json then
    show_json(account, console)
  else
    show(account, console)
    if not account.complete then
      console:tell("%s: look at the steps above; it can be run again", account.closed and "not all of it is done"
        or "the account is still open")
    end
  end
  return stop.interrupted() or status_of(account)
end

return M
