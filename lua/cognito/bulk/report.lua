--- What became of each user, for the archive: CSV or JSON lines, headed by
-- who did what, with which plan, and when.
-- @module cognito.bulk.report

local c_locale = require "cognito.c_locale"
local cells = require "cognito.bulk.cells"
local clock = require "cognito.clock"
local failure = require "cognito.bulk.failure"
local history = require "cognito.bulk.history"
local json = require "cognito.json"
local limits = require "cognito.bulk.limits"
local native = require "cognito.native"
local printable = require "cognito.printable"
local secure = require "cognito.bulk.secure"
local selection = require "cognito.bulk.selection"
local sound = require "cognito.bulk.journal.sound"
local steps = require "cognito.bulk.steps"
local tables = require "cognito.tables"
local tally = require "cognito.bulk.tally"
local hex = require "cognito.hex"
local workers = require "cognito.bulk.workers"

local M = {}

local PAGE = 500 -- rows

-- ---- rows ----

local selected = "id, sub, username, line, status_before, plan, reason, state, sign_out, sign_out_code, attempts, "
  .. "code, detail, note, request_id, started_at, finished_at"

local read_columns = sound.reader("users", selected)

local function read(row)
  read_columns(row)
  row.outcome, row.state = tally.outcome(row), nil
  if row.outcome == "skipped" then -- by the plan, or when the user's turn came
    row.reason = row.reason or row.code
  end
  return row
end

local function add_steps(journal, action, page)
  local ids = {}
  for i, row in ipairs(page) do
    ids[i] = row.id
  end
  local by_id = ids[1] and steps.of(journal, action, ids) or {}
  for _, row in ipairs(page) do
    row.steps = by_id[row.id] or {}
    row.tokens_until_at_most = secure.tokens_until_at_most(row.steps)
  end
end

local function read_page(journal, action, last)
  local page = journal:rows("SELECT " .. selected .. " FROM users WHERE id > ? ORDER BY id LIMIT ?", last, PAGE)
  for _, row in ipairs(page) do
    read(row)
  end
  if action and action.steps then
    add_steps(journal, action, page)
  end
  return page
end

--- The rows of a journal, in the plan's order; memory does not grow with them.
-- @tparam table journal
-- @tparam[opt] table action whose steps are wanted
-- @treturn function iterator over tables
-- @raise the iterator: a cognito.Error
function M.rows(journal, action)
  local page, i, last = {}, 0, 0
  return function()
    if i == #page then
      page, i = read_page(journal, action, last), 0
    end
    i = i + 1
    local row = page[i]
    last = row and row.id or last
    return row
  end
end

-- ---- what is written of a row ----

local columns = { "user", "sub", "line", "status_before", "action", "outcome", "reason", "sign_out", "sign_out_code",
  "code", "detail", "request_id", "attempts", "started_at", "finished_at", "note" }

