--- Pages of a list.
-- @module cognito.sandbox.pages
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"
local native = require "cognito.native"

local M = {}

local PAGE = 60

-- A token names where the next page starts and is bound to what was asked:
-- the service refuses one that comes with other parameters.
local function token(pool, start, bound)
  local seal = native.hmac_sha256(pool.options.user_pool_id,
    start .. ":" .. bound)
  return ("%d-%s"):format(start, encoding.hex(seal):sub(1, 16))
end

local function start_of(pool, given, bound)
  if not given then
    return 1
  end
  local start = tonumber(given:match("^(%d+)%-"))
  if not start or token(pool, start, bound) ~= given then
    errors.refuse("bad_page")
  end
  return start
end

--- Takes a page out of a list.
-- @tparam table pool
-- @tparam table list
-- @tparam ?number limit entries at most; 0 and nil mean 60
-- @tparam ?string given the token of the page before
-- @tparam[opt] string bound what the token is bound to
-- @treturn table the page
-- @treturn ?string the token of the next one
-- @raise a refusal
function M.take(pool, list, limit, given, bound)
  local start = start_of(pool, given, bound or "")
  local page = {}
  limit = limit and limit > 0 and limit or PAGE
  for i = start, math.min(start + limit - 1, #list) do
    page[#page + 1] = list[i]
  end
  local after = start + limit
  return page, list[after] and token(pool, after, bound or "") or nil
end

return M
