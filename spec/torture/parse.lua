-- Replies: success, error, nonsense, and one that is large.
local core = require "cognito.core"

local sent = '{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}'
local user = '{"Username":"ada","UserAttributes":[{"Name":"sub","Value":"u"},null,{"Name":"email","Value":null}],'
  .. '"UserCreateDate":1.795247391E9,"Enabled":true,"UserStatus":"CONFIRMED","New":{"Deep":[[1,2],{"a":null}]}}'
local large = '{"Users":[' .. ('{"Username":"u","Attributes":[{"Name":"sub","Value":"x"}]},'):rep(40)
  .. '{"Username":"last"}],"PaginationToken":"' .. ("t"):rep(3000) .. '"}'
local encoded = ("QUFB"):rep(600)
local branding = '{"ManagedLoginBranding":{"Assets":[{"Bytes":"' .. encoded .. '"}]}}'
local limit = '{"__type":"com.amazonaws#LimitExceededException","message":"Attempt limit exceeded"}'

local function parse(operation, status, body, headers)
  return core.parse(operation, { status = status, headers = headers or {}, body = body })
end

local function refuse(code, ...)
  local result, err = parse("forgot_password", ...)
  assert(not result and err.code == code, err and err.code)
end

return {
  quiet = true,
  run = function()
    assert(parse("forgot_password", 200, sent).code_delivery_details.delivery_medium == "EMAIL")
    assert(parse("admin_get_user", 200, user).user_attributes[2].name == "email")
    assert(parse("list_users", 200, large).users[41].username == "last")
    local assets = parse("describe_managed_login_branding", 200, branding).managed_login_branding.assets
    assert(assets[1].bytes == ("A"):rep(1800) or assets[1].bytes == encoded) -- as it came, where it does not decode
    assert(next(parse("confirm_forgot_password", 200, "")) == nil)
    refuse("LimitExceededException", 400, limit, { ["x-amzn-requestid"] = "r-1" })
    refuse("http_503", 503, "<html>busy</html>")
    refuse("malformed_response", 200, '{"CodeDeliveryDetails":')
    refuse("malformed_response", 200, "[]")
  end,
}
