--- Which column of CSV, or member of an object, holds the users' names.
-- @module cognito.bulk.columns

local csv = require "cognito.bulk.csv"
local documents = require "cognito.bulk.documents"
local failure = require "cognito.bulk.failure"
local printable = require "cognito.printable"

local M = {}

-- The second is what AWS's own import and export of users calls it.
local NAMES = { "username", "cognito:username" }

local function complain(line, message, ...)
  failure.raise("invalid_input", ("line %d: "):format(line) .. message:format(...), { line = line })
end

local function listed(names)
  local shown = table.concat(names, ", ", 1, math.min(#names, 10))
  return printable.clean(#names > 10 and shown .. ", …" or shown)
end

--- The column of a name.
-- @tparam table names of the columns
-- @tparam string wanted
-- @treturn number
-- @raise a cognito.Error where there is none, or several
function M.find(names, wanted)
  return csv.column(names, wanted)
    or complain(1, "there is no column %s; there are: %s", wanted, listed(names))
end

--- The column that holds users' names where none is named.
-- @tparam table names of the columns
-- @tparam[opt=""] string advice to end a refusal with
-- @treturn number
-- @raise a cognito.Error where there is none, or several
function M.of_names(names, advice)
  local first, second = csv.column(names, NAMES[1]), csv.column(names, NAMES[2])
  if first and second then
    complain(1, "there are two columns with users' names, %s and %s%s", printable.clean(names[first]),
      printable.clean(names[second]), advice or "")
  end
  return first or second
    or complain(1, "there is no column %s; there are: %s%s", NAMES[1], listed(names), advice or "")
end

--- The member that holds a user's name. Of two that say the same either will
-- do.
-- @tparam table object
-- @tparam ?string wanted the member that is named
-- @tparam number line
-- @return value
-- @raise a cognito.Error where two members differ
function M.name_in(object, wanted, line)
  if wanted then
    return documents.value(object, wanted, line)
  end
  local first, second = documents.value(object, NAMES[1], line), documents.value(object, NAMES[2], line)
  if first ~= nil and second ~= nil and first ~= second then
    complain(line, "%s and %s are different names: say which one is meant (--column)", NAMES[1], NAMES[2])
  end
  if first == nil then
    return second
  end
  return first
end

--- The columns of which CSV must have one.
-- @tparam table options `column`, `expect_email`
-- @treturn table list of names
function M.names(options)
  if options.column then
    return { options.column, options.expect_email }
  end
  return { NAMES[1], NAMES[2], options.expect_email }
end

return M
