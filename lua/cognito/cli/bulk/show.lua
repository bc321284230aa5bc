--- A job in words and numbers.
-- @module cognito.cli.bulk.show

local tables = require "cognito.tables"
local text = require "cognito.cli.text"
local users = require "cognito.cli.users"

local M = {}

local function row(console, title, format, ...)
  console:line("%-9s " .. format, title, ...)
end

--- Counts by name, in one line.
-- @tparam table counts from name to number
-- @treturn string
function M.listed(counts)
  local words = {}
  for i, name in ipairs(tables.sorted_keys(counts)) do
    words[i] = ("%s %d"):format(name, counts[name])
  end
  return words[1] and table.concat(words, ", ") or "none"
end

local function states(by_status)
  local words = {}
  for i, name in ipairs(tables.sorted_keys(by_status)) do
    local counts = by_status[name]
    words[i] = ("%s %d"):format(name, counts.act + counts.skip)
    if counts.skip > 0 then
      words[i] = ("%s (%d skipped)"):format(words[i], counts.skip)
    end
  end
  return words[1] and table.concat(words, ", ") or "none"
end

local messages = { EMAIL = "by mail", SMS = "by SMS", none = "none" }

local function mediums(by_medium)
  local words = {}
  for name, count in pairs(by_medium) do
    words[messages[name] or name] = count
  end
  return M.listed(words)
end

--- A span of time, as coarsely as people want it.
-- @tparam number seconds
-- @treturn string
function M.duration(seconds)
  local minutes, hours = math.floor(seconds / 60), math.floor(seconds / 3600)
  if seconds < 90 then
    return ("%d s"):format(math.ceil(seconds))
  elseif minutes < 90 then
    return ("%d min"):format(minutes)
  elseif hours < 36 then
    return ("%d h %d min"):format(hours, minutes % 60)
  end
  return ("%d d %d h"):format(math.floor(hours / 24), hours % 24)
end

-- Of those whom a lock keeps out: who cannot recover alone.
local function recovery(console, summary)
  local notes = {}
  for name, count in pairs(summary.by_note) do
    notes[name] = name ~= "email_changed" and count or nil
  end
  row(console, "way back", "%d of %s cannot recover alone%s", summary.no_way_back, text.count(summary.act, "user"),
    next(notes) and ": " .. M.listed(notes) or "")
end

-- Of those who are kept out: who cannot recover, and whose address is another
-- one than expected, so that a code would go to a stranger.
local function ways_back(console, summary)
  local keeps_out = summary.act > 0
  if keeps_out and summary.disables then
    row(console, "way back", "a disabled user cannot recover: %s before cognito bulk plan enable", summary.act == 1
      and "this one cannot" or ("none of the %d can"):format(summary.act))
  elseif keeps_out and summary.locks then
    recovery(console, summary)
  end
  local changed = summary.by_note.email_changed or 0
  if changed > 0 then
    row(console, "address", "%s another one than expected: not skipped, and a code would go to that one",
      text.count(changed, "user has", "users have"))
  end
end

