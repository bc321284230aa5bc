--- Signing in over several requests: the password by the library's SRP, then
-- one challenge a request. `kept` has the challenge in between.

local challenges = require "site.challenges"
local cjson = require "cjson.safe"
local device = require "site.device"
local factor_setup = require "site.factor_setup"
local judge = require "site.judge"
local kept = require "site.kept"
local log = require "site.log"
local recovery = require "cognito.recovery"
local session = require "site.session"
local settings = require "site.settings"
local settle = require "site.settle"
local texts = require "site.texts"
local user_context = require "site.user_context"

local sign_in = {}

-- The service ends a session after 3 to 15 minutes, as the app client is set.
local CHALLENGE_LIFETIME = 900
local TOKENS_LIFETIME = 3600

-- A call that may count as a failed try is not made twice.
local ONCE = { retry_ambiguous = false }

local of_device = { DEVICE_SRP_AUTH = true, DEVICE_PASSWORD_VERIFIER = true }

-- These leave the challenge open for another answer.
local wrong_codes = { CodeMismatchException = true, ExpiredCodeException = true }

local function destination(parameters)
  return parameters.CODE_DELIVERY_DESTINATION or "…"
end

-- `account` is the name that the visitor typed, for the label of an app.
local function to_keep(name, parameters, names, service_session, choices, required)
  return { name = name, username = names.username, account = names.account, session = service_session,
    choices = choices, required = required, destination = destination(parameters) }
end

local function decoded(text)
  local value = text and cjson.decode(text)
  return type(value) == "table" and value or nil
end

-- A later challenge of the service, as on_challenge gets the first.
local function following(challenge, result)
  local parameters = result.challenge_parameters or {}
  local names = { account = challenge.account,
    username = parameters.USER_ID_FOR_SRP or parameters.USERNAME or challenge.username }
  local choices = result.available_challenges or decoded(parameters.MFAS_CAN_CHOOSE or parameters.MFAS_CAN_SETUP)
  return to_keep(result.challenge_name, parameters, names, result.session, choices,
    decoded(parameters.requiredAttributes))
end

-- The session of a visitor who has proved something gets another id: one that
-- was planted in the browser before is worth nothing.
local function keep(kind, value, seconds)
  return kept.put(session.begin(), kind, value, seconds)
end

local function go_on(challenge)
  if of_device[challenge.name] then
    device.drop() -- the next sign-in goes on without it
    return "again"
  end
  if not challenges.find(challenge) then
    log(ngx.var.request_id, "no page answers the challenge " .. challenge.name)
    return "elsewhere"
  end
  local outcome = challenge.name == "MFA_SETUP" and factor_setup.begin(challenge) or "done"
  if outcome ~= "done" then
    return outcome
  end
  return keep("challenge", challenge, CHALLENGE_LIFETIME) and "challenge" or "try_later"
end

-- All that `recovery.refresh` needs.
local function signed_in(tokens, username)
  local found = { access_token = tokens.access_token, refresh_token = tokens.refresh_token, username = username,
    device = tokens.device, new_device_metadata = tokens.new_device_metadata }
  return keep("tokens", found, tonumber(tokens.expires_in) or TOKENS_LIFETIME) and "done" or "try_later"
end

-- A device stands for the second factor, unless the service has forgotten it or
-- refuses it. Where the password was wrong, or nothing was answered, it may be good.
local function is_of_use(outcome, tokens, err)
  if tokens then
    return tokens.device ~= nil
  end
  return outcome ~= "challenge" and not (outcome == "not_accepted" and of_device[err.challenge])
end

