--- Access tokens of an app client for itself, kept for as long as they last and
-- renewed a little earlier; by one request, however many calls want one.
--
-- Time is measured by a clock that only goes forward, so that setting the
-- machine's clock prolongs no token; where that clock stood still meanwhile,
-- as on a machine that slept, the time of day counts. Errors are not kept.
-- @module cognito.client_tokens

local cache = require "cognito.credentials.cache"
local check = require "cognito.check"
local client = require "cognito.client"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local native = require "cognito.native"
local tables = require "cognito.tables"

local M = {}

local MOST_EARLY = 60 -- seconds before a token's end
local SHARE = 5 -- of a short token's time
local LONGEST = 10 * 366 * 24 * 3600 -- seconds; a greater number is no lifetime

-- A token stands behind "Bearer " in a header (RFC 6750, section 2.1), so it has
-- visible characters of ASCII alone; a type is one word of these.
local PRINTABLE = "^[\33-\126]+$"

--- The options of `new`, and their types.
M.known = { scopes = "table", client_metadata = "table" }

-- Tokens stay out of the table that programs hold and print.
local states = setmetatable({}, { __mode = "k" })

local tokens = {}
local tokens_mt = {
  __index = tokens, __name = "cognito.ClientTokens",
  __tostring = function() return "cognito client tokens" end,
}

local function own_state(self, method)
  return states[self] or error(("call it with a colon, on an object of cognito.client_tokens: tokens:%s()")
    :format(method), 3)
end

local function is_printable(value)
  return type(value) == "string" and value:find(PRINTABLE) ~= nil
end

local function seconds_of(found)
  local seconds = found.expires_in
  return type(seconds) == "number" and seconds > 0 and seconds <= LONGEST and seconds or 0
end

-- A reply without a token is none of the service's, nor is one whose token would
-- end the header that it goes into. A token without an end is used once.
local function read(state, result, begun, now)
  local found = result.client_authentication_result or {}
  if not is_printable(found.access_token) or found.token_type and not is_printable(found.token_type) then
    return nil, failure.network("malformed_response", "the reply holds no access token that a header can bear",
      { operation = "get_client_token" })
  end
  local seconds = seconds_of(found)
  state.found = state.found + 1
  return {
    number = state.found,
    token = { access_token = found.access_token, token_type = found.token_type, expires_at = now + seconds },
    expires_at = begun + seconds, -- by the runtime's clock
    early = math.min(MOST_EARLY, seconds / SHARE),
  }
end

-- From the time before the request: its way does not prolong the token.
local function load(state)
  local begun, now = state.runtime:clock(), client.now(state.pool)
  local result, err = state.pool:get_client_token(tables.copy(state.params))
  if not result then
    return nil, err
  end
  return read(state, result, begun, now)
end

-- The one who asks for many may have been cancelled: that ends no other call.
local function ask(find, ...)
  local found, err = find(...)
  if not found and err.code == "aborted" then
    found, err = find(...)
  end
  return found, err
end

local function told(state, found, err)
  state.held = found or state.held
  if not found then
    return nil, errors.new(err)
  end
  return tables.copy(found.token)
end

--- A token that lasts.
-- @treturn[1] table `{ access_token, token_type, expires_at }`, the last in
--   epoch seconds
-- @treturn[2] nil
-- @treturn[2] cognito.Error of `get_client_token`
function tokens:get()
  local state = own_state(self, "get")
  local earlier = state.found
  local found, err = ask(cache.get, state.cache)
  if found and found.number <= earlier and client.now(state.pool) >= found.token.expires_at then
    found, err = ask(cache.refresh, state.cache, found)
  end
  return told(state, found, err)
end

--- Another token than one that a server has refused before its end. When
-- another one has been found meanwhile, it is returned at once.
-- @tparam table refused as `get` returned it
-- @treturn[1] table as of `get`
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for anything but such a table
function tokens:refresh(refused)
  local state = own_state(self, "refresh")
  if type(refused) ~= "table" or type(refused.access_token) ~= "string" then
    error("refresh takes the token that was refused, as get returned it", 2)
  end
  local held = state.held
  if held and held.token.access_token == refused.access_token then
    return told(state, ask(cache.refresh, state.cache, held))
  end
  return self:get()
end

local function check_scopes(scopes, level)
  for place, scope in pairs(scopes or {}) do
    if type(place) ~= "number" or type(scope) ~= "string" then
      error("option 'scopes' must be a list of strings", level + 1)
    end
  end
end

--- Makes one; see `cognito.client_tokens`.
-- @tparam cognito.Client pool
-- @tparam[opt] table options
-- @tparam number level whom to blame for a wrong option, as in `error`
-- @treturn cognito.ClientTokens
-- @raise for anything but a client, and an unknown or mistyped option
-- @local
function M.new(pool, options, level)
  if not client.is_client(pool) then
    error("client_tokens takes a client, as cognito.new makes it", level + 1)
  elseif options ~= nil and type(options) ~= "table" then
    error("client_tokens takes a table of options, not a " .. type(options), level + 1)
  end
  check.entries(options or {}, M.known, "option", level + 1)
  check_scopes((options or {}).scopes, level + 1)
  local runtime = client.runtime(pool)
  local state = { pool = pool, runtime = runtime, params = tables.copy(options), found = 0 }
  state.params.scopes = options and options.scopes and tables.copy(options.scopes)
  state.cache = cache.new {
    load = function() return load(state) end,
    now = function() return runtime:clock() end,
    random = native.random,
    sleep = function(seconds) return runtime:sleep(seconds) end,
    detach = function(look_up) return runtime:detach(look_up) end,
  }
  local self = setmetatable({}, tokens_mt)
  states[self] = state
  return self
end

return M
