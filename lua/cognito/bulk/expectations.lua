--- The addresses that people should have, by the list: lines that name one
-- person must agree on it. One person has many names, so lines are compared
-- twice: as they are spelled, when they are read, and by `sub`, once they have
-- been looked up.
-- @module cognito.bulk.expectations

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local printable = require "cognito.printable"

local M = {}

local columns = { "sub", "line", "expected" }

local function refuse(kept, row, name)
  failure.raise("invalid_input", ("lines %d and %d name one person, with different addresses: %s")
    :format(c_locale.tonumber(kept.line) or 0, c_locale.tonumber(row.line) or 0, printable.clean(name)),
    { line = c_locale.tonumber(row.line) })
end

-- Which of two addresses a person should have cannot be told.
local function compare(journal, query, column, rows, name_of)
  local keys, first = {}, {}
  for i, row in ipairs(rows) do
    keys[i] = row[column]
  end
  for _, kept in ipairs(journal:rows(query, keys)) do
    first[kept[column]] = kept
  end
  for _, row in ipairs(rows) do
    local kept = first[row[column]]
    if row.expected ~= kept.expected then
      refuse(kept, row, name_of(row))
    end
  end
end

--- Compares lines as they are spelled with those that were kept of them.
-- @tparam table journal
-- @tparam table rows of the table `wanted`
-- @raise a cognito.Error where one name comes with two addresses
function M.by_name(journal, rows)
  compare(journal, "SELECT name_key, line, expected FROM wanted WHERE name_key IN ?", "name_key", rows,
    function(row) return row.name end)
end

--- Compares lines by the persons whom they led to.
-- @tparam table journal
-- @tparam table wanted rows of the table of that name
-- @tparam table rows of the plan, one for each
-- @raise a cognito.Error where one person comes with two addresses
function M.by_person(journal, wanted, rows)
  local people = {}
  for i, row in ipairs(rows) do
    if row.sub and wanted[i].expected then
      people[#people + 1] = { sub = row.sub, line = wanted[i].line, expected = wanted[i].expected,
        name = ("%s, who is %s"):format(wanted[i].name, row.username) }
    end
  end
  if people[1] then
    journal:insert("people", columns, people)
    compare(journal, "SELECT sub, line, expected FROM people WHERE sub IN ?", "sub", people,
      function(person) return person.name end)
  end
end

return M
