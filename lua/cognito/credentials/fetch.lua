--- One small exchange with a service that gives out credentials: tried again
-- where that may help, and over in a bounded time.
-- @module cognito.credentials.fetch

local connections = require "cognito.connections"
local failure = require "cognito.credentials.failure"
local failures = require "cognito.failure"

local M = {}

local ATTEMPTS = 3
local TIMEOUT = 5 -- seconds
local LONGEST_PAUSE = 20 -- seconds

local function usually(response)
  return not response or response.status >= 500
end

-- Nothing was sent and never will be: a setting is wrong.
local function is_refused(err)
  return type(err) == "table" and err.kind == "validation"
end

--- The error of a source whose service gave no response: the setting that is
-- at fault, or that the same may succeed later.
-- @tparam string source
-- @tparam string message
-- @tparam ?table err as from `send`
-- @treturn nil
-- @treturn table
function M.failed(source, message, err)
  if not is_refused(err) then
    return failure.temporary(source, message)
  end
  return nil, { code = err.code, kind = err.kind, field = err.field, message = source .. ": " .. err.message }
end

--- Sends a request, several times where `again` says so.
-- Between two tries it waits as the AWS SDKs do, a random part of 1, 2, 4 …
-- seconds.
-- @tparam table world
-- @tparam table exchange `runtime`, `request` (or a function that makes one
--   for each try), and optionally `timeout` and `connect_timeout` of one try in
--   seconds, `attempts`, and `again`: asked about a response (nil when there
--   was none); it defaults to none and 5xx. `direct`: over plain http to any
--   host, and through no proxy
-- @treturn[1] table response, the last one
-- @treturn[2] nil
-- @treturn[2] string why there was none
-- @treturn[2] ?table the runtime's error, where it has one
function M.send(world, exchange)
  local again = exchange.again or usually
  local options = {
    timeout = exchange.timeout or TIMEOUT, connect_timeout = exchange.connect_timeout or connections.CONNECT_TIMEOUT,
    all_headers = true, direct = exchange.direct,
  }
  local attempt = 1
  while true do
    local request = exchange.request
    local response, err = exchange.runtime:send(type(request) == "function" and request() or request, options)
    if attempt >= (exchange.attempts or ATTEMPTS) or not again(response) or is_refused(err) then
      if response then
        return response
      end
      return nil, failures.own(err).message or tostring(err), type(err) == "table" and err or nil
    end
    exchange.runtime:sleep(world.random() * math.min(2 ^ (attempt - 1), LONGEST_PAUSE))
    attempt = attempt + 1
  end
end

--- Percent-encodes all but the unreserved characters (RFC 3986, 2.3).
-- @tparam string text
-- @treturn string
function M.encode(text)
  return (text:gsub("[^A-Za-z0-9%-_.~]", function(char)
    return ("%%%02X"):format(char:byte())
  end))
end

--- Writes a form, or a URL's query.
-- @tparam {{string,string},...} fields
-- @treturn string
function M.form(fields)
  local parts = {}
  for i, field in ipairs(fields) do
    parts[i] = field[1] .. "=" .. M.encode(field[2])
  end
  return table.concat(parts, "&")
end

return M
