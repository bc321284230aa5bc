--- Which call helps a user, or why none does.
-- @module cognito.recovery.advise

local attributes = require "cognito.attributes"
local check = require "cognito.check"
local pool_settings = require "cognito.pool_settings"
local rules = require "cognito.recovery.rules"
local tables = require "cognito.tables"

local KINDS = { "email", "phone_number" } -- mail first: it costs nothing

local mediums = pool_settings.mediums

local known_options = { lost = "string", factors = "boolean", replicas = "table" }

-- Where no call helps: why, and what the operator can do.
local reasons = {
  unknown_user = "There is no such user in this pool.",
  user_disabled = "An administrator disabled the user: no call helps until admin_enable_user lifts that, "
    .. "if it is meant to be lifted.",
  external_provider = "The password belongs to another identity provider: the user recovers it there. "
    .. "admin_set_user_password would turn the user into a local one.",
  admin_only = "The pool's users are recovered by administrators only: set a password with "
    .. "admin_set_user_password and hand it over.",
  no_verified_contact = "The user has no verified address of the kinds that the pool recovers by: verify one with "
    .. "admin_update_user_attributes, or set a password with admin_set_user_password.",
  second_factor = "The only verified address is the second factor of the sign-in, and a pool with an account "
    .. "recovery setting sends no recovery code there: set a password with admin_set_user_password.",
  no_contact = "The user has no address that a message could go to: admin_confirm_sign_up confirms a sign-up, "
    .. "admin_set_user_password replaces a temporary password.",
  no_such_factor = "The user does not sign in with this factor: nothing of it is lost.",
  secondary_replica = "This Region holds a secondary replica of the pool, which refuses this: make the call in the "
    .. "primary's Region, %s.",
  unknown_status = "This status is not one that a recovery is known for: look at the user in the console.",
}

local texts = {
  forgot_password = "A code can be sent with forgot_password; confirm_forgot_password then sets a new password. "
    .. "admin_reset_user_password sends one as well, and locks the user out until then.",
  resend_confirmation_code = "The sign-up was never confirmed: send the code again with resend_confirmation_code, "
    .. "for confirm_sign_up.",
  admin_create_user = "The user has yet to replace the temporary password: admin_create_user with message_action = "
    .. "\"RESEND\" sends a new one.",
  admin_delete_software_token = "The authenticator app is lost: admin_delete_software_token lets the user sign in "
    .. "without it, and set up another one.",
  admin_set_user_mfa_preference = "The phone or mailbox of the second factor is lost: admin_set_user_mfa_preference "
    .. "lets the user sign in without it. Change the address as well, or messages still go there.",
  initiate_auth = "The user has no password: the flow USER_AUTH sends a code to sign in with, and change_password then "
    .. "sets a password without a previous one.",
}

-- A lost passkey is in nobody's way.
local PASSKEY = " The passkey stays until its user deletes it with delete_web_authn_credential."

-- A pool without an account recovery setting is of the old kind: it recovers
-- by every contact, second factor or not.
local function add_pool(facts, user_pool)
  facts.auto_verified = tables.set(user_pool.auto_verified_attributes)
  local mechanisms = pool_settings.recovery_mechanisms(user_pool)
  facts.old_kind = not mechanisms
  facts.mechanisms = mechanisms and tables.set(mechanisms)
end

