--- The valid values of a journal's columns, checked for each row that is read and
-- for whole tables before a run. SQLite keeps any value in any column, and a number
-- that is none, or is far out of range, could end a wait at once or lift a limit:
-- a user would get a second message. A damaged value is refused by the name of
-- its column; the value itself is never shown.
-- @module cognito.bulk.journal.sound

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local native = require "cognito.native"
local sorted_keys = require("cognito.tables").sorted_keys

local M = {}

-- ---- kinds of values ----

-- A number from `low` to `high`, `whole` or not; a `set` of words; or a text.
-- `optional`: or NULL.

--- The largest number that is taken for a time, a rate or a limit.
M.MOST = 2 ^ 53

--- The smallest rate that is taken.
M.SLOWEST = 1e-12

local MOST_STEPS = 100 -- of an action

local YEAR_10000 = 253402300800 -- epoch seconds

local function range(low, high, what)
  return { low = low, high = high, what = what }
end

local function whole(high, low)
  return { low = low or 0, high = high, whole = true, what = "count" }
end

local function words(list)
  local set = {}
  for _, word in ipairs(list) do
    set[word] = true
  end
  return { set = set, list = list, what = "known word" }
end

local function optional(kind)
  local copy = { optional = true }
  for name, value in pairs(kind) do
    copy[name] = value
  end
  return copy
end

local COUNT, ID = whole(2 ^ 31 - 1), whole(2 ^ 53, 1)
local STEP = whole(MOST_STEPS, 1)
local MOMENT = range(0, YEAR_10000 - 1, "date")
local CLOCK = range(0, M.MOST, "time of the job's clock")
local RATE = range(M.SLOWEST / 100, M.MOST, "rate") -- it may have been slowed down
local TEXT = { text = true, what = "text" }
local ANY = optional(TEXT)

--- The states of a user's row.
M.states = { "planned", "started", "accepted", "failed", "skipped", "uncertain" }

local tables = {
  users = {
    id = ID, sub = ANY, username = TEXT, line = optional(whole(2 ^ 53)), status_before = ANY,
    enabled = optional(whole(1)), modified_before = ANY, medium = ANY, contact_before = ANY,
    plan = words { "act", "skip" }, reason = ANY, note = ANY, state = words(M.states), attempts = COUNT, worker = ANY,
    look_at = optional(CLOCK), seen = COUNT, tries = COUNT, traced = whole(1),
    step = STEP,
    sign_out = optional(words { "due", "started", "done", "failed" }), sign_out_code = ANY,
    started_at = optional(MOMENT), finished_at = optional(MOMENT), code = ANY, detail = ANY, request_id = ANY,
  },
  pace = { clock = CLOCK, seen = MOMENT, next_at = CLOCK, base = RATE, rate = RATE, changed_at = CLOCK },
  runs = {
    worker = TEXT, host = ANY, pid = ANY, tool_version = ANY, caller = ANY, endpoint = ANY,
    started_at = optional(MOMENT), ended_at = optional(MOMENT), why = ANY, alive_until = CLOCK,
  },
  sends = { hour = whole(YEAR_10000 / 3600), n = COUNT },
  steps = {
    user_id = ID, step = STEP, state = words { "done", "failed", "unknown", "unavailable", "open" }, code = ANY,
    detail = ANY, request_id = ANY, found = COUNT, ended = COUNT, finished_at = optional(MOMENT),
  },
  changes = { id = ID, changed_at = optional(MOMENT), changed_by = ANY, name = TEXT, was = ANY, became = ANY },
}

-- ---- a value ----

local function as_number(value)
  if type(value) == "string" and not value:find "^%-?%d[%d.]*[eE]?[+-]?%d*$" then
    return nil
  end
  return c_locale.tonumber(value)
end

local function number(kind, value)
  local n = as_number(value)
  return n and n >= kind.low and n <= kind.high and (not kind.whole or n % 1 == 0) and n or nil
end

local function text(value)
  return type(value) == "string" and native.is_utf8(value) and not value:find("\0", 1, true) and value or nil
end

local function read(kind, value)
  if kind.low then
    return number(kind, value)
  elseif kind.set then
    return kind.set[value] and value or nil
  end
  return text(value)
end

--- Reads a number.
-- @param value a number, or a text as a database writes numbers
-- @tparam number low
-- @tparam number high
-- @treturn ?number nil: it is none, or out of the range
function M.number(value, low, high)
  return number({ low = low, high = high }, value)
