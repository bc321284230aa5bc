--- Journals of earlier releases, brought to the tables of this one.
--
-- Every version of the tables that a release has written has a way here. The first is 3, of
-- lua-cognito 1.0.0; those before were of development versions, and are refused.
-- @module cognito.bulk.journal.upgrade

local failure = require "cognito.bulk.failure"
local schema = require "cognito.bulk.journal.schema"

local M = {}

--- The statements that lead from a version to the next one, with `$ID` as in the
-- schema. spec/bulk/journals has a journal of each release.
M.steps = {}

--- Whether a journal can be upgraded.
-- @tparam number version of its tables
-- @treturn boolean
function M.reaches(version)
  for number = version, schema.version - 1 do
    if not M.steps[number] then return false end
  end
  return true
end

local function run(journal, id_type, version)
  for number = version, schema.version - 1 do
    for _, statement in ipairs(M.steps[number]) do
      journal:run((statement:gsub("$ID", id_type)))
    end
  end
  journal:set("schema_version", schema.version)
end

--- Upgrades it, as a whole or not at all, while no one works on it.
-- @tparam table journal
-- @tparam string id_type of the database
-- @tparam function version_of the version of its tables, which another process may have changed meanwhile
-- @raise a cognito.Error
function M.upgrade(journal, id_type, version_of)
  if not journal:lock() then
    failure.raise("journal_in_use", "the journal is of an older version of this program, and one works on it now")
  end
  local ok, err = pcall(journal.transaction, journal, function() run(journal, id_type, version_of()) end)
  journal:release()
  if not ok then error(err, 0) end
end

return M