local function note(facts, rule)
  facts.rules[#facts.rules + 1] = rule and rules.rule(rule)
end

-- The facts that decide, from AdminGetUser's reply and, where known, those of
-- AdminGetUserAuthFactors and DescribeUserPool.
local function facts_of(user, found, user_pool)
  local facts = { contacts = {}, verified = {}, rules = {}, factors = tables.set(user.user_mfa_setting_list) }
  local values = attributes.values(user.user_attributes)
  for _, kind in ipairs(KINDS) do
    facts.contacts[kind] = (values[kind] or "") ~= ""
    facts.verified[kind] = facts.contacts[kind] and attributes.is_true(values, kind .. "_verified")
  end
  if found then
    facts.first = tables.set(found.configured_user_auth_factors)
    facts.factors = tables.set(found.user_mfa_setting_list)
    facts.factors.WEB_AUTHN = facts.first.WEB_AUTHN or facts.factors.WEB_AUTHN
  end
  if user_pool then
    add_pool(facts, user_pool)
  end
  return facts
end

local function recover(facts)
  if facts.mechanisms and facts.mechanisms.admin_only then
    note(facts, "forgot_password.admin_only")
    return nil, "admin_only"
  end
  local reason, decided = "no_verified_contact", "verified_contact"
  for _, kind in ipairs(KINDS) do
    local verified = facts.verified[kind] and (not facts.mechanisms or facts.mechanisms["verified_" .. kind])
    local recovers, rule = rules.recovers_by(kind, verified, facts.factors, facts.old_kind)
    if recovers then
      note(facts, rule)
      return "forgot_password", {}
    elseif rule then
      reason, decided = "second_factor", rule
    end
  end
  note(facts, decided)
  return nil, reason
end

local function confirm(facts)
  note(facts, "auto_verified")
  for _, kind in ipairs(KINDS) do
    if facts.contacts[kind] and (not facts.auto_verified or facts.auto_verified[kind]) then
      return "resend_confirmation_code", {}
    end
  end
  return nil, "no_contact"
end

-- Left out, the medium would be SMS, also for a user without a phone.
local function invite_again(facts)
  note(facts, "delivery_mediums")
  for _, known in ipairs { facts.verified, facts.contacts } do
    for _, kind in ipairs(KINDS) do
      if known[kind] then
        return "admin_create_user", { message_action = "RESEND", desired_delivery_mediums = { mediums[kind] } }
      end
    end
  end
  return nil, "no_contact"
end

-- Each finishes what the table of answers accepts: it returns an operation and
-- its parameters, or nil and a reason. The first that a status accepts helps.
local ways = {
  { row = "forgot_password", finish = recover },
  { row = "resend_confirmation_code", finish = confirm },
  { row = "admin_create_user_resend", finish = invite_again },
}

-- Under LEGACY, where the table hides nothing.
local function by_status(status, facts)
  local rows = rules.rows()
  for _, way in ipairs(ways) do
    local cell = rows[way.row][status]
    if cell and cell.LEGACY == "accepted" then
      note(facts, way.row .. "." .. status)
      return way.finish(facts)
    end
  end
  if rows.forgot_password[status] then
    note(facts, "forgot_password." .. status)
    return nil, "external_provider"
  end
  note(facts, "unknown_status")
  return nil, "unknown_status"
end

local function is_passwordless(facts)
  return facts.first and next(facts.first) ~= nil and not facts.first.PASSWORD
end

-- A code signs a user in who has no password, where the user has such a factor.
local function without_password(facts)
  for _, kind in ipairs(KINDS) do
    local factor = rules.one_time_codes[kind]
    if facts.first[factor] then
      note(facts, "passwordless")
      return "initiate_auth", { auth_flow = "USER_AUTH", auth_parameters = { PREFERRED_CHALLENGE = factor } }
    end
  end
end

local function recover_password(status, facts)
  if is_passwordless(facts) and status == "CONFIRMED" then
    local operation, params = without_password(facts)
    if operation then
      return operation, params
    end
  end
  return by_status(status, facts)
end

local function recover_factor(status, facts, lost)
  if not facts.factors[lost] then
    return nil, "no_such_factor"
  end
  local removal = rules.removals[lost]
  if not removal then
    note(facts, "no_removal_of_passkeys")
    return recover_password(status, facts)
  end
  note(facts, lost == "SOFTWARE_TOKEN_MFA" and "lost_software_token" or "lost_contact_factor")
  if rules.resets_preference[removal.operation] then
    note(facts, "preference_reset")
  end
  return removal.operation, tables.copy(removal.params or {})
end

local function judge(user, facts, lost)
  if user.enabled == false then
    note(facts, "disabled")
    return nil, "user_disabled"
  elseif lost and user.user_status ~= "EXTERNAL_PROVIDER" then
    return recover_factor(user.user_status, facts, lost)
  end
  return recover_password(user.user_status, facts)
end

-- ---- replicas ----

local function region_of(pool)
  local described = type(pool.describe) == "function" and pool:describe().settings
  return described and described.region and described.region.value
end

-- The Region of the primary, where this client's is another one.
local function primary_of(pool, replicas)
  local here = replicas and region_of(pool)
  for _, replica in ipairs(replicas and replicas.user_pool_replicas or {}) do
    if replica.role == "PRIMARY" and replica.region_name ~= here then
      return replica.region_name
    end
  end
end

local function at_replica(facts, operation, primary)
  note(facts, rules.refused_by_replicas[operation] and "replicas" or "other_calls_at_replicas")
  return nil, "secondary_replica", reasons.secondary_replica:format(tostring(primary))
end

-- ---- the advice ----

local function named(operation, params, username)
  if operation == "initiate_auth" then
    params.auth_parameters.USERNAME = username
  else
    params.username = username
  end
  return params
end

local function factors_of(facts)
  local all = tables.copy(facts.factors)
  return tables.sorted_keys(tables.add(all, facts.first), function(_, is_there) return is_there end)
end

local function advice_on(user, username, facts, options)
  local advice = { user_status = user.user_status, enabled = user.enabled, verified = facts.verified,
    lost = options.lost, rules = facts.rules, factors = facts.first and factors_of(facts) }
  local operation, found, text = judge(user, facts, options.lost)
  if operation and options.primary then
    advice.region = options.primary
    operation, found, text = at_replica(facts, operation, options.primary)
  end
  if operation then
    advice.operation, advice.params = operation, named(operation, found, username)
    advice.text = texts[operation] .. (options.lost == "WEB_AUTHN" and PASSKEY or "")
  else
    advice.reason, advice.text = found, text or reasons[found]
  end
  return advice
end

local function unknown_user()
  return { verified = { email = false, phone_number = false }, reason = "unknown_user", text = reasons.unknown_user,
    rules = { rules.rule "forgot_password.unknown" } }
end

-- Any table with that method will do: a stand-in, a client in a wrapper.
local function check_pool(pool, level)
  local kind = type(pool)
  if kind ~= "table" and kind ~= "userdata" or type(pool.admin_get_user) ~= "function" then
    error("advise takes a client, then a username: recovery.advise(pool, \"ada\")", level + 1)
  end
end

-- An answer that lacks the pool is as good as none; a pool's settings without
-- the answer around them are the program's mistake.
local function pool_of(described, level)
  if type(described) ~= "table" or described.user_pool == nil and described.id then
    error("advise takes the reply of describe_user_pool, or nothing", level + 1)
  end
  return pool_settings.user_pool(described)
end

local function check_options(options, level)
  if type(options) ~= "table" then
    error("advise takes a table of options, not a " .. type(options), level + 1)
  end
  check.entries(options, known_options, "option", level + 1)
  if options.lost and rules.removals[options.lost] == nil then
    error("advise knows the lost factors EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA and WEB_AUTHN", level + 1)
  end
  return options
end

--- Looks at a user and says which call helps, or why none does. It carries
-- nothing out:
--
--     if advice.operation then pool[advice.operation](pool, advice.params) end
--
-- Advice has `user_status` and `enabled`, as AdminGetUser tells them;
-- `verified`, a boolean each for `email` and `phone_number`; `operation` and
-- `params` of the call that helps, or else `reason`, why none does:
-- `unknown_user`, `user_disabled`, `external_provider`, `admin_only`,
-- `no_verified_contact`, `second_factor`, `no_contact`, `no_such_factor`,
-- `secondary_replica` or `unknown_status`; `text`, a sentence for the operator;
-- and `rules`, a list of `{ rule, documented, source }`: the rules that it goes
-- by, and whether the service's documentation has them. It holds no address.
--
-- With the option `lost` it is advice on a second factor that is lost, and with
-- `factors` it knows users without a password: both look up `factors`, the
-- names of what the user signs in with, by a second call. At a secondary
-- replica `region` is the primary's, where the call has to be made.
--
-- AdminGetUser is signed, and counts the user towards the monthly active
-- users that are billed.
-- @tparam cognito.Client pool
-- @tparam string username goes into `params` as it is
-- @tparam[opt] table described what `pool:describe_user_pool {}` answered.
--   With it the advice knows which kinds of address the pool recovers by and
--   verifies; without it, it takes the pool to use both
-- @tparam[opt] table options `lost`: "SOFTWARE_TOKEN_MFA", "SMS_MFA",
--   "EMAIL_OTP" or "WEB_AUTHN"; `factors`: true to look them up; `replicas`:
--   what `pool:list_user_pool_replicas {}` answered
-- @treturn[1] table advice; of a user who is unknown, too
-- @treturn[1] nil
-- @treturn[1] table meta of the call
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @treturn[2] table meta
-- @raise where `pool` is no client, or `described` is something else
return function(pool, username, described, options)
  check_pool(pool, 2)
  local user_pool = described and pool_of(described, 2) or nil
  options = check_options(options or {}, 2)
  local user, err, meta = pool:admin_get_user { username = username }
  if not user then
    if err.code == "UserNotFoundException" then
      return unknown_user(), nil, meta
    end
    return nil, err, meta
  end
  local found
  if options.lost or options.factors then
    found, err, meta = pool:admin_get_user_auth_factors { username = username }
    if not found then
      return nil, err, meta
    end
  end
  return advice_on(user, username, facts_of(user, found, user_pool),
    { lost = options.lost, primary = primary_of(pool, options.replicas) }), nil, meta
end
