--- Dates of HTTP headers.
-- @module cognito.clock

local M = {}

local months = {}
for i, name in ipairs { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" } do
  months[name] = i
end

-- Days from 1970-01-01 to a date of the Gregorian calendar.
local function days(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  return 365 * year + math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
    + math.floor((153 * (month - 3) + 2) / 5) + day - 719469
end

--- Reads a date as HTTP writes it: "Sat, 21 Nov 2026 07:49:51 GMT"
-- (RFC 9110, section 5.6.7; its two obsolete forms are not read).
-- @tparam ?string text
-- @treturn[1] number epoch seconds
-- @treturn[2] nil when it is no such date
function M.parse_http_date(text)
  local day, name, year, hour, minute, second =
    tostring(text):match "^%a%a%a, (%d%d) (%a%a%a) (%d%d%d%d) (%d%d):(%d%d):(%d%d) GMT$"
  local month = months[name]
  if not month then
    return nil
  end
  return days(tonumber(year), month, tonumber(day)) * 86400
    + tonumber(hour) * 3600 + tonumber(minute) * 60 + tonumber(second)
end

return M
