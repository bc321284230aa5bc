--- The attributes of users in replies. A stand-in for the service may send
-- attributes without a name, and values of another type than the model's.
-- @module cognito.attributes

local c_locale = require "cognito.c_locale"

local M = {}

local scalars = { string = true, number = true, boolean = true }

--- The attributes that have a name, with values as text.
-- @tparam ?table list as replies have it
-- @treturn {table,...} each `name` and `value`
function M.list(list)
  local found = {}
  for _, attribute in ipairs(type(list) == "table" and list or {}) do
    if type(attribute) == "table" and type(attribute.name) == "string" then
      local value = attribute.value
      found[#found + 1] = { name = attribute.name, value = scalars[type(value)] and tostring(value) or nil }
    end
  end
  return found
end

-- A user of a reply, whether or not it has attributes.
local function is_user(value)
  return type(value) == "table" and (value.attributes or value.user_attributes or value.username) ~= nil
end

--- Why a value has no attributes of one user.
-- @param value anything
-- @treturn ?string nil for a user of a reply, and for a list of attributes
function M.no_user(value)
  if type(value) ~= "table" then
    return "takes a user or a list of attributes, not a " .. type(value)
  elseif is_user(value) or next(value) == nil then
    return nil
  elseif value[1] == nil or is_user(value[1]) then
    return "takes one user of a reply, or a list of attributes"
  end
end

--- Whether an attribute says true. The service writes `true`; a stand-in may
-- write `True`.
-- @tparam table values by name
-- @tparam string name like email_verified
-- @treturn boolean
function M.is_true(values, name)
  return c_locale.lower(values[name] or "") == "true"
end

--- The values by name.
-- @tparam ?table list as replies have it; tables without a list give none
-- @treturn table from name to text
function M.values(list)
  local values = {}
  for _, attribute in ipairs(M.list(list)) do
    values[attribute.name] = attribute.value
  end
  return values
end

return M
