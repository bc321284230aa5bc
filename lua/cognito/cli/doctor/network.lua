--- The way to the service: name, connection, TLS, and the service's clock.
-- @module cognito.cli.doctor.network

local clock = require "cognito.clock"
local errors = require "cognito.errors"
local native = require "cognito.native"

local M = {}

-- Asks for what wants a signature without one: it is refused, and the refusal
-- says when.
local HEADERS = {
  { "Content-Type", "application/x-amz-json-1.1" },
  { "X-Amz-Target", "AWSCognitoIdentityProviderService.DescribeUserPool" },
}

local CLOSE = 5 -- seconds; the service tells whole ones, some time ago
local TOO_FAR = 300 -- seconds that signatures may be off

local function milliseconds(seconds)
  return ("%.0f ms"):format(seconds * 1000)
end

local function setting(patient, name)
  local found = patient.described.settings[name]
  return found and found.value
end

local function exchange(patient)
  local http = native.http { ca_file = setting(patient, "ca_file"), ca_path = setting(patient, "ca_path") }
  local response, err = http:send({
    method = "POST", url = patient.described.url, body = "{}", headers = HEADERS,
  }, { timeout = setting(patient, "attempt_timeout"), timings = true })
  local now = native.now()
  http:close()
  return response, err, now
end

local function tell_reached(report, patient, timings)
  if patient.described.url:find "^[hH][tT][tT][pP]:" then
    report:ok("network", ("connected in %s, plain http to this machine"):format(milliseconds(timings.connect)))
  else
    report:ok("network", ("connected in %s, TLS verified in %s"):format(milliseconds(timings.connect),
      milliseconds(timings.tls - timings.connect)))
  end
end

local function tell_clock(report, date, now)
  local offset = date and date - now
  if not offset then
    report:note("clock", "the answer carried no date to compare this machine's clock with",
      "Is the endpoint really the service?")
    return
  end
  local size = math.abs(offset)
  local words = ("this machine's clock is %.0f seconds %s"):format(size, offset > 0 and "behind" or "ahead")
  if size < CLOSE then
    report:ok("clock", "agrees with the service's")
  elseif size < TOO_FAR then
    report:note("clock", words, "Signatures may be five minutes off; let NTP set the clock before it drifts"
      .. " further")
  else
    report:wrong("clock", words .. ": signatures that are more than five minutes off are refused",
      "Set it, preferably by NTP; cognito corrects for it, other tools do not")
  end
end

--- Tries to reach the service.
-- @tparam table report
-- @tparam table patient gets `is_reached`
function M.check(report, patient)
  if not patient.described.url then
    report:note("network", "not tried: the service's address is unknown")
    return
  end
  local response, err, now = exchange(patient)
  if not response then
    err = errors.new(err)
    report:wrong("network", ("%s cannot be reached: %s: %s"):format(patient.described.url, err.code, err.message),
      err.hint)
    return
  end
  patient.is_reached = true
  tell_reached(report, patient, response.timings)
  tell_clock(report, not response.headers.age and clock.parse_http_date(response.headers.date), now)
end

return M
