--- Sends the confirmation of a sign-up again.
--
--     COGNITO_USER_POOL_ID=… COGNITO_CLIENT_ID=… [COGNITO_CLIENT_SECRET=…] \
--       lua5.4 examples/resend_confirmation_code.lua ada
--
-- Shows how to tell errors apart: by code, then by reason, never by text.

local cognito = require "cognito"

local username = arg[1]
if not username then
  io.stderr:write "usage: resend_confirmation_code.lua USERNAME\n"
  os.exit(2)
end

local pool = cognito.new {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID", -- the region follows from it
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET", -- unset for a public app client
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
}

local sent, err = pool:resend_confirmation_code {
  username = username,
  client_metadata = { page = "resend" }, -- the custom message trigger sees it
}

if sent then
  local details = sent.code_delivery_details
  print(("accepted: a code goes by %s to %s"):format(details.delivery_medium, details.destination))
elseif err.reason == "already_confirmed" then
  print "nothing to confirm: the user can sign in, or ask for forgot_password"
elseif err.code == "LimitExceededException" then
  print "five codes an hour are the limit: wait before asking again"
  os.exit(1)
else
  io.stderr:write(tostring(err), "\n")
  os.exit(1)
end
