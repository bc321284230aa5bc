--- A connection ahead of the first call.
--
-- The service answers only POST; what it says to a plain GET does not matter,
-- it says so over a connection that stays open for the calls to come.
-- @module cognito.connect

local connections = require "cognito.connections"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local headers = require "cognito.headers"

local function failed(err)
  err = failure.own(err)
  return nil, errors.new {
    code = err.code, message = err.message, kind = err.kind or "network", hint = err.hint, field = err.field,
    operation = "connect", attempts = 1, ambiguous = false, retryable = err.kind == "network",
  }
end

local function request_of(state)
  local list = {}
  local taken, err = headers.append(list, state.settings.headers)
  if err then
    return nil, err
  end
  headers.add(list, "User-Agent", state.user_agent, taken)
  return { method = "GET", url = (state.endpoint:gsub("/*$", "/")), headers = list }
end

--- Sends a request that does nothing.
-- @tparam table state of the client
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
return function(state)
  if not state.endpoint then
    return failed(state.endpoint_error)
  end
  local settings = state.settings
  local request, err = request_of(state)
  if not request then
    return failed(err)
  end
  local response
  response, err = state.runtime:send(request, {
    timeout = settings.attempt_timeout,
    connect_timeout = math.min(settings.connect_timeout, settings.attempt_timeout),
    max_idle = connections.MAX_IDLE, -- for what sends a message
  })
  if not response then
    return failed(err)
  end
  return true
end
