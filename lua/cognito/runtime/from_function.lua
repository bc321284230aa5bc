--- A runtime of a program's own function that sends: lua-resty-http, an HTTP
-- client of the host, or something that records what it is asked.
-- docs/runtimes.md has the recipe for lua-resty-http.
-- @module cognito.runtime.from_function
-- @usage
-- local plain = require("cognito.runtime.blocking").new {}
-- local pool = cognito.new { user_pool_id = "…", client_id = "…", runtime = function(request, options)
--   log(request.method, request.url)
--   return plain:send(request, options)
-- end }

local c_locale = require "cognito.c_locale"
local failure = require "cognito.failure"
local place = require "cognito.place"

local M = {}

-- By lower-case name; of a list of values, as lua-resty-http has it, one.
local function plain_headers(given)
  local headers = {}
  for name, value in pairs(given) do
    headers[c_locale.lower(tostring(name))] = type(value) == "table" and table.concat(value, ", ") or tostring(value)
  end
  return headers
end

-- An error table may leave out what is so for all of them.
local function complete(err)
  if err == nil then
    return failure.network("connection_lost", "the runtime's function returned neither a response nor an error")
  elseif type(err) ~= "table" then
    return err
  end
  return failure.network("connection_lost", "the runtime's function failed", err)
end

local function check(response)
  if type(response) ~= "table" or type(response.status) ~= "number" then
    error("the runtime's function must return a table with a status, or nil and an error", 0)
  elseif type(response.headers or {}) ~= "table" or type(response.body or "") ~= "string" then
    error("the runtime's function must return headers as a table and the body as a string", 0)
  end
end

--- Makes a runtime of a function.
-- @tparam function send given the request `{ method, url, headers, body }` and
--   options (`timeout`, `connect_timeout`, `max_idle` in seconds, more may be
--   added); returns a response `{ status, headers, body }`, or nil and an
--   error: a text, or `{ code, message, sent }`, where `sent = false` promises
--   that nothing of the request has left
-- @treturn table runtime
function M.new(send)
  local runtime = {}
  function runtime:send(request, options)
    local response, err = send(request, options)
    if not response then
      return nil, complete(err)
    end
    check(response)
    return {
      status = response.status, headers = plain_headers(response.headers or {}), body = response.body or "",
    }
  end
  return setmetatable(runtime, { __index = place.waiting(), __name = "cognito.runtime.from_function" })
end

return M
