--- ListUsers: filters and pages.
-- @module cognito.sandbox.operations.list_users
local c_locale = require "cognito.c_locale"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local pages = require "cognito.sandbox.pages"
local views = require "cognito.sandbox.views"

local M = {}

-- Filter: attribute, = or ^=, and a value in quotes that a backslash escapes.

local function exactly(value) return value end

-- How each attribute that can be searched is compared: the API reference of
-- ListUsers says it of the first three, `searched` follows a switch.
local comparison = {
  username = exactly, status = exactly, ["cognito:user_status"] = c_locale.lower,
  sub = exactly,
  email = "searched", phone_number = "searched", name = "searched",
  given_name = "searched", family_name = "searched",
  preferred_username = "searched",
}

local function comparison_of(pool, name)
  local how = comparison[name]
  if how ~= "searched" then
    return how
  end
  return pool.options.answers.filters_ignore_case and c_locale.lower or exactly
end

local function value_of(user, name)
  if name == "username" then
    return user.username
  end
  if name == "cognito:user_status" then
    return user.status
  end
  if name == "status" then
    return user.enabled and "Enabled" or "Disabled"
  end
  return user.attributes[name]
end

local function parse_filter(text)
  local name, operator, quoted = text:match(
    '^%s*"?([%w_:]+)"?%s*(%^?=)%s*"(.*)"%s*$')
  if not name or not comparison[name] then
    errors.refuse("bad_filter")
  end
  local bare = quoted:gsub("\\.", "")
  if bare:find('["\\]') then
    errors.refuse("bad_filter")
  end
  return name, operator, (quoted:gsub("\\(.)", "%1"))
end

-- Users that can match: one user has a sub, and a bulk job asks for each by it.
local function candidates(pool, name, operator, wanted)
  if name == "sub" and operator == "=" then
    return { pool.users.by_sub[wanted] }
  end
  return pool.users.list
end

-- The users that the filter leaves, in the order of the compared value. Users who have
-- the same keep their order: sort alone would not see to it.
local function matches(pool, text)
  if not text or text == "" then
    return pool.users.list
  end
  local name, operator, wanted = parse_filter(text)
  local compared, found = comparison_of(pool, name), {}
  wanted = compared(wanted)
  for place, user in ipairs(candidates(pool, name, operator, wanted)) do
    local value = value_of(user, name)
    value = value and compared(value)
    if value and (value == wanted
      or operator == "^=" and value:sub(1, #wanted) == wanted) then
      found[#found + 1] = { user = user, value = value, place = place }
    end
  end
  table.sort(found, function(a, b)
    if a.value ~= b.value then
      return c_locale.before(a.value, b.value)
    end
    return a.place < b.place
  end)
  for i, each in ipairs(found) do
    found[i] = each.user
  end
  return found
end

-- The API reference: every user among the results must have the attribute;
-- and where no filter can name it, every user of the pool.
local function check_attributes(pool, names, users)
  for _, name in ipairs(names or {}) do
    for _, user in ipairs(comparison[name] and users or pool.users.list) do
      if not user.attributes[name] then
        errors.refuse("missing_attribute")
      end
    end
  end
end

local function only(user, names)
  if not names then
    return user
  end
  local copy = { attributes = {} }
  for key, value in pairs(user) do
    if key ~= "attributes" then
      copy[key] = value
    end
  end
  for _, name in ipairs(names) do
    copy.attributes[name] = user.attributes[name]
  end
  return copy
end

--- ListUsers.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.list_users(pool, params)
  local page, next_token = pages.take(pool, matches(pool, params.Filter),
    params.Limit, params.PaginationToken, params.Filter)
  check_attributes(pool, params.AttributesToGet, page)
  local found = json.list {}
  for i, user in ipairs(page) do
    found[i] = views.user(only(user, params.AttributesToGet), "Attributes")
  end
  return { Users = found, PaginationToken = next_token }
end

return M
