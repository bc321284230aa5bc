-- Requests: the three main operations, nested and refused parameters, with
-- and without secret hash and signature.
local core = require "cognito.core"

local public = { region = "eu-west-1", client_id = "client" }
local secret = { region = "eu-west-1", client_id = "client", client_secret = "secret" }
local admin = {
  region = "eu-west-1", user_pool_id = "eu-west-1_x", time = 1795247391,
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "secret", session_token = ("t"):rep(900) },
}
local metadata = { colour = "blue", text = ("long "):rep(300) } -- more than a stack buffer holds

local function build(operation, params, context, expected)
  local request, err = core.build(operation, params, context)
  assert(request, err and err.message)
  assert(request.body:find(expected, 1, true), request.body)
end

local function refuse(operation, params, context, field)
  local request, err = core.build(operation, params, context)
  assert(not request and err.code == "invalid_parameter" and err.field == field, "not refused as it should be")
end

return {
  quiet = true,
  run = function()
    build("forgot_password", { username = "ada", client_metadata = metadata }, public, '"Username":"ada"')
    build("resend_confirmation_code", { username = "ada" }, secret, '"SecretHash":"')
    build("admin_reset_user_password", { username = "ada" }, admin, '"UserPoolId":"eu-west-1_x"')
    build("admin_create_user", {
      username = "ada", user_attributes = { { name = "email", value = "ada@example.com" }, { name = "name" } },
      desired_delivery_mediums = { "EMAIL" },
    }, admin, '"DesiredDeliveryMediums":["EMAIL"]')
    refuse("forgot_password", { username = 1 }, public, "username")
    refuse("forgot_password", {}, public, "username")
    refuse("admin_create_user", { username = "ada", user_attributes = { { nam = "email" } } }, admin, "user_attributes")
  end,
}
