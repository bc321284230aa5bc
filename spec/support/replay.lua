--- A world for credentials that is all recorded: variables, files, programs
-- and traffic. It touches nothing outside and does not wait.
--
--     local case = replay.new {
--       env = { AWS_PROFILE = "work" },
--       config = "[profile work]\n…",  credentials = "…",   -- the two files
--       files = { ["/token"] = "…" },
--       traffic = { { "GET http://169.254.170.2/creds", 200, "{…}" }, … },
--       run = function(words, seconds) … end,
--     }
--     local found, err = credentials.chain(case.options):get()
--
-- Traffic must come in its order. An entry's status may be a string: then the
-- network fails with these words. Its fourth value are reply headers.

local c_locale = require "cognito.c_locale"
local credentials = require "cognito.credentials"

local M = {}

M.NOW = 1795247391 -- 2026-11-21T07:49:51Z

local Case = {}
Case.__index = Case

local function send(case, name, request, options)
  local entry = case.traffic[#case.sent + 1]
  local line = request.method .. " " .. request.url
  case.sent[#case.sent + 1] = { request = request, options = options, runtime = name, line = line }
  if not entry then
    error("nobody expected " .. line, 0)
  elseif entry[1] ~= line then
    error(("expected %s, not %s"):format(entry[1], line), 0)
  elseif type(entry[2]) == "string" then
    return nil, { code = "connect", kind = "network", message = entry[2] }
  end
  return { status = entry[2], body = entry[3] or "", headers = entry[4] or {} }
end

local function runtime(case, name)
  return {
    send = function(_, request, options) return send(case, name, request, options) end,
    sleep = function(_, seconds)
      case.slept[#case.slept + 1] = seconds
      case.time = case.time + seconds
    end,
  }
end

local function make_files(given)
  local files = { ["/ada/.aws/config"] = given.config, ["/ada/.aws/credentials"] = given.credentials }
  for path, text in pairs(given.files or {}) do
    files[path] = text
  end
  return files
end

local function make_options(case, given)
  local env = given.env or {}
  local options = {
    env = function(name) return env[name] or (name == "HOME" and "/ada" or nil) end,
    read_file = function(path)
      case.read[#case.read + 1] = path
      if case.files[path] then return case.files[path] end
      return nil, "No such file or directory"
    end,
    write_file = function(path, text)
      case.files[path] = text
      return true
    end,
    lock_file = function() return function() end end,
    run = given.run or function() error "a program was run" end,
    runtime = runtime(case, "network"),
    metadata_runtime = runtime(case, "metadata"),
    now = function() return case.time end,
    random = function() return 0.5 end,
  }
  for name, value in pairs(given.options or {}) do
    options[name] = value
  end
  return options
end

--- The value of a header of the n-th request, or nil.
function Case:header(n, name)
  for _, pair in ipairs(self.sent[n].request.headers) do
    if c_locale.lower(pair[1]) == c_locale.lower(name) then return pair[2] end
  end
end

--- The fields of the form that the n-th request carried.
function Case:form(n)
  local fields = {}
  for name, value in self.sent[n].request.body:gmatch "([^&=]+)=([^&]*)" do
    fields[name] = value:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end)
  end
  return fields
end

--- A provider in this world; the case keeps it.
function Case:provider()
  self.made = self.made or credentials.chain(self.options)
  return self.made
end

--- Asks it.
function Case:get()
  return self:provider():get()
end

--- How many exchanges there were; fails when some were expected in vain.
function Case:exchanges()
  assert(#self.sent == #self.traffic, ("%d of %d exchanges"):format(#self.sent, #self.traffic))
  return #self.sent
end

function M.new(given)
  local case = setmetatable({
    traffic = given.traffic or {}, sent = {}, slept = {}, read = {}, time = M.NOW, files = make_files(given),
  }, Case)
  case.options = make_options(case, given)
  return case
end

--- STS's answer to an action.
function M.sts_reply(action, key_id, arn)
  return ([[<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult><AssumedRoleUser>
<AssumedRoleId>AROA:s</AssumedRoleId><Arn>%s</Arn></AssumedRoleUser><Credentials>
<AccessKeyId>%s</AccessKeyId><SecretAccessKey>role/secret+</SecretAccessKey><SessionToken>role-token==</SessionToken>
<Expiration>2026-11-21T08:49:51Z</Expiration></Credentials></%sResult></%sResponse>]]):format(action, action,
    arn or "arn:aws:sts::123456789012:assumed-role/r/s", key_id or "ASIAROLE", action, action)
end

--- STS's answer when it refuses.
function M.sts_error(code, message)
  return ([[<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
<RequestId>r</RequestId></ErrorResponse>]]):format(code, message)
end

--- The answers that containers and instances get.
M.document = [[{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIABOX","SecretAccessKey":"box/secret",
"Token":"box-token","Expiration":"2026-11-21T13:49:51Z","LastUpdated":"2026-11-21T07:00:00Z"}]]

M.document_keys = {
  access_key_id = "ASIABOX", secret_access_key = "box/secret", session_token = "box-token",
  expires_at = M.NOW + 6 * 3600,
}

return M
