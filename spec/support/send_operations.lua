--- The operations that the matrix of sends is made of: two or more of every
-- effect class among those that the sandbox carries out.
--
-- A row: `name`; `class`; `params(user)`; `user`, the state in which the case
-- finds its user (none: the name is still free); `code`, the operation that
-- sends the code it needs; `prepare(tool, user)`, what has to happen before, whose
-- result `params` gets as well; `once`, when the service refuses to carry it out a
-- second time; `metadata`, when the request can be made as large as one likes;
-- `signed`; `typical`, the one of its class where one has to do; `brief`, one that
-- need not be tried on every connection and with every setting, because others
-- of its class are: what has to be shown is that it is of this class.
local M = {}

M.PASSWORD, M.CODE = "Analytical-Engine-1837", "135790"

local function named(user)
  return { username = user }
end

-- A sign-in's first answer: tokens, or the first challenge.
local function begun(tool, user)
  return assert(tool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
    auth_parameters = { USERNAME = user, PASSWORD = M.PASSWORD } })
end

-- The last parameter comes from a listing.
local function from_listing(operation, list, member)
  return function(tool, user)
    return assert(tool[operation](tool, { username = user }))[list][1][member]
  end, function(user, value)
    return { username = user, [member] = value }
  end
end

local session, of_session = from_listing("admin_list_user_sessions", "sessions", "session_id")
local device, of_device = from_listing("admin_list_devices", "devices", "device_key")

local function with_code(user)
  return { username = user, confirmation_code = M.CODE }
end

M.list = {
  { name = "admin_get_user", class = "read", typical = true, signed = true, user = "CONFIRMED", params = named },
  { name = "list_users", class = "read", signed = true, params = function() return { limit = 1 } end },

  { name = "admin_enable_user", class = "repeat", typical = true, signed = true, user = "CONFIRMED", params = named },
  { name = "admin_disable_user", class = "repeat", signed = true, user = "CONFIRMED", params = named },
  { name = "admin_user_global_sign_out", class = "repeat", signed = true, user = "CONFIRMED", params = named },
  { name = "admin_set_user_password", class = "repeat", signed = true, user = "CONFIRMED", params = function(user)
    return { username = user, password = M.PASSWORD, permanent = true }
  end },

  { name = "admin_confirm_sign_up", class = "once", typical = true, signed = true, user = "UNCONFIRMED", once = true,
    metadata = true, params = named },
  { name = "confirm_sign_up", class = "once", user = "UNCONFIRMED", code = "resend_confirmation_code", once = true,
    metadata = true, params = with_code },
  { name = "confirm_forgot_password", class = "once", user = "CONFIRMED", code = "forgot_password", once = true,
    metadata = true, params = function(user)
      return { username = user, confirmation_code = M.CODE, password = M.PASSWORD }
    end },
  { name = "admin_delete_software_token", class = "once", signed = true, user = "CONFIRMED", once = true,
    params = named },
  { name = "admin_delete_user", class = "once", signed = true, user = "CONFIRMED", once = true, params = named },

  { name = "forgot_password", class = "message", typical = true, user = "CONFIRMED", metadata = true, params = named },
  { name = "resend_confirmation_code", class = "message", user = "UNCONFIRMED", metadata = true, params = named },
  { name = "admin_reset_user_password", class = "message", signed = true, user = "CONFIRMED", metadata = true,
    params = named },
  { name = "sign_up", class = "message", once = true, metadata = true, params = function(user)
    return { username = user, password = M.PASSWORD,
      user_attributes = { { name = "email", value = user .. "@example.com" } } }
  end },
  { name = "admin_create_user", class = "message", signed = true, once = true, metadata = true, params = named },
  { name = "initiate_auth", class = "message", user = "CONFIRMED", metadata = true, params = function(user)
    return { auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = user, PASSWORD = M.PASSWORD } }
  end },
  { name = "respond_to_auth_challenge", class = "message", user = "FORCE_CHANGE_PASSWORD", once = true, metadata = true,
    prepare = begun, params = function(user, challenge)
      return { challenge_name = "NEW_PASSWORD_REQUIRED", session = challenge.session,
        challenge_responses = { USERNAME = user, NEW_PASSWORD = M.PASSWORD .. "!" } }
    end },
  { name = "confirm_device", class = "once", user = "CONFIRMED", once = true, prepare = begun,
    params = function(_, answer)
      local tokens = answer.authentication_result
      return { access_token = tokens.access_token, device_key = tokens.new_device_metadata.device_key,
        device_secret_verifier_config = { salt = "QUJD", password_verifier = "QUJD" } }
    end },
  { name = "get_tokens_from_refresh_token", class = "once", user = "CONFIRMED", once = true, metadata = true,
    prepare = begun, params = function(_, answer)
      local tokens = answer.authentication_result
      return { refresh_token = tokens.refresh_token, device_key = tokens.new_device_metadata.device_key }
    end },

  -- What makes an account safe after a takeover.
  { name = "admin_list_user_sessions", class = "read", brief = true, signed = true, user = "CONFIRMED",
    params = named },
  { name = "admin_list_devices", class = "read", brief = true, signed = true, user = "CONFIRMED", params = named },
  { name = "admin_get_user_auth_factors", class = "read", brief = true, signed = true, user = "CONFIRMED",
    params = named },
  { name = "admin_set_user_mfa_preference", class = "repeat", brief = true, signed = true, user = "CONFIRMED",
    params = function(user)
      return { username = user, sms_mfa_settings = { enabled = false, preferred_mfa = false } }
    end },
  { name = "admin_revoke_user_session", class = "once", brief = true, signed = true, user = "CONFIRMED", once = true,
    prepare = session, params = of_session },
  { name = "admin_forget_device", class = "once", brief = true, signed = true, user = "CONFIRMED", once = true,
    prepare = device, params = of_device },
}

--- The user that a case finds, as `box:add_user` takes it; nil: none.
function M.user(operation, name)
  if not operation.user then return nil end
  return { username = name, status = operation.user, password = M.PASSWORD, email = name .. "@example.com",
    totp_secret = operation.name == "admin_delete_software_token" and "JBSWY3DPEHPK3PXP" or nil,
    devices = operation.prepare == device and 1 or nil, managed_logins = operation.prepare == session and 1 or nil }
end

--- The parameters of a case.
-- @param bytes of client metadata, where the request is to be a large one
-- @param before what was prepared
function M.params(operation, user, bytes, before)
  local params = operation.params(user, before)
  if bytes then
    params.client_metadata = {}
    for i = 1, math.ceil(bytes / 1e5) do -- no single value may be larger
      params.client_metadata["k" .. i] = ("x"):rep(math.min(1e5, bytes))
    end
  end
  return params
end

return M
