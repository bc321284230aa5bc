--- The steps that make an account safe, as far as one user and a whole list of
-- users share them: what is listed and ended one by one, factors and the calls
-- that remove them, answers of a pool that lacks something.
-- @module cognito.recovery.steps

local rules = require "cognito.recovery.rules"
local tables = require "cognito.tables"

local M = {}

--- No app client's access tokens live longer, in seconds.
M.LONGEST_TOKEN = 86400

--- Answers of a pool that lacks something, by its tier or its settings.
M.lacking = {
  UserPoolAddOnNotEnabledException = true,
  FeatureUnavailableInTierException = true,
  OperationNotEnabledException = true,
  InvalidUserPoolConfigurationException = true,
  UnknownOperationException = true, -- an emulator
}

--- Sessions and devices are listed, and ended one by one: `list`, the `key` that names one,
-- the `operation` that ends it, and its further parameters. `created`: the
-- member with the date from which on there is one.
M.kinds = {
  sessions = {
    list = "admin_list_user_sessions", key = "session_id", created = "create_date",
    operation = "admin_revoke_user_session", further = { revoke_associated_sessions = "LINKED" },
  },
  devices = {
    list = "admin_list_devices", key = "device_key", created = "device_create_date",
    operation = "admin_forget_device",
  },
}

--- From a factor to the call that removes it: `operation` and `params`; false:
-- no administrator's operation does.
M.removals = rules.removals

--- Whether a factor was not there when it was to be removed: there is nothing left
-- to do, and a second run finds it so.
-- @tparam ?cognito.Error err of the call that removes it
-- @treturn boolean
function M.was_removed(err)
  return err ~= nil and err.code == "SoftwareTokenMFANotFoundException"
end

local function named(username, params)
  return tables.add({ username = username }, params)
end

--- Lists all of a kind: before the first one is ended, because a page would be
-- another one once some are gone.
-- @tparam cognito.Client pool
-- @tparam string username
-- @tparam table kind
-- @treturn table list, as far as the pages came
-- @treturn ?cognito.Error
-- @treturn ?table meta
function M.list(pool, username, kind)
  local items, found, seen = pool:each(kind.list, named(username)), {}, {}
  local item, err, meta = items:next()
  while item do
    local id = item[kind.key]
    if id and not seen[id] then
      seen[id] = true
      found[#found + 1] = item
    end
    item, err, meta = items:next()
  end
  return found, err, meta
end

-- One that is gone by now counts as ended: ending a session ends those
-- linked to it. A listed one exists, whatever the tier.
local function state_of(err)
  if not err or err.code == "ResourceNotFoundException" then
    return "done"
  end
  return err.ambiguous and "unknown" or "failed"
end

--- Leaves out those that were there before a moment. One without a date may be
-- newer.
-- @tparam table found as `list` returns it
-- @tparam table kind
-- @tparam number since epoch seconds
-- @treturn table list
function M.since(found, kind, since)
  local left = {}
  for _, item in ipairs(found) do
    local created = item[kind.created]
    if type(created) ~= "number" or created >= since then
      left[#left + 1] = item
    end
  end
  return left
end

--- Ends those of a kind, one by one.
-- @tparam cognito.Client pool
-- @tparam string username
-- @tparam table kind
-- @tparam table found as `list` returns it
-- @tparam function goes_on called with each error; false: end no more
-- @treturn table `done`, `failed` and `unknown` (numbers), `err` (the first),
--   `meta` (of it)
function M.end_all(pool, username, kind, found, goes_on)
  local ended = { done = 0, failed = 0, unknown = 0 }
  for _, item in ipairs(found) do
    local _, err, meta = pool[kind.operation](pool,
      named(username, tables.add({ [kind.key] = item[kind.key] }, kind.further)))
    local state = state_of(err)
    ended[state] = ended[state] + 1
    if state ~= "done" then
      ended.err, ended.meta = ended.err or err, ended.meta or meta
      if not goes_on(err) then
        break
      end
    end
  end
  return ended
end

return M
