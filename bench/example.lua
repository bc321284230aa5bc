--- Requests and replies of the bench: one unsigned and one signed
-- operation, with the ids of the golden signature.

local cognito = require "cognito"

local M = {}

M.context = {
  region = "us-east-1",
  client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
  user_pool_id = "us-east-1_AbCdEfGhI",
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
}

M.params = { username = "alice@example.com" }

local headers = {
  date = "Sat, 21 Nov 2026 07:49:51 GMT",
  ["content-type"] = "application/x-amz-json-1.1",
  ["x-amzn-requestid"] = "8b2f3c5e-0a49-4b1c-9d3a-5f2e6c7d8e9f",
}

local details = [[{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}]]

--- A response of the service.
M.responses = {
  forgot_password = { status = 200, headers = headers, body = details },
  admin_reset_user_password = { status = 200, headers = headers, body = "{}" },
}

--- A page of users, as list_users is answered, of an exact size.
-- @tparam number size in bytes, 50 at least
-- @treturn string JSON
function M.users(size)
  local user = '{"Username":"8b2f3c5e-0a49-4b1c-9d3a-5f2e6c7d8e9f","Attributes":[{"Name":"email","Value":'
    .. '"alice@example.com"}],"UserCreateDate":1.795247391E9,"Enabled":true,"UserStatus":"CONFIRMED"},'
  local head, tail = '{"Users":[', '{"Username":"%s"}]}'
  local left = size - #head - #(tail:format "a")
  local count = math.floor(left / #user)
  return head .. user:rep(count) .. tail:format(("a"):rep(left - count * #user + 1))
end

--- The parameters of the bench's operations.
-- @tparam string operation
-- @treturn table
function M.params_of(operation)
  return operation == "list_users" and {} or M.params
end

--- The context, with more in it.
-- @tparam table more
-- @treturn table
function M.with(more)
  for name, value in pairs(M.context) do
    more[name] = value
  end
  return more
end

--- The request that a client makes of an operation.
-- @tparam string url
-- @tparam string operation
-- @treturn table `headers`, in their order, and `body`
function M.client_request(url, operation)
  local sent
  local runtime = {
    send = function(_, request)
      sent = request
      return nil, { code = "aborted", kind = "network", message = "never sent", sent = false }
    end,
    sleep = function() end,
  }
  local pool = cognito.new(M.with { endpoint = url, runtime = runtime })
  pool[operation](pool, M.params_of(operation))
  return sent
end

return M
