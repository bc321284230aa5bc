--- Making an account safe after a takeover, with an account of every step.
-- @module cognito.recovery.secure

local check = require "cognito.check"
local client = require "cognito.client"
local random_password = require "cognito.random_password"
local shared = require "cognito.recovery.steps"
local tables = require "cognito.tables"

local MOST_EVENTS = 60

local GIVEN_UP = "it was given up before this step"

local removals = shared.removals

local known_options = { lock = "boolean", factors = "table", since = "amount", events = "count" }

-- After the first call, which takes a user's name, a pool's id and a signature,
-- these would be every later call's answer as well.
local hopeless = {
  UserNotFoundException = true,
  ResourceNotFoundException = true, -- the pool
  InvalidParameterException = true,
  UnrecognizedClientException = true, -- the access key
  InvalidSignatureException = true,
  ExpiredTokenException = true,
  MissingAuthenticationTokenException = true,
}

local function is_hopeless(err)
  return err.kind == "validation" or err.kind == "credentials" or hopeless[err.code]
end

-- ---- the account ----

local function state_of(err)
  if not err then
    return "done"
  elseif err.ambiguous then
    return "unknown"
  end
  return shared.lacking[err.code] and "unavailable" or "failed"
end

local function add(work, step, err, fields)
  local entry = tables.add({ step = step, state = state_of(err), err = err }, fields)
  if entry.state == "unavailable" and not entry.detail then
    entry.detail = "the pool's tier or settings do not have it"
  end
  work.given_up = work.given_up or err and err.code == "aborted"
  local steps = work.account.steps
  steps[#steps + 1] = entry
  return entry
end

-- A read carries nothing out, so an unanswered one has no unknown outcome.
local function add_read(work, step, err, fields)
  local entry = add(work, step, err, fields)
  if entry.state == "unknown" then
    entry.state = "failed"
  end
  return entry
end

local function named(work, params)
  return tables.add({ username = work.username }, params)
end

-- ---- closing the account ----

-- Both return an error where there is no account to close.

local function disable(work)
  local _, err = work.pool:admin_disable_user(named(work))
  if err and is_hopeless(err) then
    return err
  end
  work.closing = add(work, "disable", err)
  work.closed_at = client.time(work.pool)
end

local unlockable = {
  EXTERNAL_PROVIDER = "another provider signs this user in, whom a password would make local: disable the user",
  UNCONFIRMED = "a password would confirm this user's sign-up: disable the user",
}

-- A random password, for a user who has one already.
local function lock(work)
  local user, err = work.pool:admin_get_user(named(work))
  if user then
    local why = unlockable[user.user_status]
    if why then
      work.closing = add(work, "lock", nil, { state = "unavailable", detail = why })
      return
    end
    err = select(2, work.pool:admin_set_user_password(named(work,
      { password = random_password(), permanent = true })))
    work.closing = add(work, "lock", err)
  elseif is_hopeless(err) then
    return err
  else
    work.closing = add_read(work, "lock", err)
  end
end

local function sign_out(work)
  local _, err = work.pool:admin_user_global_sign_out(named(work))
  work.signed_out = add(work, "sign_out", err)
end

-- ---- what is listed and ended one by one ----

local function sum_up(entry)
  for _, state in ipairs { "failed", "unknown" } do
    if entry.state ~= "failed" and entry[state] > 0 then
      entry.state = state
    end
  end
end

local function end_all(work, step, since)
  local kind = shared.kinds[step]
  local all, err = shared.list(work.pool, work.username, kind)
  local found = shared.since(all, kind, since or 0)
  local entry = add_read(work, step, err, { found = #found, done = 0, failed = 0, unknown = 0 })
  entry.kept = since and #all - #found or nil
  if not work.given_up then
    local ended = shared.end_all(work.pool, work.username, kind, found, function(fault)
      work.given_up = work.given_up or fault.code == "aborted"
      return not work.given_up
    end)
    entry.done, entry.failed, entry.unknown, entry.err = ended.done, ended.failed, ended.unknown, err or ended.err
  end
  sum_up(entry)
  return entry, all
end

local function end_sessions(work)
  work.sessions_ended, work.sessions = end_all(work, "sessions")
  if work.account.steps[1].step == "lock" then
    work.closed_at = client.time(work.pool)
  end
end

local function forget_devices(work)
  end_all(work, "devices", work.since)
end

-- ---- factors ----

local function list_factors(work)
  local result, err = work.pool:admin_get_user_auth_factors(named(work))
  add_read(work, "list_factors", err)
  local set = result and tables.set(result.user_mfa_setting_list) or {}
  for factor in pairs(tables.set(result and result.configured_user_auth_factors)) do
    set[factor] = true
  end
  work.account.factors = result and tables.sorted_keys(set)
end

local function remove_factors(work)
  if #work.factors == 0 then
    add(work, "remove_factor", nil, { state = "skipped", detail = work.since
      and "the service tells administrators no date of factors and passkeys: name those to remove"
      or "none was named" })
  end
  for _, factor in ipairs(work.factors) do
    if work.given_up then
      add(work, "remove_factor", nil, { factor = factor, state = "skipped", detail = GIVEN_UP })
    elseif removals[factor] then
      local removal = removals[factor]
      local _, err = work.pool[removal.operation](work.pool, named(work, removal.params))
      local absent = shared.was_removed(err)
      add(work, "remove_factor", not absent and err or nil, { factor = factor,
        detail = absent and "it was not set up" or nil })
    else
      add(work, "remove_factor", nil, { factor = factor, state = "unavailable",
        detail = "no administrator's operation deletes passkeys: the user does, with delete_web_authn_credential" })
    end
  end
end

-- ---- what is left ----

-- The service lists the newest first.
local function list_events(work)
  local items, events = work.pool:each("admin_list_user_auth_events", named(work)), {}
  local item, err
  repeat
    item, err = items:next()
    if item and work.since and (item.creation_date or work.since) < work.since then
      item = nil
    end
    events[#events + 1] = item
  until not item or #events == work.most_events
  add_read(work, "events", err, { found = #events })
  work.account.events = events
end

local units = { seconds = 1, minutes = 60, hours = 3600, days = 86400 }

local function lifetime(app_client)
  local validity, unit = app_client.access_token_validity, (app_client.token_validity_units or {}).access_token
  if not validity or validity == 0 then
    return 3600
  end
  return validity * (units[unit] or units.hours)
end

-- Those of the sessions found, and the client's own.
local function app_clients(work)
  local ids, seen = { work.client_id }, {}
  for _, session in ipairs(work.sessions) do
    ids[#ids + 1] = session.client_id
  end
  local list = {}
  for _, id in ipairs(ids) do
    if not seen[id] then
      seen[id], list[#list + 1] = true, id
    end
  end
  return list
end

local function longest_of(work, ids)
  local longest, first
  for _, id in ipairs(ids) do
    local result, err = work.pool:describe_user_pool_client { client_id = id }
    if result then
      longest = math.max(longest or 0, lifetime(result.user_pool_client or {}))
    end
    first = first or err
  end
  return longest, first
end

-- Whether no new tokens come: a disabled user gets none, a locked one none
-- without the sessions that there were.
local function is_closed(work)
  local closed = work.closing.state == "done"
  if closed and work.closing.step == "lock" then
    return work.signed_out.state == "done" and work.sessions_ended.state == "done"
  end
  return closed
end

local function date_tokens(work)
  local ids = app_clients(work)
  if not is_closed(work) then
    return add(work, "tokens", nil, { state = "skipped", detail = "the account is open: new tokens may be issued" })
  end
  if not ids[1] then
    return add(work, "tokens", nil, { state = "skipped", detail = "no app client is known" })
  end
  local longest, err = longest_of(work, ids)
  add_read(work, "tokens", err, { app_clients = ids })
  work.account.tokens_until = not err and work.closed_at + longest or nil
end

local function judge(work)
  local account = work.account
  account.closed = is_closed(work)
  account.complete = account.closed
  account.tokens_until_at_most = account.closed and work.closed_at + shared.LONGEST_TOKEN or nil
  for _, entry in ipairs(account.steps) do
    if entry.state == "failed" or entry.state == "unknown" then
      account.complete = false
    end
  end
  return account
end

local steps = {
  { "sign_out", sign_out }, { "sessions", end_sessions }, { "devices", forget_devices },
  { "list_factors", list_factors }, { "remove_factor", remove_factors }, { "events", list_events },
  { "tokens", date_tokens },
}

-- A cancelled task, a signal and a closed runtime are the caller's own will,
-- and no failure to go on after.
local function take(work, step)
  if work.given_up then
    add(work, step[1], nil, { state = "skipped", detail = GIVEN_UP })
  else
    step[2](work)
  end
end

-- ---- options ----

local function check_factors(factors, level)
  for key, factor in pairs(factors) do
    local in_list = type(key) == "number" and (key == 1 or factors[key - 1] ~= nil)
    if not in_list or removals[factor] == nil then
      error("secure removes the factors EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA and WEB_AUTHN, in a list", level + 1)
    end
  end
  local list, seen = {}, {}
  for _, factor in ipairs(factors) do
    if not seen[factor] then
      seen[factor], list[#list + 1] = true, factor
    end
  end
  return list
end

local function work_of(pool, username, options, level)
  if not client.is_client(pool) then
    error('secure takes a client of cognito.new first: recovery.secure(pool, "ada")', level + 1)
  elseif type(username) ~= "string" then
    error(("secure takes a username, not a %s"):format(type(username)), level + 1)
  elseif type(options) ~= "table" then
    error(("secure takes a table of options, not a %s"):format(type(options)), level + 1)
  end
  check.entries(options, known_options, "option", level + 1)
  return {
    pool = pool, username = username, client_id = client.client_id(pool), since = options.since,
    most_events = options.events or MOST_EVENTS, factors = check_factors(options.factors or {}, level + 1),
    account = { username = username, steps = {}, events = {} },
  }
end

--- Makes an account safe that was taken over, and says what became of each
-- step. The account is closed before it is tidied:
--
-- 1. `disable`, or with the option `lock`: a random password that is not
--    kept, so that the user can recover by mail or phone. A user without a
--    password of the pool's, or with an unconfirmed sign-up, is not locked.
-- 2. `sign_out`: AdminUserGlobalSignOut.
-- 3. `sessions`: those of the managed login, which a sign-out leaves alone,
--    with those linked to them.
-- 4. `devices`: all are forgotten; with `since` those added from then on.
-- 5. `list_factors`, then `remove_factor` for each that `factors` names.
-- 6. `events`: the user's (and the attacker's), where the tier has them.
-- 7. `tokens`: how long the access tokens live that were issued before.
--
--     local account = assert(recovery.secure(pool, "ada", { factors = { "SOFTWARE_TOKEN_MFA" } }))
--     for _, entry in ipairs(account.steps) do print(entry.step, entry.state, entry.err or entry.detail) end
--
-- A step that fails does not stop the next ones; the error `aborted` does (the
-- task was cancelled, or a signal came). Each entry of `steps` has
-- `step`, `state` and, where there is one, `err` or `detail`. States: `done`;
-- `failed`; `unknown`, when the service may have carried it out; `skipped`;
-- `unavailable`, which this pool or service does not have. `sessions` and
-- `devices` also count: `found`, `done`, `failed`, `unknown`, and with `since`
-- the devices that were `kept`. Running it again is safe.
-- @tparam cognito.Client pool
-- @tparam string username
-- @tparam[opt] table options `lock`: true for a password instead of
--   disabling; `factors`: list of those to remove (`SOFTWARE_TOKEN_MFA`,
--   `SMS_MFA`, `EMAIL_OTP`); `events`: how many to list, 60 by default;
--   `since`: epoch seconds; older events are not listed, and devices that were
--   added before are kept. The service tells administrators no date of factors
--   and passkeys, so these are removed by name alone
-- @treturn[1] table account: `username`; `steps`; `closed`, whether no
--   new tokens can be had; `complete`: closed, and no step failed or is unknown;
--   `tokens_until`, epoch seconds, where all app clients of the sessions and
--   the client's own could be asked; `tokens_until_at_most`, for every app
--   client; `factors` and `events`, lists as far as there are any
-- @treturn[2] nil where the first call shows that none can succeed: no such
--   user, no such pool, a name that no user can have, no credentials or wrong ones
-- @treturn[2] cognito.Error
-- @raise for wrong options, before anything is sent
return function(pool, username, options)
  local work = work_of(pool, username, options or {}, 2)
  local err = (options and options.lock and lock or disable)(work)
  if err then
    return nil, err
  end
  for _, step in ipairs(steps) do
    take(work, step)
  end
  return judge(work)
end