--- Begins with a name and a password.
-- @tparam table form
-- @treturn string `done`, `challenge`, `elsewhere` (a challenge without a page),
--   `later` (what comes before it did not work), `again` (without the device, which
--   was refused), `not_accepted`, `try_later` or `broken`
function sign_in.begin(form)
  local begun, first = ngx.now(), nil
  local given = device.find(form.username)
  local tokens, err, meta = recovery.sign_in(settings.pool, {
    username = form.username, password = form.current_password, device = given,
  }, {
    client_metadata = { language = texts.language() }, user_context_data = user_context(),
    on_challenge = function(challenge)
      -- The password is here already, and needs no page.
      if challenge.name == "SELECT_CHALLENGE" and challenges.offers(challenge, "PASSWORD_SRP") then
        return "PASSWORD_SRP"
      end
      first = to_keep(challenge.name, challenge.parameters,
        { username = challenge.username, account = form.username }, challenge.session, challenge.choices,
        challenge.required_attributes)
    end,
  })
  local outcome = judge(ngx.var.request_id, tokens, err, meta)
  settle(begun)
  if given and not is_of_use(outcome, tokens, err) then
    device.drop()
    outcome = outcome == "not_accepted" and "again" or outcome
  end
  if outcome == "done" then
    return signed_in(tokens, tokens.username)
  elseif outcome == "challenge" then
    return go_on(first)
  end
  return outcome
end

--- The challenge that a visitor has yet to answer.
-- @treturn ?table
function sign_in.challenge(visitor)
  return kept.find(visitor, "challenge")
end

-- Makes the call that answers a challenge, or the one before it. A key that was
-- verified is not verified again: its code is good once.
local function respond(visitor, challenge, form)
  if challenge.name == "MFA_SETUP" and not challenge.verified then
    local outcome = factor_setup.verify(challenge, form.code)
    if outcome ~= "done" then
      return outcome
    end
    kept.put(visitor, "challenge", challenge, CHALLENGE_LIFETIME)
  end
  local result, err, meta = settings.pool:respond_to_auth_challenge({
    challenge_name = challenge.name, challenge_responses = challenges.responses(challenge, form),
    session = challenge.session, client_metadata = { language = texts.language() },
    user_context_data = user_context(),
  }, ONCE)
  local outcome, code = judge(ngx.var.request_id, result, err, meta)
  return outcome == "not_accepted" and wrong_codes[code] and "wrong_code" or outcome, result
end

-- The outcomes that leave the challenge open.
local open = { wrong_code = true, bad_password = true, try_later = true, broken = true }

--- Answers it.
-- @tparam table visitor
-- @tparam table challenge
-- @tparam table form
-- @treturn string as of `begin`, `wrong_code`, or `bad_password`
function sign_in.answer(visitor, challenge, form)
  local begun = ngx.now()
  local outcome, result = respond(visitor, challenge, form)
  settle(begun)
  if open[outcome] then
    return outcome
  end
  kept.drop(visitor, "challenge")
  if outcome == "challenge" then
    return go_on(following(challenge, result))
  end
  if outcome ~= "done" then
    return outcome
  end
  local tokens = result.authentication_result
  if device.offered and form.remember ~= "" then
    tokens.device = device.remember(challenge.account, tokens)
  end
  return signed_in(tokens, challenge.username)
end

--- Whether a visitor is signed in. A site of its own finds the tokens here.
-- @treturn ?table `access_token`, `refresh_token`, and what else `recovery.refresh`
--   takes
function sign_in.tokens(visitor)
  return kept.find(visitor, "tokens")
end

local function void(tokens, everywhere)
  if everywhere then
    device.drop()
    return settings.pool:global_sign_out { access_token = tokens.access_token }
  end
  return settings.pool:revoke_token { token = tokens.refresh_token }
end

--- Signs out, here or on all devices.
-- @tparam table visitor
-- @tparam boolean everywhere
-- @treturn boolean whether the service has done so
function sign_in.out(visitor, everywhere)
  local tokens = sign_in.tokens(visitor)
  if not tokens then
    return true
  end
  local done, err = void(tokens, everywhere)
  -- Tokens that are void already are as good as signed out.
  if not done and err.code ~= "NotAuthorizedException" then
    log(ngx.var.request_id, "not signed out: " .. err.code)
    return false
  end
  kept.drop(visitor, "tokens")
  return true
end

return sign_in
