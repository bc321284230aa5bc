--- Dates of any form, and documents with credentials, which have one.

local clock = require "cognito.clock"
local document = require "cognito.credentials.document"
local selection = require "cognito.bulk.selection"

local FIRST, LAST = -62167305600, 253402387200 -- the years 0 to 9999, and a day for zones

local function check_rfc3339(text)
  local time = clock.parse_rfc3339(text)
  if time then
    assert(time >= FIRST and time <= LAST, "outside of four-digit years")
    if time >= 0 and time < 253402300800 then
      assert(clock.parse_rfc3339(clock.format_rfc3339(time)) == math.floor(time), "written and read it is another")
    end
  end
  local moment = selection.moment(text)
  assert(moment == time or time == nil, "read differently for a plan")
end

local function check_http(text)
  local time = clock.parse_http_date(text)
  if time then
    assert(time >= FIRST and time <= LAST, "outside of four-digit years")
    if time >= 0 then
      local leap = text:find ":60 GMT$" and 1 or 0
      assert(os.date("!%d", time - leap) == text:match "^%a+, (%d%d)", "another day")
    end
  end
end

local function check_document(text)
  local members = document.read(text)
  local credentials, why
  if members then
    credentials, why = document.credentials(members, {})
  end
  if credentials then
    assert(type(credentials.access_key_id) == "string" and type(credentials.secret_access_key) == "string", "no keys")
    assert(credentials.expires_at == nil or type(credentials.expires_at) == "number", "no date")
  elseif members then
    assert(type(why) == "string", "no reason")
  end
end

return function(text)
  check_rfc3339(text)
  check_http(text)
  check_document(text)
  local seconds = selection.seconds(text)
  assert(seconds == nil or seconds > 0, "no span")
end