end

--- Reads a date.
-- @param value
-- @treturn ?number epoch seconds
function M.moment(value)
  return number(MOMENT, value)
end

--- Reads a number of things.
-- @param value
-- @treturn ?number
function M.count(value)
  return number(COUNT, value)
end

--- Whether a value is a text that a report can show.
-- @param value
-- @treturn boolean
function M.is_text(value)
  return text(value) ~= nil
end

--- Raises that something in the journal cannot be what was written there.
-- @tparam string what holds the value, never the value itself
-- @tparam string wanted
function M.refuse(what, wanted)
  failure.raise("journal_damaged", ("the journal is damaged: %s is no %s"):format(what, wanted))
end

local function refuse_column(name, column, id)
  id = number(ID, id)
  M.refuse(("%s in the table %s%s"):format(column, name, id and (", row %.0f,"):format(id) or ""),
    tables[name][column].what)
end

-- ---- rows as they are read ----

--- Makes a reader of rows: numbers come out as numbers, whatever the driver
-- makes of them.
-- @tparam string name of the table
-- @tparam string columns that its rows have, as a SELECT names them
-- @treturn function takes a row, and returns it
function M.reader(name, columns)
  local list = {}
  for column in columns:gmatch "[%w_]+" do
    list[#list + 1] = assert(tables[name][column] and column, column)
  end
  return function(row)
    for _, column in ipairs(list) do
      local kind, value = tables[name][column], row[column]
      local result = read(kind, value)
      if result == nil and not (value == nil and kind.optional) then
        refuse_column(name, column, row.id)
      end
      row[column] = result
    end
    return row
  end
end

-- ---- whole tables ----

local function listed(list)
  return "('" .. table.concat(list, "', '") .. "')"
end

-- A condition that is false for a value of any other kind, NULL too. In SQLite a
-- text is larger than each number, and in PostgreSQL NaN is.
local function sound(column, kind)
  local condition
  if kind.low then
    condition = c_locale.format("%.17g", kind.low)
    condition = ("%s >= %s AND %s <= %s"):format(column, condition, column, c_locale.format("%.17g", kind.high))
    condition = kind.whole and ("%s AND round(%s) = %s"):format(condition, column, column) or condition
  elseif kind.set then
    condition = ("%s IN %s"):format(column, listed(kind.list))
  else
    condition = ("%s = CAST(%s AS TEXT)"):format(column, column)
  end
  return ("coalesce(%s, %s)"):format(condition, kind.optional and ("%s IS NULL"):format(column) or "1 = 0")
end

local names = sorted_keys(tables)

--- All columns that are counted on.
-- @treturn table list of `table`, `column`, and `is_number`
function M.columns()
  local list = { { table = "meta", column = "key" }, { table = "meta", column = "value" } }
  for _, name in ipairs(names) do
    for column, kind in pairs(tables[name]) do
      list[#list + 1] = { table = name, column = column, is_number = kind.low ~= nil }
    end
  end
  return list
end

-- A statement that finds a row with a value that cannot be, and names the column.
local function search(name)
  local cases, conditions = {}, {}
  for i, column in ipairs(sorted_keys(tables[name])) do
    conditions[i] = sound(column, tables[name][column])
    cases[i] = ("WHEN NOT %s THEN '%s'"):format(conditions[i], column)
  end
  return ("SELECT %s AS id, CASE %s END AS wrong FROM %s WHERE NOT (%s) LIMIT 1"):format(
    tables[name].id and "id" or "0", table.concat(cases, " "), name, table.concat(conditions, " AND "))
end

--- Refuses a journal in which a value cannot be what was written there.
-- @tparam table journal
-- @raise a cognito.Error
function M.check(journal)
  for _, name in ipairs(names) do
    local found = journal:row(search(name))
    if found then
      refuse_column(name, found.wrong, found.id)
    end
  end
  if c_locale.tonumber(journal:row "SELECT count(*) AS n FROM pace".n) ~= 1 then
    M.refuse("the table pace", "single row")
  end
end

--- Refuses rows at a step that their action does not have.
-- @tparam table journal
-- @tparam table action
-- @raise a cognito.Error
function M.check_steps(journal, action)
  local last = action.steps and #action.steps or 1
  if journal:row("SELECT id FROM users WHERE step > ? LIMIT 1", last)
    or journal:row("SELECT step FROM steps WHERE step > ? LIMIT 1", last) then
    M.refuse("a step", "step of this action")
  end
end

return M
