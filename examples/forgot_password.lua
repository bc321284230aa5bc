--- Sends a recovery code to a user.
--
--     COGNITO_USER_POOL_ID=… COGNITO_CLIENT_ID=… [COGNITO_CLIENT_SECRET=…] \
--       lua5.4 examples/forgot_password.lua ada
--
-- No AWS credentials are needed: anybody may ask for a code.

local cognito = require "cognito"

local username = arg[1]
if not username then
  io.stderr:write "usage: forgot_password.lua USERNAME\n"
  os.exit(2)
end

local pool = cognito.new {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID", -- the region follows from it
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET", -- unset for a public app client
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
}

local sent, err = pool:forgot_password { username = username }
if not sent then
  io.stderr:write(tostring(err), "\n")
  os.exit(1)
end

-- A 200 means that the request was accepted, not that a message was sent: a
-- pool may hide from strangers which users exist.
local details = sent.code_delivery_details
print(("accepted: a code goes by %s to %s"):format(details.delivery_medium, details.destination))
print "next: pool:confirm_forgot_password { username =, confirmation_code =, password = }"
