--- Says which call helps a user, or why none does; with --send, makes it.
--
--     COGNITO_USER_POOL_ID=… COGNITO_CLIENT_ID=… [COGNITO_CLIENT_SECRET=…] \
--       AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… lua5.4 examples/advise.lua ada
--
-- Looking is signed, and counts the user towards the monthly active users
-- that are billed.

local cognito = require "cognito"
local recovery = require "cognito.recovery"

local username, send = arg[1], arg[2] == "--send"
if not username then
  io.stderr:write "usage: advise.lua USERNAME [--send]\n"
  os.exit(2)
end

local function done(result, err)
  if result then return result end
  io.stderr:write(tostring(err), "\n")
  os.exit(1)
end

local pool = cognito.new {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID", -- the region follows from it
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET", -- unset for a public app client
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
}

-- How the pool recovers accounts is the same for all of its users: a program
-- that looks at many asks once.
local described = done(pool:describe_user_pool {})
local advice = done(recovery.advise(pool, username, described))

print(("%s: %s"):format(username, advice.user_status or advice.reason))
print(advice.text)
if advice.operation and send then
  done(pool[advice.operation](pool, advice.params))
  print(advice.operation .. ": done")
elseif advice.operation then
  print("the call: " .. advice.operation .. " (add --send to make it)")
end
