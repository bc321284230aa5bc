--- Sessions of roles that took the code of an MFA device, in the files of the
-- `aws` command: one code serves both for as long as the session lasts.
--
-- Names and contents of the files are those of awscli and botocore
-- (awscli/customizations/assumerole.py, botocore/credentials.py).
-- @module cognito.credentials.role_cache

local clock = require "cognito.clock"
local document = require "cognito.credentials.document"
local json_object = require "cognito.credentials.json_object"
local native = require "cognito.native"
local token_file = require "cognito.credentials.token_file"

local M = {}

local EARLY = 900 -- seconds before its end that the command asks for the next session

-- ---- the file's name ----

local short = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\f"] = "\\f",
  ["\b"] = "\\b" }

-- A character of UTF-8, as Python's json.dumps writes what is not printable
-- ASCII.
local function escape(char)
  local code = char:byte()
  code = code < 128 and code or code % (code < 224 and 32 or code < 240 and 16 or 8)
  for i = 2, #char do
    code = code * 64 + char:byte(i) % 64
  end
  if code < 65536 then
    return ("\\u%04x"):format(code)
  end
  code = code - 65536
  return ("\\u%04x\\u%04x"):format(55296 + math.floor(code / 1024), 56320 + code % 1024)
end

local function quote(text)
  return '"' .. text:gsub('["\\\n\r\t\f\b]', short):gsub("[%z\1-\31\127]", escape)
    :gsub("[\194-\244][\128-\191]+", escape) .. '"'
end

-- In the order of json.dumps(…, sort_keys=True).
local ARGUMENTS = {
  { "DurationSeconds", "duration_seconds" }, { "ExternalId", "external_id" }, { "RoleArn", "role_arn" },
  { "RoleSessionName", "role_session_name" }, { "SerialNumber", "mfa_serial" },
}

--- What names the file of a role's session, before it is hashed.
-- @tparam table settings of the profile
-- @treturn string
function M.key(settings)
  local parts = {}
  for _, argument in ipairs(ARGUMENTS) do
    local name, value = argument[1], settings[argument[2]]
    if value then
      parts[#parts + 1] = quote(name) .. ": "
        .. (name == "DurationSeconds" and value:gsub("^0+", "") or quote(value))
    end
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function path_of(world, settings)
  local home = token_file.home(world)
  if not world.role_cache or not settings.mfa_serial or not home or not native.sha1 then -- cognito.wire has no files
    return nil
  end
  return ("%s/.aws/cli/cache/%s"):format(home, token_file.name(native.sha1(M.key(settings))))
end

-- ---- the file ----

local KEYS = { access_key_id = "AccessKeyId", secret_access_key = "SecretAccessKey", session_token = "SessionToken" }

local function read(text)
  local whole = json_object.read(text)
  local members = whole and whole:inner "Credentials"
  local found = { expires_at = members and clock.parse_rfc3339(members:get "Expiration") }
  for name, member in pairs(KEYS) do
    found[name] = members and members:get(member)
    if not token_file.is_token(found[name]) or found[name]:find " " then
      return nil
    end
  end
  local account = members:get "AccountId"
  found.account_id = token_file.is_token(account) and account or nil
  return found.expires_at and found
end

--- The session of a role that is kept and lasts. One that a service has refused
-- is not taken again.
-- @tparam table world
-- @tparam table profile `name` and `settings`
-- @treturn ?table credentials
function M.find(world, profile)
  local settings = profile.settings
  local path = path_of(world, settings)
  local text = path and world.read_file(path)
  local found = text and read(text)
  if not found or found.expires_at - world.now() < EARLY or found.access_key_id == world.refused then
    return nil
  end
  found.source = ("profile '%s' (role %s, kept in %s)"):format(profile.name, settings.role_arn, path)
  return found
end

--- Keeps a session, where it can be kept.
-- @tparam table world
-- @tparam table profile `settings` count
-- @tparam table found credentials
function M.keep(world, profile, found)
  local path = path_of(world, profile.settings)
  if path then
    world.write_file(path, document.write { Credentials = {
      AccessKeyId = found.access_key_id, SecretAccessKey = found.secret_access_key, SessionToken = found.session_token,
      Expiration = clock.format_rfc3339(found.expires_at), AccountId = found.account_id,
    } }, token_file.home(world))
  end
end

return M
