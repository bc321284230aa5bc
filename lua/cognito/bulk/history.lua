--- What was ordered to be done again, by whom and when: kept in the journal,
-- for the report.
-- @module cognito.bulk.history

local json = require "cognito.json"

local M = {}

local KEY = "repeated"

--- All orders, the first one first.
-- @tparam ?string text the fact `repeated`
-- @treturn table list of `at` (epoch seconds), `outcome`, `code`, `users`
--   (how many), `by`
function M.list(text)
  return text and json.decode(text) or {}
end

--- Adds an order, within a transaction.
-- @tparam table journal
-- @tparam table entry as above
function M.add(journal, entry)
  local entries = M.list(journal:get(KEY))
  entries[#entries + 1] = entry
  journal:set(KEY, json.encode(entries))
end

return M
