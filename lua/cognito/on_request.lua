--- The headers that a program's `on_request` adds to an attempt, such as those of
-- distributed tracing. It sees the parameters masked, can change nothing else,
-- and cannot break a call: what it does wrong is in `meta.hook_error`.
-- @module cognito.on_request

local c_locale = require "cognito.c_locale"
local failure = require "cognito.failure"
local headers = require "cognito.headers"
local redact = require "cognito.redact"
local tables = require "cognito.tables"

local M = {}

local function view(state, operation, params, facts, record, attempt)
  return {
    operation = operation, params = redact(operation, params), attempt = attempt, max_attempts = record.max_attempts,
    signed = facts.signed, effect = record.effect, url = state.endpoint, call = record.call,
  }
end

-- Read raw: a metamethod could run where nothing catches what it raises.
local function copied(found)
  if found == nil then
    return nil
  elseif type(found) ~= "table" then
    error(("on_request returned a %s, not a table of headers"):format(type(found)), 0)
  end
  local copy = {}
  for name, value in next, found do
    copy[name] = value
  end
  local fine, err = headers.append({}, copy)
  if fine == nil and err then
    error("on_request: " .. err.message, 0)
  end
  return next(copy) ~= nil and copy or nil
end

--- Asks for the headers of an attempt.
-- @tparam table state of the client
-- @tparam string operation
-- @tparam table params
-- @tparam table facts of the operation, see `cognito.operations`
-- @tparam table record of the call; it is given `hook_error`
-- @tparam integer attempt
-- @treturn ?table name to value
function M.headers(state, operation, params, facts, record, attempt)
  record.call = record.call or {}
  local ok, found = pcall(function()
    return copied(state.settings.on_request(view(state, operation, params, facts, record, attempt)))
  end)
  if ok then
    return found
  end
  record.hook_error = failure.words(found)
  return nil
end

--- The headers of a call and those of an attempt, which count for more.
-- @tparam ?table of_call name to value
-- @tparam ?table of_attempt name to value
-- @treturn ?table
function M.merged(of_call, of_attempt)
  if not of_call or not of_attempt then
    return of_attempt or of_call
  end
  local all, names = tables.copy(of_attempt), {}
  for name in pairs(of_attempt) do
    names[c_locale.lower(name)] = true
  end
  for name, value in pairs(of_call) do
    if not names[c_locale.lower(name)] then
      all[name] = value
    end
  end
  return all
end

return M
