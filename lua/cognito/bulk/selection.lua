--- Which of the users that a source names a plan is for: by their status, and
-- by when they were created. Both are asked of the service when a user is
-- looked up, so every kind of source has them.
-- @module cognito.bulk.selection

local c_locale = require "cognito.c_locale"
local clock = require "cognito.clock"
local failure = require "cognito.bulk.failure"
local native = require "cognito.native"
local printable = require "cognito.printable"

local M = {}

--- Why a user is left out.
M.reasons = { created_later = true, other_status = true }

-- UserStatusType of the API.
local statuses = { "ARCHIVED", "COMPROMISED", "CONFIRMED", "EXTERNAL_PROVIDER", "FORCE_CHANGE_PASSWORD",
  "RESET_REQUIRED", "UNCONFIRMED", "UNKNOWN" }

local known = {}
for _, name in ipairs(statuses) do
  known[name] = true
end

local units = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 }
local LONGEST = 100 * 365 * 86400 -- seconds

M.SPAN = "a span of time above 0, like 7d: a whole number and s, m, h, d or w"
M.MOMENT = "a date like 2026-11-20 (0:00 UTC) or 2026-11-20T08:00:00Z"

--- Reads a span of time.
-- @param given `7d`, or a number of seconds
-- @treturn ?number seconds; nil for what is none
function M.seconds(given)
  local seconds = given
  if type(given) == "string" then
    local count, unit = given:match "^(%d+)([smhdw])$"
    seconds = count and #count < 12 and c_locale.tonumber(count) * units[unit]
  end
  return type(seconds) == "number" and seconds > 0 and seconds <= LONGEST and seconds or nil
end

--- Reads a date.
-- @param given epoch seconds, RFC 3339, or a date alone, which begins at 0:00
--   UTC
-- @treturn ?number epoch seconds; nil for what is none
function M.moment(given)
  if type(given) == "number" then
    return given > 0 and given < math.huge and given or nil
  elseif type(given) ~= "string" then
    return nil
  end
  return clock.parse_rfc3339(given:find "^%d%d%d%d%-%d%d%-%d%d$" and given .. "T00:00:00Z" or given)
end

local function refuse(option, message, ...)
  failure.raise("invalid_input", option .. ": " .. message:format(...))
end

local function past(option, moment, now)
  if moment > now then
    refuse(option, "this date is in the future, so that it would leave no user out")
  end
  return moment
end

local function created_before(given, now)
  if given.older_than and given.created_before then
    refuse("older_than", "give this or created_before, not both")
  elseif given.older_than then
    local seconds = M.seconds(given.older_than)
    return seconds and now - seconds or refuse("older_than", "it must be %s", M.SPAN)
  elseif given.created_before then
    local moment = M.moment(given.created_before)
    return moment and past("created_before", moment, now) or refuse("created_before", "it must be %s", M.MOMENT)
  end
end

local function check_known(name)
  if known[name] then
    return
  end
  local nearest = type(name) == "string" and native.nearest(c_locale.upper(name), statuses)
  refuse("status", "there is no status %s; %s", printable.clean(tostring(name)),
    nearest and ("did you mean %s?"):format(nearest) or "there are: " .. table.concat(statuses, ", "))
end

local function states_of(action)
  local list = {}
  for _, name in ipairs(statuses) do
    list[#list + 1] = action.states[name] == true and name or nil
  end
  return table.concat(list, ", ")
end

-- A plan of users whom the action is not for would be a plan for no user.
local function check_for_action(name, given, action)
  local rule = action.states[name]
  if rule == "already_reset" and not given.again then
    refuse("status", "users who are %s are skipped, unless the option again is set", name)
  elseif rule ~= true and rule ~= "already_reset" then
    refuse("status", "%s is not for users who are %s, but for %s", given.action, name, states_of(action))
  end
end

local function wanted_statuses(given, action)
  local list = type(given.status) == "string" and { given.status } or given.status
  if type(list) ~= "table" or not list[1] then
    refuse("status", "it must be a status, or a list of them: %s", table.concat(statuses, ", "))
  end
  local wanted, words = {}, {}
  for _, name in ipairs(list) do
    check_known(name)
    check_for_action(name, given, action)
    wanted[name] = true
  end
  for _, name in ipairs(statuses) do
    words[#words + 1] = wanted[name] and name or nil
  end
  return wanted, table.concat(words, " ")
end

--- Reads the options that choose among users.
-- @tparam table given `older_than`, `created_before`, `status`; `action`, `again`
-- @tparam table action one of `cognito.bulk.actions`
-- @tparam number now epoch seconds
-- @treturn table selection: `created_before`, `statuses` (a set), `status` (a text)
-- @raise a cognito.Error
function M.read(given, action, now)
  local selection = { created_before = created_before(given, now) }
  if given.status ~= nil then
    selection.statuses, selection.status = wanted_statuses(given, action)
  end
  return selection
end

--- Why a user is not among the chosen.
-- @tparam table selection
-- @tparam table user
-- @treturn ?string reason
-- @raise a cognito.Error for a user of whom no date is known
function M.reason(selection, user)
  if selection.statuses and not selection.statuses[user.status] then
    return "other_status"
  elseif not selection.created_before then
    return nil
  end
  local created = M.moment(user.created)
  if not created then
    failure.raise("invalid_input", ("when the user %s was created is not known: plan without older_than and"
      .. " created_before, or give users by name, because those are looked"
      .. " up"):format(printable.clean(tostring(user.username))))
  end
  return created >= selection.created_before and "created_later" or nil
end

--- What a plan's facts say about the selection.
-- @tparam table facts
-- @treturn ?number created_before epoch seconds
-- @treturn ?table list of statuses
function M.of(facts)
  local list
  for name in (facts.status or ""):gmatch "%S+" do
    list = list or {}
    list[#list + 1] = name
  end
  return c_locale.tonumber(facts.created_before), list
end

return M
