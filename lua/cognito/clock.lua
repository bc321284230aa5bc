--- Dates as HTTP headers and JSON documents write them.
-- @module cognito.clock

local c_locale = require "cognito.c_locale"

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

local month_lengths = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function month_length(year, month)
  local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return leap and month == 2 and 29 or month_lengths[month]
end

local function within(value, low, high)
  value = c_locale.tonumber(value)
  return value and value >= low and value <= high and value
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
  year = tonumber(year)
  day, hour, minute = within(day, 1, month_length(year, month)), within(hour, 0, 23), within(minute, 0, 59)
  second = within(second, 0, 60)
  return day and hour and minute and second
    and days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second or nil
end

-- Seconds that a zone is ahead of UTC; nil for what is no zone. Older tools
-- write "UTC" for "Z".
local function zone_offset(text)
  local upper = c_locale.upper(text)
  if upper == "Z" or upper == "UTC" then
    return 0
  end
  local sign, hours, minutes = text:match "^([+-])(%d%d):?(%d%d)$"
  hours, minutes = within(hours, 0, 23), within(minutes, 0, 59)
  if not hours or not minutes then
    return nil
  end
  return (sign == "-" and -60 or 60) * (60 * hours + minutes)
end

--- Reads a date of RFC 3339, "2026-11-21T08:49:51.25+01:00". A date that does
-- not say its zone could be any of 26 moments and is not read.
-- @tparam ?string text
-- @treturn[1] number epoch seconds, with the fraction that the text has
-- @treturn[2] nil when it is no such date
function M.parse_rfc3339(text)
  local year, month, day, hour, minute, second, fraction, zone =
    tostring(text):match "^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt ](%d%d):(%d%d):(%d%d)(%.?%d*)(%a*[+-]?[%d:]*)$"
  if not year or fraction == "." or (fraction ~= "" and fraction:sub(1, 1) ~= ".") then
    return nil
  end
  local ahead = zone_offset(zone)
  year = tonumber(year)
  month, hour, minute = within(month, 1, 12), within(hour, 0, 23), within(minute, 0, 59)
  second = within(second, 0, 60) -- a leap second counts as the next one
  day = month and within(day, 1, month_length(year, month))
  if not (ahead and day and hour and minute and second) then
    return nil
  end
  return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
    + (c_locale.tonumber("0" .. fraction) or 0) - ahead
end

--- Writes a date of RFC 3339, in UTC.
-- @tparam number time epoch seconds
-- @treturn string like "2026-11-21T07:49:51Z"
function M.format_rfc3339(time)
  return os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(time))
end

return M