local function columns_of(action)
  local list = tables.copy(columns)
  if action.steps then
    list[#list + 1], list[#list + 2] = "steps", "tokens_until_at_most"
  end
  return list
end

-- A step in a word: what became of it, and of how many sessions or devices.
local function step_word(step)
  local word = ("%s=%s"):format(step.step, step.state)
  if step.found > 0 then
    word = ("%s(%.0f of %.0f)"):format(word, step.ended, step.found)
  end
  return step.code and word .. ":" .. step.code or word
end

local function step_words(list)
  local words = {}
  for i, step in ipairs(list) do
    words[i] = step_word(step)
  end
  return table.concat(words, " ")
end

local function time(seconds)
  return seconds and clock.format_rfc3339(seconds) or nil
end

-- Only the journal, which holds the key, leads from a hash back to its user.
local function hashed(key, name)
  return "hmac-sha256:" .. hex(native.hmac_sha256(key, name))
end

local function fields_of(row, facts, redact)
  return {
    user = redact and hashed(facts.redaction_key, row.username) or row.username,
    sub = not redact and row.sub or nil,
    line = row.line, status_before = row.status_before, action = facts.action, outcome = row.outcome,
    reason = row.reason, sign_out = row.sign_out, sign_out_code = row.sign_out_code, code = row.code,
    detail = row.detail, request_id = row.request_id, attempts = row.attempts,
    started_at = time(row.started_at), finished_at = time(row.finished_at), note = row.note,
    steps = row.steps and row.steps[1] and row.steps or nil, -- an empty list would be written as an object
    tokens_until_at_most = time(row.tokens_until_at_most),
  }
end

-- ---- the head ----

local function run_of(run)
  return {
    caller = run.caller, endpoint = run.endpoint, host = run.host, tool_version = run.tool_version,
    started_at = time(run.started_at), ended_at = time(run.ended_at), why = run.why,
  }
end

local function repeated_of(encoded)
  local orders = history.list(encoded)
  for _, order in ipairs(orders) do
    order.at = time(order.at)
  end
  return orders
end

local function changes_of(journal)
  local changes = limits.changes(journal)
  for _, change in ipairs(changes) do
    change.at = time(change.at)
  end
  return changes
end

local function head_of(journal, facts)
  local runs, created_before, statuses = {}, selection.of(facts)
  for i, run in ipairs(workers.list(journal)) do
    runs[i] = run_of(run)
  end
  return {
    created_before = time(created_before), statuses = statuses,
    close = facts.close, factors = facts.factors,
    job = facts.job, pool = facts.pool, action = facts.action, sign_out = facts.sign_out == "true",
    sessions = facts.sessions == "true" or nil,
    plan_sha256 = facts.plan_sha256, tool_version = facts.tool_version, state = facts.state, why = facts.why,
    planned_at = time(c_locale.tonumber(facts.planned_at)), planned_by = facts.caller,
    approved_at = time(c_locale.tonumber(facts.approved_at)), approved_by = facts.approved_by,
    started_at = time(c_locale.tonumber(facts.started_at)), ended_at = time(c_locale.tonumber(facts.ended_at)),
    endpoint = facts.endpoint, limits = limits.shown(journal), changes = changes_of(journal),
    repeated = repeated_of(facts.repeated), runs = runs,
  }
end

-- ---- formats ----

local function plain(value)
  return type(value) == "number" and ("%.0f"):format(value) or tostring(value)
end

local function csv_field(value)
  if type(value) == "number" then
    return plain(value)
  elseif type(value) == "table" then
    value = step_words(value)
  end
  return value == nil and "" or cells.quoted(cells.escaped(tostring(value)))
end

local head_order = { "job", "pool", "endpoint", "action", "close", "factors", "sign_out", "sessions", "plan_sha256",
  "tool_version", "state", "why", "planned_at", "planned_by", "approved_at", "approved_by", "started_at", "ended_at" }

local change_order = { "at", "name", "was", "became", "by" }

local repeated_order = { "at", "outcome", "code", "users", "by" }

local run_order = { "caller", "endpoint", "host", "tool_version", "started_at", "ended_at", "why" }

local function in_words(facts, order)
  local words = {}
  for _, name in ipairs(order) do
    if facts[name] ~= nil then
      words[#words + 1] = name .. "=" .. printable.clean(plain(facts[name]))
    end
  end
  return words
end

local formats = {}

-- Each fact of the head is a record of one cell that begins with #, which no
-- cell of a row can: a user's name cannot add to the head.
local function head_line(write, word)
  write(cells.quoted(cells.HEAD .. word) .. "\n")
end

formats.csv = {
  head = function(write, head, names)
    head_line(write, cells.MARK)
    for _, word in ipairs(in_words(head, head_order)) do
      head_line(write, word)
    end
    head_line(write, "limits: " .. table.concat(in_words(head.limits, limits.names), ", "))
    for _, change in ipairs(head.changes) do
      head_line(write, "changed: " .. table.concat(in_words(change, change_order), ", "))
    end
    for _, order in ipairs(head.repeated) do
      head_line(write, "repeated: " .. table.concat(in_words(order, repeated_order), ", "))
    end
    for _, run in ipairs(head.runs) do
      head_line(write, "run: " .. table.concat(in_words(run, run_order), ", "))
    end
    write(table.concat(names, ",") .. "\n")
  end,
  row = function(write, fields, names)
    local values = {}
    for i, column in ipairs(names) do
      values[i] = csv_field(fields[column])
    end
    write(table.concat(values, ",") .. "\n")
  end,
}

-- The head is the first object: `{"audit": …}`.
formats.jsonl = {
  head = function(write, head)
    for _, name in ipairs { "changes", "repeated", "runs" } do
      head[name] = head[name][1] and head[name] or nil -- it would be written as an object
    end
    write(json.encode { audit = head } .. "\n")
  end,
  row = function(write, fields)
    write(json.encode(fields) .. "\n")
  end,
}

--- Writes a report.
-- @tparam table journal
-- @tparam table facts about the job
-- @tparam function write called with pieces of text
-- @tparam table options `format`, `redact`
-- @tparam table action
-- @raise a cognito.Error
function M.write(journal, facts, write, options, action)
  local format = formats[options.format]
  if not format then
    failure.raise("invalid_input", "the format of a report is csv or jsonl")
  end
  local names = columns_of(action)
  format.head(write, head_of(journal, facts), names)
  for row in M.rows(journal, action) do
    format.row(write, fields_of(row, facts, options.redact), names)
  end
end

return M
