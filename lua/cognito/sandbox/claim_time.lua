--- The time of a sign-in by SRP: "Wed Nov 4 08:09:05 UTC 2026".
-- @module cognito.sandbox.claim_time
local clock = require "cognito.clock"

local M = {}

-- The service is written in Java, whose form this is; the day of the month
-- has no zero in front.
local FORM = "^(%a%a%a) (%a%a%a) (%d%d?) (%d%d:%d%d:%d%d) UTC (%d%d%d%d)$"

local days = { [0] = "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }

--- Reads it.
-- @tparam string text
-- @treturn[1] number epoch seconds
-- @treturn[2] nil when it is no such time, in English, with its day of the
--   week
function M.parse(text)
  local weekday, month, day, time, year = text:match(FORM)
  if not day or day:find "^0" then
    return nil
  end
  local seconds = clock.parse_http_date(("%s, %02d %s %s %s GMT"):format(
    weekday, day, month, year, time))
  if not seconds or days[math.floor(seconds / 86400) % 7] ~= weekday then
    return nil
  end
  return seconds
end

return M
