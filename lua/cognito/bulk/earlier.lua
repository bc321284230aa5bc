--- Users of an earlier job, by what became of them there: from its journal, or
-- from its report. They are looked up by `sub`, which is the person; the name
-- may be another person's by now.
-- @module cognito.bulk.earlier

local failure = require "cognito.bulk.failure"
local journals = require "cognito.bulk.journal"
local native = require "cognito.native"
local reports = require "cognito.bulk.report"
local tally = require "cognito.bulk.tally"

local M = {}

local known = {}
for _, name in ipairs(tally.outcomes) do
  known[name] = true
end

local function check(name)
  if not known[name] then
    local nearest = type(name) == "string" and native.nearest(name, tally.outcomes)
    failure.raise("invalid_input", ("there is no outcome %s; %s"):format(tostring(name),
      nearest and ("did you mean %s?"):format(nearest) or "there are: " .. table.concat(tally.outcomes, ", ")))
  end
end

--- The outcomes that are wanted.
-- @tparam ?table list of names
-- @treturn ?table set of names; nil: all
-- @raise a cognito.Error for one that does not exist
function M.outcomes(list)
  local set
  for _, name in ipairs(list or {}) do
    check(name)
    set = set or {}
    set[name] = true
  end
  return set
end

--- An entry for a user of an earlier job.
-- @tparam string name as the job knew the user
-- @tparam ?string sub none of a user whom the job did not find
-- @tparam ?number line
-- @treturn table entry as `cognito.bulk.sources` has them
function M.entry(name, sub, line)
  if sub and sub ~= "" then
    return { name = sub, by_sub = true, line = line }
  elseif type(name) == "string" and name:find "^hmac%-sha256:%x+$" then
    failure.raise("invalid_input", ("line %d: the report is redacted: it holds no names"):format(line or 0),
      { line = line })
  end
  return { name = name, line = line }
end

local function open(path, pool)
  local journal = journals.open(path)
  local planned_for = journal:facts().pool
  if planned_for ~= pool then
    journal:close()
    failure.raise("journal_other_pool", ("the earlier job was for another pool, %s"):format(planned_for))
  end
  return journal
end

--- The users of a journal.
-- @tparam table source `journal` and `outcome`, a list
-- @tparam string pool id of the pool that they are looked up in
-- @treturn function returns the next entry, nil at the end
-- @raise a cognito.Error
function M.open(source, pool)
  local wanted = M.outcomes(source.outcome)
  if not wanted then
    failure.raise("invalid_input", "users of an earlier job: say which: outcome = { \"failed\", … }")
  end
  local journal = open(source.journal, pool)
  local next_row = reports.rows(journal)
  return function()
    for row in next_row do
      if wanted[row.outcome] then
        return M.entry(row.username, row.sub, row.line)
      end
    end
    journal:close()
  end
end

return M
