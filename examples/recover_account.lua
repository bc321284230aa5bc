--- A user signs up, loses two codes and a password, and gets back in; then an
-- administrator resets the account. Runs against a local user pool, which
-- shows the codes it would have sent: `make demo` starts one and this.

local cognito = require "cognito"
local json = require "cjson"

io.stdout:setvbuf "line" -- the local pool prints in between

local endpoint = assert(os.getenv "COGNITO_ENDPOINT", "start this with: make demo")
local settings = {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID",
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET",
  endpoint = endpoint,
  attempt_timeout = 60, -- a busy machine takes its time for the local pool's first key
  timeout = 120,
  -- Credentials for the admin operations come from AWS_ACCESS_KEY_ID and
  -- AWS_SECRET_ACCESS_KEY.
}
local pool = cognito.new(settings)
local http = require("cognito.core").http()

local USERNAME, FIRST, SECOND = "ada", "Analytical-Engine-1837", "Difference-Engine-1822"

local function say(...)
  print(string.format(...))
end

--- A step that must succeed.
local function done(result, err)
  if not result then
    io.stderr:write("failed: ", tostring(err), "\n")
    os.exit(1)
  end
  local details = result.code_delivery_details
  if details then
    say("   a code is on its way by %s to %s", details.delivery_medium, details.destination)
  else
    say "   done"
  end
  return result
end

--- A step that must be refused, with this code.
local function refused(code, result, err)
  if result or err.code ~= code then
    io.stderr:write("expected ", code, ", got ", tostring(err or "success"), "\n")
    os.exit(1)
  end
  say("   refused: %s: %s", err.code, err.message)
  say("   hint:    %s", err.hint)
end

--- The last code that the local pool would have sent.
local function latest_code()
  local response = assert(http:send { method = "GET", url = endpoint .. "/outbox", headers = {} })
  local messages = json.decode(response.body)
  say("   (the local pool's outbox says: %s)", messages[#messages].code)
  return messages[#messages].code
end

local function sign_in(password)
  return pool:initiate_auth {
    auth_flow = "USER_PASSWORD_AUTH",
    auth_parameters = { USERNAME = USERNAME, PASSWORD = password },
  }
end

say("lua-cognito %s, %s\n", cognito.version, tostring(pool))

say("1. %s signs up", USERNAME)
done(pool:sign_up {
  username = USERNAME,
  password = FIRST,
  user_attributes = { { name = "email", value = "ada@example.com" } },
})

say "2. The code got lost: resend_confirmation_code"
done(pool:resend_confirmation_code { username = USERNAME })

say "3. Confirm the sign-up"
done(pool:confirm_sign_up { username = USERNAME, confirmation_code = latest_code() })

say "4. The password got lost, too: forgot_password"
done(pool:forgot_password { username = USERNAME })

say "5. Set a new password with the code"
done(pool:confirm_forgot_password {
  username = USERNAME,
  confirmation_code = latest_code(),
  password = SECOND,
})

say "6. Sign in with it"
local session = done(sign_in(SECOND))
say("   signed in for %d seconds", session.authentication_result.expires_in)

say "7. An administrator resets the account: admin_reset_user_password (signed)"
done(pool:admin_reset_user_password { username = USERNAME })

say "8. Signing in again"
refused("PasswordResetRequiredException", sign_in(SECOND))

say "9. The same with a wrong app client secret"
local stranger = pool:with { client_secret = "not-the-secret" }
refused("NotAuthorizedException", stranger:forgot_password { username = USERNAME })

say "10. And with a wrong signing key"
local impostor = pool:with {
  credentials = { access_key_id = assert(os.getenv "AWS_ACCESS_KEY_ID"), secret_access_key = "not-the-key" },
}
refused("InvalidSignatureException", impostor:admin_reset_user_password { username = USERNAME })

say "\nEverything above went through the C core, libcurl and a real socket."
