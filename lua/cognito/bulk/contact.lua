--- Which way a message to a user goes, as far as the user's attributes and
-- the pool's settings tell.
-- @module cognito.bulk.contact

local M = {}

local mediums = { email = "EMAIL", phone_number = "SMS" }

local function set_of(list)
  local set = {}
  for _, value in ipairs(list or {}) do
    set[value] = true
  end
  return set
end

-- A pool without the setting sends to a verified phone first.
local function recovery_order(user_pool)
  local setting = user_pool.account_recovery_setting
  if not setting then
    return { "phone_number", "email" }
  end
  local mechanisms, order = {}, {}
  for i, mechanism in ipairs(setting.recovery_mechanisms or {}) do
    mechanisms[i] = mechanism
  end
  table.sort(mechanisms, function(a, b) return (a.priority or 0) < (b.priority or 0) end)
  for _, mechanism in ipairs(mechanisms) do
    order[#order + 1] = mechanism.name:match "^verified_(.*)$"
  end
  return order
end

--- What of a pool's settings decides about messages and names.
-- @tparam table user_pool as DescribeUserPool tells
-- @treturn table facts
function M.facts(user_pool)
  local configuration = user_pool.username_configuration or {}
  return {
    auto_verified = set_of(user_pool.auto_verified_attributes),
    aliases = set_of(user_pool.alias_attributes),
    recovery = recovery_order(user_pool),
    case_sensitive = configuration.case_sensitive ~= false,
    users = user_pool.estimated_number_of_users or 0,
  }
end

local function has(user, kind)
  return (user.attributes[kind] or "") ~= ""
end

local function is_verified(user, kind)
  return has(user, kind) and user.attributes[kind .. "_verified"] == "true"
end

-- A recovery code: by the first verified contact, and only where the pool
-- sends codes for it.
local function for_recovery(user, facts)
  for _, kind in ipairs(facts.recovery) do
    if is_verified(user, kind) then
      return facts.auto_verified[kind] and mediums[kind] or nil
    end
  end
  return nil, "no_verified_contact"
end

-- A sign-up code: the phone first, where the pool verifies both.
local function for_sign_up(user, facts)
  for _, kind in ipairs { "phone_number", "email" } do
    if has(user, kind) and facts.auto_verified[kind] then
      return mediums[kind]
    end
  end
  return nil, "no_contact"
end

-- An invitation goes where it is told to: mail costs nothing.
local function for_invitation(user)
  for _, test in ipairs { is_verified, has } do
    for _, kind in ipairs { "email", "phone_number" } do
      if test(user, kind) then
        return mediums[kind]
      end
    end
  end
  return nil, "no_contact"
end

local by_operation = {
  admin_reset_user_password = for_recovery,
  resend_confirmation_code = for_sign_up,
  admin_create_user = for_invitation,
}

--- The medium of the message that an action sends to a user.
-- @tparam table action
-- @tparam table user
-- @tparam table facts of the pool
-- @treturn ?string EMAIL, SMS, or nil: none is sent
-- @treturn ?string why the action cannot work without one
function M.medium(action, user, facts)
  local find = by_operation[action.operation]
  if find then
    return find(user, facts)
  end
end

return M
