--- Steps that several specs of the sandbox take.
local sandbox = require "cognito.sandbox"
local call = require "spec.support.sandbox_call"

local M = { PASSWORD = "Old-pass1word", OTHER = "New-pass1word" }

--- A clock that stands still: what ends in a second would else have ended on a busy machine.
-- @treturn function for the option `now`
function M.still_clock()
  local now = os.time()
  return function() return now end
end

--- A sandbox whose app client has no secret, and whose clock only goes by `advance`.
function M.new(options)
  options = options or {}
  options.client_secret = false
  options.now = options.now or M.still_clock()
  return sandbox.new(options)
end

function M.sign_up(box, name, attributes)
  local list = {}
  for key, value in pairs(attributes or { email = name .. "@example.com" }) do
    list[#list + 1] = { Name = key, Value = value }
  end
  return call.must(box, "SignUp", { Username = name, Password = M.PASSWORD,
    UserAttributes = list[1] and list }) -- cjson would write {} for none
end

function M.confirm_sign_up(box, name)
  return call.must(box, "ConfirmSignUp",
    { Username = name, ConfirmationCode = box:code(name) })
end

function M.sign_in(box, name, password)
  return call.call(box, "InitiateAuth", { AuthFlow = "USER_PASSWORD_AUTH",
    AuthParameters = { USERNAME = name, PASSWORD = password } })
end

return M
