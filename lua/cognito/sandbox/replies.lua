--- Replies as the service dresses them.
-- @module cognito.sandbox.replies
local json = require "cognito.sandbox.json"

local M = {}

local DAYS = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }
local MONTHS = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
  "Sep", "Oct", "Nov", "Dec" }

-- RFC 9110 section 5.6.7. Not os.date's own names: those follow the locale.
local function http_date(time)
  local t = os.date("!*t", math.floor(time))
  return ("%s, %02d %s %04d %02d:%02d:%02d GMT"):format(DAYS[t.wday], t.day,
    MONTHS[t.month], t.year, t.hour, t.min, t.sec)
end

--- A reply with a body that is already text.
-- @tparam table pool
-- @tparam integer status
-- @tparam string body
-- @treturn table `{ status, headers, body }`
function M.make(pool, status, body)
  return {
    status = status,
    headers = {
      ["content-type"] = "application/x-amz-json-1.1",
      ["x-amzn-requestid"] = pool.random:uuid(),
      ["date"] = http_date(pool.clock.now()),
    },
    body = body,
  }
end

--- The reply of an operation that was carried out.
-- @tparam table pool
-- @tparam table result under the wire's names
-- @treturn table
function M.result(pool, result)
  return M.make(pool, 200, json.encode(result))
end

-- A text that travels in a header is one line.
local function header_text(text)
  return (text:gsub("%c", " "))
end

--- The reply of an operation that was refused. Status 400 whatever the model
-- says: that is what people see from the live service.
-- @tparam table pool
-- @tparam table refusal `{ code, message }`
-- @tparam[opt=400] integer status
-- @treturn table
function M.refusal(pool, refusal, status)
  local reply = M.make(pool, status or 400,
    json.encode { __type = refusal.code, message = refusal.message })
  -- The trailing colon is the live service's.
  reply.headers["x-amzn-errortype"] = header_text(refusal.code) .. ":"
  reply.headers["x-amzn-errormessage"] = header_text(refusal.message)
  return reply
end

--- Lets a reply's Date tell a clock that is off.
-- @tparam table reply
-- @tparam number time what the clock shows
function M.date(reply, time)
  reply.headers["date"] = http_date(time)
end

return M
