-- A sign-in by SRP, whole but for the network: sign_in.lua SIGN_INS. It prints
-- the CPU time and the time of one, in microseconds.
local clock = require "bench.clock"
local cognito = require "cognito"
local recovery = require "cognito.recovery"

local numbers = ([["SALT":"%s","SRP_B":"%s","SECRET_BLOCK":"%s"]]):format(("8f6a1dad"):rep(4), ("a2be"):rep(192),
  ("QUJD"):rep(300))

local replies = {
  InitiateAuth = [[{"ChallengeName":"PASSWORD_VERIFIER","ChallengeParameters":{"USERNAME":"alice",]]
    .. [["USER_ID_FOR_SRP":"alice",]] .. numbers .. "}}",
  RespondToAuthChallenge = [[{"ChallengeParameters":{},"AuthenticationResult":{"AccessToken":"e30.e30.e30",]]
    .. [["IdToken":"e30.e30.e30","RefreshToken":"r","ExpiresIn":3600,"TokenType":"Bearer"}}]],
}

local pool = cognito.new {
  user_pool_id = "us-east-1_AbCdEfGhI", client_id = "3n4b5urk1ft4fl3mg5e62d9ado", env = function() end,
  runtime = function(request)
    for _, header in ipairs(request.headers) do
      local operation = header[2]:match "^AWSCognitoIdentityProviderService%.(%w+)$"
      if operation then
        return { status = 200, headers = {}, body = replies[operation] }
      end
    end
  end,
}

clock.run(tonumber(arg[1]), function()
  assert(recovery.sign_in(pool, { username = "alice", password = "Correct-Horse-9!" }))
end)
