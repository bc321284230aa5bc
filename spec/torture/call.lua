-- Whole calls by a client over its blocking runtime, one of them signed.
local cognito = require "cognito"
local loopback = require "spec.torture.loopback"

-- Modules that are required when first needed: Lua 5.1 never again requires a
-- module that could not be loaded once.
require "cognito.credentials"
require "cognito.runtime.blocking"

local settings = {
  user_pool_id = "eu-west-1_x", client_id = "client", client_secret = "secret",
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "secret" },
  endpoint = loopback.endpoint, ca_file = loopback.http_options.ca_file, attempt_timeout = 5,
  random = function() return 0 end, -- of waiting between attempts
}

local function use(pool)
  for _, operation in ipairs { "forgot_password", "admin_reset_user_password", "resend_confirmation_code" } do
    local result, err = pool[operation](pool, { username = "ada" })
    if not result then return err end
    assert(next(result) == nil)
    loopback.count()
  end
end

return {
  before = loopback.before,
  run = function() return use(cognito.new(settings)) end,
  judge = function(err)
    if not cognito.is_error(err) or err.operation == nil then return "not an error of the client" end
    return loopback.judge(err, err.ambiguous)
  end,
}
