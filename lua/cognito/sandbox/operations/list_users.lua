--- ListUsers: filters and pages.
-- @module cognito.sandbox.operations.list_users
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local native = require "cognito.native"
local views = require "cognito.sandbox.views"

local M = {}

local PAGE = 60

-- Filter: attribute, = or ^=, and a value in quotes that a backslash escapes.

local searchable = {}
for _, name in ipairs { "username", "email", "phone_number", "name",
  "given_name", "family_name", "preferred_username", "cognito:user_status",
  "status", "sub" } do
  searchable[name] = true
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
  if not name or not searchable[name] then errors.refuse("bad_filter") end
  local bare = quoted:gsub("\\.", "")
  if bare:find('["\\]') then errors.refuse("bad_filter") end
  return name, operator, (quoted:gsub("\\(.)", "%1"))
end

local function filter(text)
  if not text or text == "" then return function() return true end end
  local name, operator, wanted = parse_filter(text)
  return function(user)
    local value = value_of(user, name)
    if not value then return false end
    if operator == "=" then return value == wanted end
    return value:sub(1, #wanted) == wanted
  end
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
  local matches, start = filter(params.Filter), start_of(pool, params)
  local limit = params.Limit and params.Limit > 0 and params.Limit or PAGE
  local page, all = json.list {}, pool.users.list
  for i = start, #all do
    if matches(all[i]) then
      if #page == limit then
        return { Users = page,
          PaginationToken = token(pool, i, params.Filter) }
      end
      page[#page + 1] = views.user(only(all[i], params.AttributesToGet),
        "Attributes")
    end
  end
  return { Users = page }
end

return M
