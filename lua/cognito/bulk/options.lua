--- What the functions of bulk jobs can be told.
-- @module cognito.bulk.options

local check = require "cognito.check"
local sound = require "cognito.bulk.journal.sound"
local tables = require "cognito.tables"

local M = {}

--- Options of `cognito.bulk.plan`.
M.plan = {
  pool = "table", journal = "string", action = "string", users = "anything", exclude = "anything",
  allow_unmatched = "boolean", expect_email = "string", sign_out = "anything", again = "boolean", permanent = "boolean",
  recheck = "boolean", lock = "boolean", factors = "table", quotas = "boolean",
  look_up_rate = "rate", on_progress = "function",
  status = "anything", older_than = "anything", created_before = "anything",
}

--- Options of `cognito.bulk.open`.
M.open = { journal = "string", pool = "table" }

--- Options of `cognito.bulk.jobs`.
M.jobs = { journal = "string" }

--- Options of `job:approve`.
M.approve = { plan = "string", by = "string" }

--- Options of `job:resume`.
M.resume = { failed = "boolean", code = "string", uncertain = "boolean", by = "string" }

--- Options of `job:run`.
M.run = {
  rate = "rate", concurrency = "count", limit = "count", hold = "boolean", max_failures = "amount",
  daily_limit = "amount", max_sms = "amount", builtin_mail = "boolean", on_progress = "function",
  password = "function", client_metadata = "table", caller = "string", yes = "boolean",
  by = "string", moved = "boolean", lease = "seconds", settle = "amount", patience = "amount", at = "function",
}

--- Options of `job:report`.
M.report = { format = "string", redact = "boolean" }

local defaults = {
  [M.run] = { patience = 900 }, -- and the limits, which the journal keeps
  [M.plan] = { sign_out = true, recheck = true, again = false, permanent = true, look_up_rate = 10 },
  [M.report] = { format = "csv" },
}

-- The journal keeps them, and refuses as damaged what none of them can be.
local function check_kept(given, level)
  for name, value in pairs(given) do
    if type(value) == "number" and (value > sound.MOST or name == "rate" and value < sound.SLOWEST) then
      error(("option '%s' must be a number from %.0e to %.0e"):format(name, name == "rate" and sound.SLOWEST or 0,
        sound.MOST), level + 1)
    end
  end
end

--- Checks options and fills in defaults.
-- @tparam ?table given
-- @tparam table known one of the above
-- @tparam string name of the function, for the message
-- @tparam number level whom to blame, as in `error`
-- @treturn table a copy
-- @raise for an unknown or mistyped option
function M.check(given, known, name, level)
  given = given or {}
  if type(given) ~= "table" then
    error(("%s takes a table of options, not a %s"):format(name, type(given)), level + 1)
  end
  check.entries(given, known, "option", level + 1)
  if known == M.run then
    check_kept(given, level + 1)
  end
  return tables.add(tables.copy(defaults[known]), given)
end

return M