local function choice(summary)
  local words = {}
  words[1] = summary.statuses and "users who are " .. table.concat(summary.statuses, " or ")
  words[#words + 1] = summary.created_before and "created before " .. users.date(summary.created_before)
  return table.concat(words, ", ")
end

local function takes(summary)
  local calls = summary.act * summary.calls_per_user
  if summary.steps then
    return ("%s at %.4g %s a second: %s, and one for each session and device"):format(M.duration(summary.seconds),
      summary.rate, summary.rate == 1 and "step" or "steps", text.count(calls, "call"))
  end
  return ("%s at %.4g %s a second: %s, up to %.4g a second"):format(M.duration(summary.seconds), summary.rate,
    summary.rate == 1 and "user" or "users", text.count(calls, "call"), summary.rate * summary.calls_per_user)
end

-- Of the account, whose other callers share them, and of the pool's sender.
local function limits_looked_up(console, summary)
  local words, mails = {}, summary.by_medium.EMAIL or 0
  for i, name in ipairs(tables.sorted_keys(summary.quotas or words)) do
    local limit = summary.quotas[name]
    words[i] = type(limit) == "number" and ("%s %.0f a second"):format(name, limit) or ("%s %s"):format(name, limit)
  end
  if words[1] then
    row(console, "quotas", "%s", text.clean(table.concat(words, ", ")))
  end
  if summary.mails_a_day and mails > 0 then
    row(console, "mail", "the pool's built-in sender sends about %d a day: %s", summary.mails_a_day,
      text.count(math.ceil(mails / summary.mails_a_day), "day"))
  end
end

local function then_signs_out(summary)
  if summary.sessions then
    return summary.action == "sign-out" and ", then end the sessions of the managed login"
      or ", then sign out and end the sessions of the managed login"
  end
  return summary.sign_out and ", then sign out" or ""
end

--- Prints what a plan says.
-- @tparam table console
-- @tparam table summary as from `job:summary`
function M.summary(console, summary)
  if console.json then
    console:object(summary)
    return
  end
  row(console, "plan", "%s", summary.plan)
  row(console, "job", "%s%s, of users of %s", summary.action, then_signs_out(summary), summary.pool)
  if summary.created_before or summary.statuses then
    row(console, "chosen", "%s", choice(summary))
  end
  if summary.steps then
    row(console, "steps", "%s", table.concat(summary.steps, ", "))
  end
  row(console, "users", "%d: %d will be acted on, %d will be skipped", summary.total, summary.act, summary.skip)
  row(console, "states", "%s", states(summary.by_status))
  row(console, "skipped", "%s", M.listed(summary.by_reason))
  row(console, "messages", "%s", mediums(summary.by_medium))
  if summary.duplicates > 0 then
    row(console, "twice", "further names of users who were listed already: %d", summary.duplicates)
  end
  if summary.unmatched > 0 then
    row(console, "unmatched", "%s to leave out %s no user: %s", text.count(summary.unmatched, "name of a user",
      "names of users"), summary.unmatched == 1 and "matches" or "match", text.clean(summary.unmatched_names))
  end
  ways_back(console, summary)
  row(console, "look-ups", "%d of ListUsers, %d of AdminGetUser, which count towards the bill",
    summary.calls.list_users, summary.calls.admin_get_user)
  if summary.recheck then
    row(console, "recheck", "one more of ListUsers for each user before the message: %d", summary.act)
  end
  limits_looked_up(console, summary)
  if summary.act > 0 then
    row(console, "takes", "%s%s", takes(summary), summary.bound_by and ", bound by " .. summary.bound_by or "")
  end
end

local function workers(status)
  local alive = 0
  for _, run in ipairs(status.runs) do
    alive = alive + (run.ended_at and 0 or 1)
  end
  if alive == 0 or not status.is_worked_on then
    return "no process works on it"
  end
  return alive == 1 and "one process works on it" or ("%d processes work on it"):format(alive)
end

-- Those that decide how many messages go out; --json tells the rest.
local function limits_of(limits)
  local function most(n) return n and n > 0 and ("%.15g"):format(n) or "any number of" end
  return ("%s message%s a day, stops after %s failure%s%s%s%s"):format(most(limits.daily_limit),
    limits.daily_limit == 1 and "" or "s", most(limits.max_failures), limits.max_failures == 1 and "" or "s",
    limits.max_sms and (", at most %.15g SMS"):format(limits.max_sms) or "",
    limits.builtin_mail and ", built-in mail is meant" or "", limits.client_metadata and ", client metadata" or "")
end

--- Prints how far a job is.
-- @tparam table console
-- @tparam table status as from `job:status`
function M.status(console, status)
  if console.json then
    console:object(status)
    return
  end
  row(console, "job", "%s, of users of %s", status.action, status.pool)
  row(console, "state", "%s%s; %s", status.state, status.why and status.why ~= status.state
    and (" (%s)"):format(status.why) or "", workers(status))
  row(console, "users", "%d: %d accepted, %d failed, %d skipped, %d uncertain, %d to do", status.total,
    status.accepted, status.failed, status.skipped, status.uncertain, status.planned + status.started)
  if status.failed > 0 then
    row(console, "failed", "%s", M.listed(status.failed_by_code))
  end
  for _, step in ipairs(status.steps or {}) do
    row(console, "step", "%s: %d done, %d failed, %d unknown, %d not available", step.step, step.done, step.failed,
      step.unknown, step.unavailable)
  end
  if status.still_signed_in > 0 then
    row(console, "sessions", "%s still signed in: the action was accepted, the sign-out failed",
      text.count(status.still_signed_in, "user is", "users are"))
  end
  if status.sign_outs > 0 then
    row(console, "to do", "%s still to be signed out", text.count(status.sign_outs, "accepted user is",
      "accepted users are"))
  end
  row(console, "pace", "%s %s%s a second", ("%.4g"):format(status.rate), status.steps and "step" or "user",
    status.rate == 1 and "" or "s")
  if status.seconds_left then
    row(console, "left", "%s%s", M.duration(status.seconds_left), status.waits_for_days and ", by the daily limit"
      or " of work at this pace")
  end
  row(console, "limits", "%s", limits_of(status.limits))
  row(console, "endpoint", "%s", status.endpoint)
end

return M
