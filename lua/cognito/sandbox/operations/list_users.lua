--- ListUsers: filters and pages.
-- @module cognito.sandbox.operations.list_users
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local native = require "cognito.native"
local views = require "cognito.sandbox.views"

local M = {}

local PAGE = 60

-- Letters of ASCII only: string.lower would follow the locale.
local function fold(text)
  return (text:gsub("[A-Z]", function(letter)
    return string.char(letter:byte() + 32)
  end))
end

-- Filter: attribute, = or ^=, and a value in quotes that a backslash escapes.

local function exactly(value) return value end

-- How each attribute that can be searched is compared: the API reference of
-- ListUsers says it of the first three, `searched` follows a switch.
local comparison = {
  username = exactly, status = exactly, ["cognito:user_status"] = fold,
  sub = exactly,
  email = "searched", phone_number = "searched", name = "searched",
  given_name = "searched", family_name = "searched",
  preferred_username = "searched",
}

local function comparison_of(pool, name)
  local how = comparison[name]
  if how ~= "searched" then return how end
  return pool.options.answers.filters_ignore_case and fold or exactly
end

local function value_of(user, name)
  if name == "username" then return user.username end
  if name == "cognito:user_status" then return user.status end
  if name == "status" then return user.enabled and "Enabled" or "Disabled" end
  return user.attributes[name]
end

local function parse_filter(text)
  local name, operator, quoted = text:match(
    '^%s*"?([%w_:]+)"?%s*(%^?=)%s*"(.*)"%s*$')
  if not name or not comparison[name] then errors.refuse("bad_filter") end
  local bare = quoted:gsub("\\.", "")
  if bare:find('["\\]') then errors.refuse("bad_filter") end
  return name, operator, (quoted:gsub("\\(.)", "%1"))
end

-- What the filter leaves, in the order of what was compared. Users who have
-- the same keep their order: sort alone would not see to it.
local function matches(pool, text)
  if not text or text == "" then return pool.users.list end
  local name, operator, wanted = parse_filter(text)
  local compared, found = comparison_of(pool, name), {}
  wanted = compared(wanted)
  for place, user in ipairs(pool.users.list) do
    local value = value_of(user, name)
    value = value and compared(value)
    if value and (value == wanted
      or operator == "^=" and value:sub(1, #wanted) == wanted) then
      found[#found + 1] = { user = user, value = value, place = place }
    end
  end
  table.sort(found, function(a, b)
    if a.value ~= b.value then return a.value < b.value end
    return a.place < b.place
  end)
  for i, each in ipairs(found) do found[i] = each.user end
  return found
end

-- A token names where the next page starts and is bound to the filter: the
-- service refuses one that comes with other parameters.

local function token(pool, start, text)
  local seal = native.hmac_sha256(pool.options.user_pool_id,
    start .. ":" .. (text or ""))
  return ("%d-%s"):format(start, encoding.hex(seal):sub(1, 16))
end

local function start_of(pool, params)
  local given = params.PaginationToken
  if not given then return 1 end
  local start = tonumber(given:match("^(%d+)%-"))
  if not start or token(pool, start, params.Filter) ~= given then
    errors.refuse("bad_page")
  end
  return start
end

-- The API reference: every user among the results must have the attribute;
-- and where no filter can name it, every user of the pool.
local function check_attributes(pool, names, users)
  for _, name in ipairs(names or {}) do
    for _, user in ipairs(comparison[name] and users or pool.users.list) do
      if not user.attributes[name] then errors.refuse("missing_attribute") end
    end
  end
end

local function only(user, names)
  if not names then return user end
  local copy = { attributes = {} }
  for key, value in pairs(user) do
    if key ~= "attributes" then copy[key] = value end
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
  local all, start = matches(pool, params.Filter), start_of(pool, params)
  local limit = params.Limit and params.Limit > 0 and params.Limit or PAGE
  local page, views_of_page = {}, json.list {}
  for i = start, math.min(start + limit - 1, #all) do
    page[#page + 1] = all[i]
  end
  check_attributes(pool, params.AttributesToGet, page)
  for i, user in ipairs(page) do
    views_of_page[i] = views.user(only(user, params.AttributesToGet),
      "Attributes")
  end
  local next_start = start + limit
  return { Users = views_of_page, PaginationToken = all[next_start]
    and token(pool, next_start, params.Filter) or nil }
end

return M
