--- Codes of MFA devices, for roles that take one.
-- @module cognito.cli.mfa

local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"
local failure = require "cognito.failure"

local M = {}

local ENDED = "the session has ended, and a command asks for one code of a device"
local ENDED_HINT = "Run it again; duration_seconds in the profile makes sessions longer"

-- Raised in the middle of a look-up it would be lost: others may wait for that.
local function as_error(err)
  if not stop.is(err) then
    error(err, 0)
  elseif not err.err then
    return failure.network("aborted", "interrupted")
  end
  return failure.credentials(err.err.message, err.err.hint)
end

--- Makes what the client asks for codes: for one of each device, because while
-- a person is asked nothing else goes on, and calls that are in flight would
-- time out.
-- @tparam table args
-- @tparam function env like `os.getenv`
-- @treturn function for the setting `mfa_code`
function M.asker(args, env)
  local asked, is_used = {}, false
  return function(serial)
    if asked[serial] then
      return nil, failure.credentials(("MFA device %s: %s"):format(serial, ENDED), ENDED_HINT)
    end
    asked[serial] = true
    local given, console = args, { env = env }
    if is_used then
      given, console = {}, { env = function() end }
    end
    local ok, code = pcall(secrets.read, given, "mfa_code", console, { of = serial })
    is_used = true
    if ok then
      return code
    end
    return nil, as_error(code)
  end
end

return M
