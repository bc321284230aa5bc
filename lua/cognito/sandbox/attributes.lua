--- User attributes between the wire's lists and the pool's tables.
-- @module cognito.sandbox.attributes
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"

local M = {}

local tests = {
  email = function(value) return value:find("^[^%s@]+@[^%s@]+$") end,
  phone_number = function(value) return value:find("^%+%d+$") end,
}

local spoken = { email = "an email", phone_number = "a phone number" }

--- Name and Value pairs as a table.
-- @tparam table|nil list
-- @treturn table
function M.from_list(list)
  local values = {}
  for _, pair in ipairs(list or {}) do
    local test = tests[pair.Name]
    if test and not test(pair.Value or "") then
      errors.refuse("bad_attribute", pair.Name)
    end
    values[pair.Name] = pair.Value or ""
  end
  return values
end

--- A table of attributes as Name and Value pairs, sorted.
-- @tparam table values
-- @treturn table
function M.to_list(values)
  local list = json.list {}
  for name, value in pairs(values) do
    list[#list + 1] = { Name = name, Value = value }
  end
  table.sort(list, function(a, b) return a.Name < b.Name end)
  return list
end

--- Whether an attribute serves as an alias in this pool.
-- @tparam table options complete options
-- @tparam string attribute
-- @treturn boolean
function M.is_alias(options, attribute)
  for _, alias in ipairs(options.alias_attributes) do
    if alias == attribute then
      return true
    end
  end
  return false
end

-- In a pool that takes contacts for usernames the name given is the contact,
-- and the user's own name is the sub.
local function contact_in_name(options, name)
  local wanted = {}
  for i, attribute in ipairs(options.username_attributes) do
    if tests[attribute](name) then
      return attribute
    end
    wanted[i] = spoken[attribute]
  end
  if wanted[1] then
    errors.refuse("should_be", table.concat(wanted, " or "))
  end
end

local function check_alias_format(options, name)
  for _, attribute in ipairs(options.alias_attributes) do
    if tests[attribute] and tests[attribute](name) then
      errors.refuse("looks_like_alias", attribute, attribute)
    end
  end
end

--- A user as SignUp or AdminCreateUser describe one, not yet in the pool.
-- @tparam table pool
-- @tparam table params Username and UserAttributes
-- @tparam string taken the refusal where a user has the name
-- @treturn table `{ username, attributes }`
function M.new_user(pool, params, taken)
  local name, options = params.Username, pool.options
  local user = { username = name,
    attributes = M.from_list(params.UserAttributes) }
  local contact = contact_in_name(options, name)
  if contact then
    if pool.users:by_attribute(contact, name) then
      errors.refuse("contact_taken", contact)
    end
    user.attributes[contact] = name
    user.username = nil
    return user
  end
  check_alias_format(options, name)
  if pool.users:find(name) then
    errors.refuse(taken)
  end
  return user
end

local function check_complete(pool, user, given)
  for _, name in ipairs(pool.options.required_attributes) do
    if (given[name] or user.attributes[name] or "") == "" then
      errors.refuse("required_missing", name)
    end
  end
end

--- Sets the attributes that come with a new password.
-- @tparam table pool
-- @tparam table user
-- @tparam table responses `userAttributes.name` and others
-- @raise a refusal, which leaves the user as it was
function M.complete(pool, user, responses)
  local given = {}
  for name, value in pairs(responses) do
    local attribute = name:match "^userAttributes%.(.+)$"
    local test = tests[attribute]
    if test and user.attributes[attribute] then
      errors.refuse("already_provided", attribute)
    elseif test and not test(value) then
      errors.refuse("bad_attribute", attribute)
    elseif attribute then
      given[attribute] = value
    end
  end
  check_complete(pool, user, given)
  for attribute, value in pairs(given) do
    user.attributes[attribute] = value
  end
end

--- Asks the pre sign-up trigger about a new user.
-- @tparam table pool
-- @tparam table user from `new_user`
-- @tparam table params ValidationData and ClientMetadata
-- @tparam string source `SignUp` or `AdminCreateUser`
-- @treturn table its response; empty where there is no such trigger
-- @raise a refusal
function M.ask_pre_sign_up(pool, user, params, source)
  local validation = {}
  for _, pair in ipairs(params.ValidationData or {}) do
    validation[pair.Name] = pair.Value
  end
  return pool.triggers:run("pre_sign_up", "PreSignUp_" .. source,
    user.username or params.Username, { userAttributes = user.attributes,
      validationData = validation, clientMetadata = params.ClientMetadata })
    or {}
end

return M
