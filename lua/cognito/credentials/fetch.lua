--- One small exchange with a service that gives out credentials: tried again
-- where that may help, and over in a bounded time.
-- @module cognito.credentials.fetch

local M = {}

local LONGEST_PAUSE = 20 -- seconds

local function usually(response)
  return not response or response.status >= 500
end

--- Sends a request, several times where `again` says so.
-- Between two tries it waits as the AWS SDKs do, a random part of 1, 2, 4 …
-- seconds.
-- @tparam table world
-- @tparam table exchange `runtime`, `request`, `timeout` and
--   `connect_timeout` of one try in seconds, `attempts`, and `again`: asked
--   about a response (nil when there was none); it defaults to none and 5xx
-- @treturn[1] table response, the last one
-- @treturn[2] nil
-- @treturn[2] string why there was none
function M.send(world, exchange)
  local again = exchange.again or usually
  local options = {
    timeout = exchange.timeout, connect_timeout = exchange.connect_timeout, all_headers = true,
  }
  local attempt = 1
  while true do
    local response, err = exchange.runtime:send(exchange.request, options)
    if attempt >= exchange.attempts or not again(response) then
      return response, not response and (type(err) == "table" and err.message or tostring(err)) or nil
    end
    exchange.runtime:sleep(world.random() * math.min(2 ^ (attempt - 1), LONGEST_PAUSE))
    attempt = attempt + 1
  end
end

--- Percent-encodes all but the unreserved characters (RFC 3986, 2.3).
-- @tparam string text
-- @treturn string
function M.encode(text)
  return (text:gsub("[^%w%-_.~]", function(char)
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
