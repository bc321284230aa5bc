--- The users of a pool by ListUsers, page by page.
-- @module cognito.bulk.pool_users

local attributes = require "cognito.attributes"
local c_locale = require "cognito.c_locale"
local clock = require "cognito.clock"
local errors = require "cognito.errors"
local failure = require "cognito.failure"

local M = {}

--- Users on a page of ListUsers, at most.
M.PAGE = 60

local YEAR_10000 = 253402300800 -- epoch seconds

-- A stand-in for the service may write dates as text.
local function moment(date)
  if type(date) == "string" then
    date = clock.parse_rfc3339(date)
  end
  return type(date) == "number" and date >= 0 and date < YEAR_10000 and date or nil
end

--- When a user was changed last, as a text that is compared for equality.
-- @param modified as in a user
-- @treturn ?string
function M.moment_text(modified)
  return type(modified) == "number" and c_locale.format("%.3f", modified) or modified
end

--- A user as bulk jobs know one.
-- @tparam table user as ListUsers or AdminGetUser tell
-- @treturn table `{ username, sub, status, enabled, created, modified, attributes }`;
--   dates are epoch seconds, nil where none can be read
function M.user(user)
  local values = attributes.values(user.attributes or user.user_attributes)
  return {
    username = user.username,
    sub = values.sub,
    status = user.user_status,
    enabled = user.enabled ~= false,
    created = moment(user.user_create_date),
    modified = moment(user.user_last_modified_date),
    attributes = values,
  }
end

local function raise_malformed(message)
  error(errors.new(failure.network("malformed_response", message)), 0)
end

--- Refuses a user whom no job can plan for: without a name or a sub the job
-- could not say who was sent a message, and no journal can store a NUL.
-- @tparam table user as `user` returns it
-- @raise a cognito.Error
function M.check(user)
  for _, member in ipairs { "username", "sub", "status" } do
    local value = user[member] or ""
    if value == "" and member ~= "status" then
      raise_malformed("the answer has a user without a " .. member)
    elseif value:find("\0", 1, true) then
      raise_malformed(("the answer has a user whose %s holds a NUL"):format(member))
    end
  end
end

--- A filter that finds the users with one attribute.
-- @tparam string attribute
-- @tparam string value
-- @treturn string
function M.filter(attribute, value)
  return ('%s = "%s"'):format(attribute, (value:gsub('[\\"]', "\\%0")))
end

local function ignore() end

local lister = {}
local lister_mt = { __index = lister }

--- The next page; pages may be empty before the last one.
-- @treturn ?table list of users; nil after the last page
-- @raise a cognito.Error
function lister:page()
  if self.listing.ended then
    return nil
  elseif self.calls > 0 then
    self.wait()
  end
  self.calls = self.calls + 1
  self.called()
  local reply, err = self.listing:next()
  if not reply then
    error(err, 0)
  end
  local token = self:token()
  if token and token:find("\0", 1, true) then -- a plan notes it in its journal
    raise_malformed "the answer has a token that holds a NUL"
  end
  local users = {}
  for i, user in ipairs(reply.users or {}) do
    users[i] = M.user(user)
  end
  return users
end

--- The token of the next page.
-- @treturn ?string nil: there is none
function lister:token()
  return not self.listing.ended and self.listing.params.pagination_token or nil
end

--- Lists users.
-- @tparam cognito.Client pool
-- @tparam[opt] table options `filter`, as ListUsers takes it; `token`: of the
--   page to begin with; `wait`: called
--   before each page but the first; `called`: called with every call
-- @treturn table lister with the method `page`
function M.list(pool, options)
  options = options or {}
  return setmetatable({
    listing = pool:pages("list_users", {
      filter = options.filter, limit = M.PAGE, pagination_token = options.token,
    }),
    wait = options.wait or ignore, called = options.called or ignore, calls = 0,
  }, lister_mt)
end

--- The users one by one.
-- @tparam table list from `list`
-- @treturn function iterator
-- @raise the iterator: a cognito.Error
function M.each(list)
  local page, i = {}, 0
  return function()
    while page and i == #page do
      page, i = list:page(), 0
    end
    i = i + 1
    return page and page[i]
  end
end

return M
