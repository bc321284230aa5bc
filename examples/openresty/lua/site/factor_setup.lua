--- Setting up an authenticator app on the way in (MFA_SETUP). Between the challenge
-- and its answer are two calls, and each returns the session that the next one wants.

local challenges = require "site.challenges"
local judge = require "site.judge"
local log = require "site.log"
local settings = require "site.settings"

local factor_setup = {}

-- A call that may have been carried out is not made again: its session is spent.
local ONCE = { retry_ambiguous = false }

local wrong_codes = { CodeMismatchException = true, EnableSoftwareTokenMFAException = true,
  ExpiredCodeException = true }

-- The other factors need an attribute that the user lacks.
local function offers_app(challenge)
  return not challenge.choices or challenges.offers(challenge, "SOFTWARE_TOKEN_MFA")
end

local function is_complete(result)
  return type(result.session) == "string" and type(result.secret_code) == "string"
    and result.secret_code:find "^[A-Z2-7]+=*$" ~= nil
end

--- Gets the key that the app and the service share.
-- @tparam table challenge gets `secret`, and the next session
-- @treturn string `done`, `elsewhere` (no app is offered), or `later`
function factor_setup.begin(challenge)
  if not offers_app(challenge) then
    log(ngx.var.request_id, "MFA_SETUP offers no authenticator app")
    return "elsewhere"
  end
  local result, err, meta = settings.pool:associate_software_token({ session = challenge.session }, ONCE)
  judge(ngx.var.request_id, result, err, meta)
  if not result or not is_complete(result) then
    return "later"
  end
  challenge.session, challenge.secret = result.session, result.secret_code
  return "done"
end

local function is_wrong_code(result, refusal)
  return result and result.status ~= "SUCCESS" or wrong_codes[refusal]
end

--- Proves that the app has the key.
-- @tparam table challenge gets `verified`, and the next session
-- @tparam string code that the app shows
-- @treturn string `done`, `wrong_code`, `not_accepted`, `try_later` or `broken`
function factor_setup.verify(challenge, code)
  if not code:find "^%d%d%d%d%d%d$" then
    return "wrong_code" -- the service would refuse it as a fault of the program
  end
  local result, err, meta = settings.pool:verify_software_token({ session = challenge.session, user_code = code }, ONCE)
  local outcome, refusal = judge(ngx.var.request_id, result, err, meta)
  if is_wrong_code(result, refusal) then
    return "wrong_code"
  elseif result then
    challenge.session, challenge.verified = result.session, true
  end
  return outcome
end

local function escape(text)
  return (text:gsub("[^%w_.~-]", function(character) return ("%%%02X"):format(character:byte()) end))
end

--- The key as apps take it from a link or a picture.
-- @tparam table challenge
-- @treturn string
function factor_setup.link(challenge)
  local issuer = escape((settings.name:gsub(":", " ")))
  return ("otpauth://totp/%s:%s?secret=%s&issuer=%s"):format(issuer, escape(challenge.account or challenge.username),
    challenge.secret:gsub("=", ""), issuer)
end

--- The key in groups of four, for people to type.
-- @tparam table challenge
-- @treturn string
function factor_setup.groups(challenge)
  return (challenge.secret:gsub("=", ""):gsub("....", "%0 "):gsub(" $", ""))
end

return factor_setup
