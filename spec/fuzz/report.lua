--- Rows of a journal with texts of any form, as a report, which is read back: the
-- same users by the same names, and nothing that a row adds to another.
--
-- An input: a byte for the format, then values of rows.

local actions = require "cognito.bulk.actions"
local blanks = require "cognito.blanks"
local core = require "cognito.core"
local failure = require "cognito.bulk.failure"
local readers = require "spec.fuzz.support.reader"
local report = require "cognito.bulk.report"
local sources = require "cognito.bulk.sources"

local MOST = 8 -- rows
local states = { "planned", "accepted", "failed", "skipped", "uncertain", "started" }

local function or_nil(text)
  return text ~= "" and text or nil
end

local function row_of(reader, id)
  return {
    id = id, username = reader:text(), sub = reader:seldom(4) and or_nil(reader:text()) or nil, line = id,
    state = reader:one(states), status_before = "CONFIRMED", plan = "act", attempts = 1,
    sign_out = reader:seldom(4) and "failed" or nil, code = or_nil(reader:text()), detail = or_nil(reader:text()),
    request_id = or_nil(reader:text()), note = or_nil(reader:text()),
  }
end

local function journal_of(rows)
  local journal = {}
  function journal.rows(_, statement, last)
    return statement:find "FROM users" and last == 0 and rows or {}
  end
  function journal.facts()
    return {}
  end
  return journal
end

local function written(rows, format)
  local parts, copies = {}, {}
  for i, row in ipairs(rows) do
    copies[i] = {}
    for key, value in pairs(row) do copies[i][key] = value end
  end
  report.write(journal_of(copies), { job = "j", action = "reset" }, function(part) parts[#parts + 1] = part end,
    { format = format }, actions.of { action = "reset" })
  return table.concat(parts)
end

local function read(bytes)
  local names, stdin, given = {}, io.stdin, false
  io.stdin = { -- luacheck: ignore
    read = function(_, most)
      if given then return nil end
      if most == 0 then return "" end
      given = true
      return bytes
    end,
    close = function() end,
  }
  local good, err = failure.catch(function()
    for entry in sources.open({ file = "-" }, {}) do names[#names + 1] = entry.name end
    return true
  end)
  io.stdin = stdin -- luacheck: ignore
  return good and names, err
end

-- The names that a list of users may hold; another one stops the reader.
local function can_be_read(row)
  local name = row.sub or row.username
  for _, value in pairs(row) do
    if type(value) == "string" and (value:find "%z" or not core.is_utf8(value)) then return false end
  end
  return name ~= "" and name == blanks.trim(name) and not name:find "[%c\127]" and not name:find "^hmac%-sha256:"
end

return function(bytes)
  local reader, rows, sound = readers.new(bytes), {}, true
  local format = reader:seldom(2) and "jsonl" or "csv"
  repeat
    rows[#rows + 1] = row_of(reader, #rows + 1)
    sound = sound and can_be_read(rows[#rows])
  until reader:is_done() or #rows == MOST
  local text, damage = failure.catch(written, rows, format)
  if not text then
    assert(not sound and damage.code == "journal_damaged", damage.message)
    return
  end
  local names, err = read(text)
  if not sound then
    assert(names or err.code == "invalid_input", "not refused as input")
    return
  end
  assert(names and #names == #rows, err and err.message or "another number of users")
  for i, row in ipairs(rows) do
    assert(names[i] == (row.sub or row.username), "another name")
  end
end
