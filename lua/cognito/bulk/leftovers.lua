--- The open rows of a cancelled job: users whose outcome will not be looked up
-- any more.
-- @module cognito.bulk.leftovers

local rows = require "cognito.bulk.rows"
local workers = require "cognito.bulk.workers"

local M = {}

local function abandon(journal, now, action)
  workers.expire_all(journal, now)
  rows.abandon(journal, now, action)
end

--- Marks open users as uncertain, unless a process works on the journal: the
-- last one does it when its run ends.
-- @tparam table journal
-- @tparam number now epoch seconds
-- @tparam table action
-- @raise a cognito.Error
function M.abandon(journal, now, action)
  if journal:lock() then
    local ok, err = pcall(journal.transaction, journal, abandon, journal, now, action)
    journal:release()
    if not ok then
      error(err, 0)
    end
  end
end

return M
