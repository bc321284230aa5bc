--- Validation of the facts about a job. The journal stores each one as text; no
-- limit, time or address is read from a damaged one, and no error shows its value.
-- @module cognito.bulk.journal.facts

local actions = require "cognito.bulk.actions"
local json = require "cognito.json"
local native = require "cognito.native"
local sound = require "cognito.bulk.journal.sound"
local states = require "cognito.bulk.states"

local M = {}

-- ---- kinds ----

local function matches(pattern, what)
  return { is = function(text) return text:find(pattern) ~= nil end, what = what }
end

local function one_of(list, what)
  local set = {}
  for _, word in ipairs(list) do
    set[word] = true
  end
  return { is = function(text) return set[text] or false end, what = what }
end

local function amount(low)
  return { is = function(text) return sound.number(text, low, sound.MOST) ~= nil end, what = "number" }
end

local function decoded(text)
  local ok, value = pcall(json.decode, text)
  return ok and type(value) == "table" and value or {}
end

-- A list of entries, each of which has two things of a kind.
local function list(is_entry, what)
  return {
    is = function(text)
      local entries = decoded(text)
      for _, entry in ipairs(entries) do
        if type(entry) ~= "table" or not is_entry(entry) then
          return false
        end
      end
      return entries[1] ~= nil
    end,
    what = what,
  }
end

local function is_pair(entry) return sound.is_text(entry[1]) and sound.is_text(entry[2]) end
local function is_order(entry) return sound.moment(entry.at) ~= nil and sound.count(entry.users) ~= nil end

local TEXT = { is = sound.is_text, what = "text" }
local WORD = matches("^[%w_.:-]+$", "word")
local BOOLEAN = one_of({ "true", "false" }, "true or false")
local COUNT = { is = function(text) return sound.count(text) ~= nil end, what = "count" }
local DATE = { is = function(text) return sound.moment(text) ~= nil end, what = "date" }
local URL = { is = function(text) return native.read_url(text) ~= nil end, what = "URL that can be called" }

local facts = {
  job = WORD, pool = WORD, tool_version = matches("^[%w.+_-]+$", "version"), redaction_key = WORD,
  action = one_of(actions.names(), "action of this version"),
  state = one_of(states.all, "state"),
  why = TEXT, close = WORD, factors = matches("^[%w_ ,]+$", "list of factors"), sessions = BOOLEAN,
  sign_out = BOOLEAN, recheck = BOOLEAN, permanent = BOOLEAN,
  created_before = DATE, status = matches("^[%u_ ]+$", "list of statuses"),
  planned_at = DATE, approved_at = DATE, started_at = DATE, ended_at = DATE, endpoint = URL,
  mails = COUNT, texts = COUNT, duplicates = COUNT, unmatched = COUNT, list_users = COUNT, admin_get_user = COUNT,
  plan_sha256 = matches("^%x+$", "hash"), repeated = list(is_order, "list of orders"),
  client_timeout = amount(0), client_region = WORD, client_id = WORD,
  limit_concurrency = amount(1), limit_max_failures = amount(0), limit_daily_limit = amount(0),
  limit_max_sms = amount(0), limit_lease = amount(0), limit_settle = amount(0), limit_builtin_mail = BOOLEAN,
  limit_client_metadata = list(is_pair, "list of pairs"),
  home_path = matches("^/", "path"),
}

-- Without these, a plan that was finished cannot be worked on.
local needed = { "job", "pool", "action", "sign_out", "recheck", "permanent", "state", "redaction_key", "planned_at",
  "endpoint", "mails", "texts", "duplicates", "list_users", "admin_get_user", "plan_sha256" }

-- ---- checks ----

local function check(key, text)
  local kind = facts[key] or TEXT
  if not TEXT.is(text) or not kind.is(text) then
    sound.refuse(("the fact %s"):format(facts[key] and key or "of another version"), kind.what)
  end
end

--- Refuses facts that cannot be what was noted.
-- @tparam table noted from key to text
-- @treturn table the same
-- @raise a cognito.Error
function M.check(noted)
  for key, text in pairs(noted) do
    check(key, text)
  end
  if noted.state ~= "planning" then
    for _, key in ipairs(needed) do
      if noted[key] == nil then
        sound.refuse("the fact " .. key, facts[key].what)
      end
    end
  end
  return noted
end

return M
