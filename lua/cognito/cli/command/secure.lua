--- `cognito secure`
-- @module cognito.cli.command.secure

local client = require "cognito.cli.client"
local clock = require "cognito.clock"
local consoles = require "cognito.cli.console"
local native = require "cognito.native"
local number = require "cognito.cli.number"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local recovery = require "cognito.recovery"
local selection = require "cognito.bulk.selection"
local stop = require "cognito.cli.stop"
local tables = require "cognito.tables"
local text = require "cognito.cli.text"
local users = require "cognito.cli.users"

local M = {}

local FACTORS = { "SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP" }

local function moment(word)
  local seconds = selection.seconds(word)
  local read = seconds and native.now() - seconds or selection.moment(word)
  if not read then
    return nil, ("--since: it must be %s, or %s"):format(selection.MOMENT, selection.SPAN)
  elseif read > native.now() then
    return nil, "--since: this is in the future"
  end
  return read
end

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:argument("username", "The user whose account was taken over. It is disabled, signed out everywhere, and its"
    .. " devices are forgotten. No message is sent."):argname "USERNAME"
  command:flag("--lock", "Set a random password instead of disabling the user, who can then recover the account."
    .. " Look at the verified address first: an attacker may have changed it.")
  command:option("--remove-factor", "Remove this second factor, too; may be repeated: "
    .. table.concat(FACTORS, ", ") .. "."):argname("FACTOR"):count("*"):choices(FACTORS)
  command:option("--since", "When the takeover began: 2026-11-20 (0:00 UTC), 2026-11-20T08:00:00Z, or a span like 7d."
    .. " Devices added before are kept, and older events are not listed. The service tells no date of factors.")
    :argname("TIME"):convert(moment)
  command:option("--events", "Print the last N sign-ins and other events of the user, if the pool's tier records them.")
    :argname("N"):convert(number.count "--events")
  options.declare(command)
  parser.examples(command, {
    "cognito secure ada",
    "cognito secure --since 3d --events 20 ada",
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
  if entry.kept then
    return (" (%d of %d, %d older kept)"):format(entry.done, entry.found, entry.kept)
  end
  return entry.found and entry.done and (" (%d of %d)"):format(entry.done, entry.found)
    or entry.found and (" (%d)"):format(entry.found) or entry.factor and (" (%s)"):format(entry.factor) or ""
end

local function why(entry)
  local err = entry.state ~= "unavailable" and entry.err
  local reason = err and err.code .. (err.message and ": " .. err.message or "") or entry.detail
  return reason and ": " .. text.clean(reason) or ""
end

-- The names that --remove-factor takes, and others.
local function listed(entry, factors)
  return entry.step == "list_factors" and factors and (" (%s)"):format(factors[1]
    and text.clean(table.concat(factors, ", ")) or "none") or ""
end

local function word(value)
  return value ~= nil and text.clean(tostring(value)) or "-"
end

-- A line for each: when, what and how it ended, the risk that the service saw, and
-- where it came from.
local function show_events(events, console)
  for _, event in ipairs(events) do
    local risk, from = event.event_risk or {}, event.event_context_data or {}
    console:line("%-20s  %s %s, risk %s %s, from %s %s %s %s", users.date(event.creation_date) or "-",
      word(event.event_type), word(event.event_response), word(risk.risk_decision), word(risk.risk_level),
      word(from.ip_address), word(from.city), word(from.country), word(from.device_name))
  end
end

local function show(account, console)
  for _, entry in ipairs(account.steps) do
    console:line("%-13s  %s%s%s%s", entry.step, entry.state, amount(entry), listed(entry, account.factors), why(entry))
  end
  local till = account.tokens_until or account.tokens_until_at_most
  if till then
    console:line("access tokens that were issued before live until %s%s", clock.format_rfc3339(till),
      account.tokens_until and "" or " at most")
  end
end

-- What to do about the steps that failed, each advice once.
local function advise(account, console)
  local said = {}
  for _, entry in ipairs(account.steps) do
    local hint = entry.state == "failed" and entry.err and client.adapt(entry.err).hint
    if hint and not said[hint] then
      said[hint] = true
      console:tell("next: %s", hint)
    end
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
  local account, err = recovery.secure(pool, args.username, { lock = args.lock, factors = args.remove_factor,
    since = args.since, events = args.events })
  if not account then
    stop.with(client.adapt(err))
  elseif console.json then
    show_json(account, console)
  else
    show(account, console)
    if args.events then
      show_events(account.events, console)
    end
    if not account.complete then
      console:flush() -- in a log the steps are above, too
      console:tell("%s: look at the steps above; it can be run again", account.closed and "not all of it is done"
        or "the account is still open")
      advise(account, console)
    end
  end
  return stop.interrupted() or status_of(account)
end

return M
