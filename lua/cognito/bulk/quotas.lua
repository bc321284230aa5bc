--- The request rates of the account, as far as they bound a job: looked up where
-- that is wanted and allowed. Other callers of the account share them.
-- @module cognito.bulk.quotas

local tables = require "cognito.tables"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

-- From operations to the service's categories, by the developer guide's page of
-- quotas. Operations that it does not list have none here.
local categories = {
  admin_reset_user_password = "UserAccountRecovery", admin_set_user_password = "UserAccountRecovery",
  admin_create_user = "UserCreation", resend_confirmation_code = "UserResourceRead",
  admin_disable_user = "UserUpdate", admin_enable_user = "UserUpdate", admin_user_global_sign_out = "UserToken",
  admin_list_devices = "UserResourceRead", admin_set_user_mfa_preference = "UserResourceUpdate",
  list_users = "UserList",
}

local function operations_of(action, facts)
  local list = { action.operation }
  for _, step in ipairs(action.steps or {}) do
    list[#list + 1] = step.operation or step.kind.list
  end
  list[#list + 1] = facts.sign_out and not action.ends_tokens and "admin_user_global_sign_out" or nil
  list[#list + 1] = facts.recheck and action.sends and "list_users" or nil
  return list
end

--- The calls for a user, if all goes well, by category.
-- @tparam table action one of `cognito.bulk.actions`
-- @tparam table facts `sign_out`, `recheck` (booleans)
-- @treturn table from category to number
function M.calls(action, facts)
  local calls = {}
  for _, operation in ipairs(operations_of(action, facts)) do
    local category = categories[operation]
    if category then
      calls[category] = (calls[category] or 0) + 1
    end
  end
  return calls
end

local function look_up(pool, category)
  local reply, err = pool:get_provisioned_limit {
    limit_definition = { limit_class = "API_CATEGORY", attributes = { Category = category } },
  }
  local limit = reply and reply.limit and reply.limit.provisioned_limit_value
  if type(limit) == "number" and limit > 0 then
    return ("%.0f"):format(limit)
  end
  return err and err.code or "malformed_response"
end

--- Looks the rates up. A refusal is no reason not to plan.
-- @tparam cognito.Client pool
-- @tparam table calls as `calls` returns them
-- @treturn string words of category, `=`, and requests per second or the code of
--   an error
function M.look_up(pool, calls)
  local words = {}
  for _, category in ipairs(tables.sorted_keys(calls)) do
    words[#words + 1] = category .. "=" .. look_up(pool, category)
  end
  return table.concat(words, " ")
end

--- The quotas that were looked up.
-- @tparam ?string words
-- @treturn ?table from category to requests per second, or the code of an error
function M.read(words)
  if not words then
    return nil
  end
  local quotas = {}
  for name, value in words:gmatch "(%w+)=(%S+)" do
    local limit = tonumber(value)
    quotas[name] = limit and limit > 0 and limit < math.huge and limit or value
  end
  return quotas
end

--- The seconds that the calls take at these rates, if no other caller makes any.
-- @tparam ?table quotas
-- @tparam table calls per user
-- @tparam number users
-- @treturn number 0: no rate is known
-- @treturn ?string the category that takes so long
function M.seconds(quotas, calls, users)
  local longest, slowest = 0, nil
  for name, n in pairs(calls) do
    local limit = quotas and quotas[name]
    if type(limit) == "number" and users * n / limit > longest then
      longest, slowest = users * n / limit, name
    end
  end
  return longest, slowest
end

return M
