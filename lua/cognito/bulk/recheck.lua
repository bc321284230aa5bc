--- Looks a user up once more, right before a message is asked for: between the
-- plan and the call days can pass, in which users recover by themselves, move,
-- or fall to an attacker who changes the address.
--
-- By ListUsers, which does not make a user one of the month's active ones as
-- AdminGetUser does. Its filter takes one value, so it is a call for each user:
-- to read the whole pool would cost less for most plans, but what it told would
-- be as old as the reading is long. ListUsers may be seconds behind.
-- @module cognito.bulk.recheck

local c_locale = require "cognito.c_locale"
local contact = require "cognito.bulk.contact"
local failure = require "cognito.bulk.failure"
local pool_users = require "cognito.bulk.pool_users"

local M = {}

local MOST_PAGES = 10 -- pages may be empty before the one with the user

-- Returns false where there is no such user.
local function find(pool, sub)
  local listing = pool:pages("list_users", { filter = pool_users.filter("sub", sub) })
  for _ = 1, MOST_PAGES do
    local reply, err, meta = listing:next()
    if not reply then
      return nil, err, meta
    end
    local user = (reply.users or {})[1]
    if user or listing.ended then
      return user and pool_users.user(user) or false
    end
  end
  return nil, failure.new("repeated_token", "ListUsers gave page after page without the user that was asked for")
end

-- An earlier attempt may have made the status what it is, and an operator has
-- decided to repeat it.
local function is_expected(context, row, status)
  return status == row.status_before or c_locale.tonumber(row.traced) == 1 and status == context.action.becomes
end

--- Compares a user with what the plan found.
-- @tparam table context `action`, `pool_facts`, `key`: the job's own
-- @tparam table row
-- @tparam table|boolean user false: gone
-- @treturn ?string sub, username, status or address; nil: nothing that matters
function M.changed(context, row, user)
  if not user or user.sub ~= row.sub then
    return "sub"
  elseif user.username ~= row.username then
    return "username"
  elseif not user.enabled or not is_expected(context, row, user.status) then
    return "status"
  elseif contact.fingerprint(context.action, user, context.pool_facts, context.key) ~= row.contact_before then
    return "address"
  end
end

--- Looks a user up.
-- @tparam cognito.Client pool
-- @tparam table context `action`, `pool_facts`, `key`: the job's own
-- @tparam table row
-- @treturn[1] boolean true: as the plan found the user
-- @treturn[2] boolean false
-- @treturn[2] string what has changed
-- @treturn[2] boolean whether it is what the action does
-- @treturn[3] nil
-- @treturn[3] cognito.Error
-- @treturn[3] ?table meta
function M.look(pool, context, row)
  local user, err, meta = find(pool, row.sub)
  if user == nil then
    return nil, err, meta
  end
  local changed = M.changed(context, row, user)
  return not changed, changed, changed == "status" and user.status == context.action.becomes
end

return M
