--- The role of a profile: what its keys say of the session, and the code of
-- its MFA device.
-- @module cognito.credentials.role

local c_locale = require "cognito.c_locale"
local failure = require "cognito.credentials.failure"
local role_cache = require "cognito.credentials.role_cache"
local metrics = require "cognito.credentials.metrics"
local sts = require "cognito.credentials.sts"
local tables = require "cognito.tables"

local M = {}

local SHORTEST, LONGEST = 900, 43200 -- seconds; STS API reference, AssumeRole, DurationSeconds

local function name_of(profile)
  return ("profile '%s'"):format(profile.name)
end

local function is_duration(text)
  local seconds = text:find "^%d+$" and c_locale.tonumber(text)
  return seconds and seconds >= SHORTEST and seconds <= LONGEST
end

-- ---- what the profile says ----

--- What keeps a profile's role from being assumed, known before anything is
-- sent or asked.
-- @tparam table world
-- @tparam table files as from `cognito.aws.files.load`
-- @tparam table profile `name` and `settings`
-- @treturn[1] nil
-- @treturn[2] string in words
-- @treturn[2] string what to mend
function M.fault(world, files, profile)
  local settings = profile.settings
  if settings.source_profile and settings.credential_source then
    return "it has both source_profile and credential_source", "Keep one of them"
  elseif not settings.source_profile and not settings.credential_source then
    return "it has role_arn, but neither source_profile nor credential_source", "Add one of them"
  elseif settings.duration_seconds and not is_duration(settings.duration_seconds) then
    return ("its duration_seconds must be a whole number from %d to %d (%s)"):format(SHORTEST, LONGEST,
      files.place_of(profile.name, "duration_seconds")), "Correct it, or remove it: sessions last an hour without"
        .. " it"
  elseif settings.mfa_serial and not world.mfa_code then
    return "its role takes a code of the MFA device in mfa_serial, and nothing here asks for one",
      "Give cognito.new a function mfa_code that returns the code, or use SSO, or a credential_process that asks for it"
  end
end

-- ---- the code of a device ----

local function no_code(source, serial, err)
  if type(err) == "table" and (err.code == "aborted" or err.kind == "credentials") then
    return nil, tables.copy(err)
  end
  return failure.broken(source, ("there is no code of the MFA device %s%s"):format(serial,
    err ~= nil and ": " .. tostring(err) or ""), "Enter the code that the device shows now")
end

-- People type codes as devices show them, "123 456".
local function ask_for_code(world, source, serial)
  local given, err = world.mfa_code(serial)
  if given == nil or given == false then
    return no_code(source, serial, err)
  end
  local code = type(given) == "string" and given:gsub("%s", "")
  if not code or not code:find "^%d%d%d%d%d%d$" then
    return failure.broken(source, ("the code of the MFA device %s must be a string of six digits"):format(serial),
      "Enter the code that the device shows now")
  end
  return code
end

--- Assumes a profile's role.
-- @tparam table world
-- @tparam table profile without a `fault`
-- @tparam table credentials to assume it with
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.assume(world, profile, credentials)
  local settings = profile.settings
  local source = ("%s (role %s)"):format(name_of(profile), settings.role_arn)
  local code, err
  if settings.mfa_serial then
    code, err = ask_for_code(world, source, settings.mfa_serial)
    if not code then
      return nil, err
    end
  end
  local found
  found, err = sts.assume_role(world, source, {
    arn = settings.role_arn, session_name = settings.role_session_name, external_id = settings.external_id,
    duration = settings.duration_seconds, mfa_serial = settings.mfa_serial, mfa_code = code,
  }, credentials)
  if found then
    role_cache.keep(world, profile, found)
  end
  metrics.inherit(found, credentials)
  if settings.source_profile then
    metrics.add(found, "source_profile")
  end
  return metrics.add(found, "assume_role"), err
end

return M
