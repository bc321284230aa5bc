--- Listings page by page, for every operation that gives a token for the next
-- page, whether or not the model calls it paginated.
--
-- An iterator cannot return an error to the body of a loop, and a loop that
-- just ended would look like a complete listing: so in a `for` statement an
-- error is raised. The method `next` returns it instead; where Lua 5.1 runs
-- tasks it is the one to call, since an iterator cannot suspend there.
-- @module cognito.pages

local errors = require "cognito.errors"
local failure = require "cognito.failure"
local native = require "cognito.native"
local page_tokens = require "cognito.page_tokens"
local tables = require "cognito.tables"

local M = {}

local TOKENS = { "next_token", "pagination_token" }

local function has_member(members, name)
  for _, member in ipairs(members or {}) do
    if member.name == name then
      return true
    end
  end
  return false
end

local function first_list(members)
  for _, member in ipairs(members or {}) do
    if member.type == "list" then
      return member.name
    end
  end
end

--- How an operation pages.
-- @tparam string operation
-- @treturn[1] table `{ token, items }`: the member of request and reply that
--   holds the token of the next page, and the member that holds the items
-- @treturn[2] nil for one that does not
-- @local
function M.of(operation)
  local described = native.describe(operation)
  for _, token in ipairs(TOKENS) do
    if has_member(described.input, token) and has_member(described.output, token) then
      return { token = token, items = first_list(described.output) }
    end
  end
  return nil
end

-- ---- pages ----

local pages = {}
local pages_mt = { __index = pages, __name = "cognito.Pages" }

local function check_self(self, metatable, level)
  if getmetatable(self) ~= metatable then
    error("call it with a colon, on a listing: listing:next()", level + 1)
  end
end

local function next_or_raise(self)
  local found, err = self:next()
  if err then
    error(err, 0)
  end
  return found
end

pages_mt.__call = next_or_raise

local function fail(self, err)
  self.ended, self.err = true, err
  return nil, err
end

-- Returns the error of a listing that would never end.
local function going_round(self)
  local message = "%s gave a token for the next page that it had given before: its list would not end"
  return errors.new(failure.network("repeated_token", message:format(self.operation),
    { operation = self.operation, attempts = 1 }))
end

--- The next page.
-- @treturn[1] table page: the result of the call
-- @treturn[1] nil
-- @treturn[1] table meta of the call
-- @treturn[2] nil after the last page
-- @treturn[3] nil after an error, then and ever after
-- @treturn[3] cognito.Error; `repeated_token` when the pages go round in a
--   circle
function pages:next()
  check_self(self, pages_mt, 2)
  if self.ended then
    return nil, self.err
  end
  local page, err, meta = self.call(self.params)
  if not page then
    return fail(self, err)
  end
  local token = page[self.token]
  if self.goes_round(token) then
    return fail(self, going_round(self))
  end
  self.ended, self.params[self.token] = not token, token
  return page, nil, meta
end

-- ---- items ----

local items = {}
local items_mt = { __index = items, __name = "cognito.Items", __call = next_or_raise }

--- The next item; a page may be empty and yet have others behind it.
-- @treturn[1] item
-- @treturn[2] nil after the last item
-- @treturn[3] nil after an error
-- @treturn[3] cognito.Error
function items:next()
  check_self(self, items_mt, 2)
  while self.at == #self.page do
    local page, err = self.pages:next()
    if not page then
      return nil, err
    end
    self.page, self.at = page[self.member] or {}, 0
  end
  self.at = self.at + 1
  return self.page[self.at]
end

-- ---- making them ----

--- Makes a listing by pages.
-- @tparam string operation
-- @tparam table paging as `of` returns it
-- @tparam table params never changed
-- @tparam function call takes the parameters of one page
-- @treturn table callable, with the method `next`
-- @local
function M.pages(operation, paging, params, call)
  return setmetatable({
    operation = operation, token = paging.token, params = tables.copy(params), call = call,
    goes_round = page_tokens.watch(),
  }, pages_mt)
end

--- Makes a listing by items of one by pages.
-- @tparam table listing as `pages` returns it
-- @tparam table paging as `of` returns it
-- @treturn table callable, with the method `next`
-- @local
function M.items(listing, paging)
  return setmetatable({ pages = listing, member = paging.items, page = {}, at = 0 }, items_mt)
end

return M
