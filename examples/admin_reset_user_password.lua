--- Locks a user out until a new password is set with the code that is sent.
--
--     COGNITO_USER_POOL_ID=… AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… \
--       lua5.4 examples/admin_reset_user_password.lua ada
--
-- Signed with AWS credentials; needs neither client id nor secret. A reset
-- does not end sessions: this example does that, too.

local cognito = require "cognito"

local username = arg[1]
if not username then
  io.stderr:write "usage: admin_reset_user_password.lua USERNAME\n"
  os.exit(2)
end

local pool = cognito.new {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID", -- the region follows from it
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
}

local function carried_out(what, result, err)
  if result then
    print(what .. ": done")
    return
  end
  io.stderr:write(tostring(err), "\n")
  if err.ambiguous then
    io.stderr:write "The reply was lost: look at user_status before doing this again.\n"
  end
  os.exit(1)
end

carried_out("reset", pool:admin_reset_user_password { username = username })
carried_out("sign-out", pool:admin_user_global_sign_out { username = username })

local user = assert(pool:admin_get_user { username = username })
print(("%s is now %s"):format(user.username, user.user_status))
