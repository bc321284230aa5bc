--- Locking, resetting or inviting many users, so that it survives whatever
-- happens meanwhile, and can be proved afterwards.
--
--     local bulk = require "cognito.bulk"
--
--     local job = assert(bulk.plan {
--       pool = pool, journal = "reset.db", action = "reset", users = { file = "users.csv" } })
--     local summary = assert(job:summary())         -- look at it
--     assert(job:approve { plan = summary.plan, by = "ada" })
--     local status = assert(job:run { rate = 5, on_progress = show })
--     assert(job:report(function(text) io.write(text) end))
--
-- The journal is a file, or a PostgreSQL database for several workers. At most
-- one message is asked for per user; a user whose outcome is unknown is marked
-- uncertain, and not tried again unless told to. See docs/admin.md.
-- @module cognito.bulk

local actions = require "cognito.bulk.actions"
local contact = require "cognito.bulk.contact"
local failure = require "cognito.bulk.failure"
local jobs = require "cognito.bulk.job"
local journals = require "cognito.bulk.journal"
local interrupted = require "cognito.bulk.interrupted"
local listing = require "cognito.bulk.listing"
local native = require "cognito.native"
local options = require "cognito.bulk.options"
local pace = require "cognito.bulk.pace"
local plannings = require "cognito.bulk.planning"
local plans = require "cognito.bulk.plan"
local pool_settings = require "cognito.pool_settings"
local pool_users = require "cognito.bulk.pool_users"
local preflight = require "cognito.bulk.preflight"
local quotas = require "cognito.bulk.quotas"
local reading = require "cognito.bulk.reading"
local secure = require "cognito.bulk.secure"
local selections = require "cognito.bulk.selection"
local text = require "cognito.bulk.text"
local transport = require("cognito.client").transport
local tonumber = require("cognito.c_locale").tonumber
local version = require "cognito.version"

local M = {}

local function now_of(pool)
  local runtime = pool and transport(pool).runtime
  if runtime then
    return function() return runtime:now() end
  end
  return native.now
end

-- After the action; `sign-out` is that itself, and has only sessions left to
-- end.
local function signs_out(given)
  local wanted, action = given.sign_out, given.does
  if wanted == "sessions" then
    if not action.sign_out and not action.ends_tokens then
      failure.raise("invalid_input",
        'sign_out = "sessions" goes with lock, reset, set-password, disable and sign-out')
    end
    return true
  elseif type(wanted) ~= "boolean" then
    failure.raise("invalid_input", "sign_out must be true, false or \"sessions\"")
  elseif not wanted and (action.ends_tokens or action.steps) then
    failure.raise("invalid_input", ("%s signs users out: sessions cannot be kept"):format(given.action))
  end
  return action.sign_out and wanted or false
end

local function facts_of(given, pool_id, now, user_pool)
  return {
    job = text.random_word(),
    pool = pool_id,
    action = given.action,
    close = given.steps.close,
    factors = given.steps.factors,
    sign_out = tostring(signs_out(given)),
    sessions = given.sign_out == "sessions" and "true" or nil,
    recheck = tostring(given.does.sends and given.recheck or false),
    permanent = tostring(given.permanent),
    created_before = given.selection.created_before,
    status = given.selection.status,
    state = "planning",
    mail_sender = given.does.sends and (pool_settings.mail_sender(user_pool) or "COGNITO_DEFAULT") or nil,
    tool_version = version,
    planned_at = now,
    endpoint = given.pool:describe().url,
    redaction_key = text.random_word() .. text.random_word(),
  }
end

-- How the client was told to reach the pool, for the commands that come later.
local function note_settings(facts, pool)
  for _, name in ipairs { "client_id", "region", "profile", "timeout" } do
    local setting = pool:describe().settings[name]
    if setting and setting.source == "settings" then
      facts["client_" .. name] = setting.value
    end
  end
  return facts
end

local function pool_id_of(pool)
  local id = pool:describe().settings.user_pool_id
  if not id then
    failure.raise("invalid_input", "the client has no user_pool_id")
  end
  return id.value
end

local function freeze(journal, made, calls, caller, rates)
  local by_medium = plans.counts(journal).by_medium
  journal:transaction(function()
    journal:set("mails", by_medium.EMAIL or 0)
    journal:set("texts", by_medium.SMS or 0)
    journal:set("duplicates", made.duplicates)
    journal:set("unmatched", made.unmatched)
    journal:set("unmatched_names", made.unmatched_names)
    journal:set("list_users", calls.list_users)
    journal:set("admin_get_user", calls.admin_get_user)
    journal:set("caller", caller)
    journal:set("quotas", rates)
    interrupted.finish(journal)
    journal:set("plan_sha256", plans.hash(journal, journal:facts()))
    journal:set("state", "planned")
  end)
end

-- A plan that was interrupted goes on, with its lock held; a beginning of
-- another one is worth nothing, and is removed.
local function unfinished(where, identity)
  local journal, err = failure.catch(journals.open, where)
  if not journal then
    if err.code ~= "journal_missing" and err.code ~= "journal_unreadable" then
      error(err, 0)
    end
    return nil
  elseif journal:get "state" ~= "planning" or not journal:lock() then
    journal:close()
  elseif interrupted.can_go_on(journal, identity) then
    return journal
  else
    journal:remove()
  end
end

local function begin(given, facts, now)
  local identity = interrupted.identity(given, facts)
  local journal = unfinished(given.journal, identity)
  if journal then
    given.selection.created_before = tonumber(journal:get "created_before")
    journal:set("plan_resumed", "true")
    return journal
  end
  journal = journals.create(given.journal, facts)
  journal:transaction(function()
    pace.create(journal, now())
    interrupted.begin(journal, identity)
  end)
  return journal
end

local function calls_before(journal)
  local function number(name) return tonumber(journal:get(name) or 0) end
  return { list_users = number "list_users", admin_get_user = number "admin_get_user" }
end

local function rates_of(given)
  local facts = { sign_out = signs_out(given), recheck = given.recheck }
  return given.quotas and quotas.look_up(given.pool, quotas.calls(given.does, facts)) or nil
end

local function fill(journal, given, user_pool)
  local caller = preflight.caller(given.pool)
  local read = reading.new(given.pool, given.look_up_rate)
  local planning = plannings.new {
    journal = journal, pool = read.pool, action = given.does, again = given.again,
    selection = given.selection, pool_facts = contact.facts(user_pool), key = journal:get "redaction_key",
    wait = function() read:wait() end, tell = given.on_progress, calls = calls_before(journal),
  }
  local made = plans.write(planning, given)
  freeze(journal, made, planning:calls_made(), caller, rates_of(given))
end

local function write(given, facts, user_pool, now)
  local journal = begin(given, facts, now)
  local ok, err = pcall(fill, journal, given, user_pool)
  if not ok then
    pcall(journal.remove, journal)
    error(err, 0)
  end
  journal:release()
  return journal
end

local function plan(given)
  if not actions.all[given.action] then
    failure.raise("invalid_input", "action must be one of " .. table.concat(actions.names(), ", "))
  end
  local now = now_of(given.pool)
  given.steps = secure.facts(given)
  given.does = actions.of { action = given.action, close = given.steps.close, factors = given.steps.factors }
  given.selection = selections.read(given, given.does, now())
  local pool_id = pool_id_of(given.pool)
  preflight.endpoint(given.pool)
  local user_pool = preflight.describe(given.pool)
  local facts = note_settings(facts_of(given, pool_id, now(), user_pool), given.pool)
  preflight.action(given.does, user_pool)
  return jobs.new(write(given, facts, user_pool, now), given.pool, now)
end

--- Makes a plan: looks all users up and writes to a new journal what is to be
-- done with each. Nothing is done yet.
-- @tparam table given
-- @tparam cognito.Client given.pool
-- @tparam string given.journal path of a file that is made, or
--   `postgres://user@host/database?job=NAME`
-- @tparam string given.action reset, lock, set-password, resend, invite, disable,
--   enable, sign-out or secure
-- @tparam string|function|table given.users a file (`-`: standard input), `{
--   file =, format = "csv", "jsonl" or "lines", delimiter =, column = }`, a list or an
--   iterator of names or of what `users` gives, `{ filter = }` for the pool's
--   own: `""` for all, or `{ journal =, outcome = }` for users of an earlier
--   job, `outcome` being a list like `{ "failed", "uncertain" }`; a file may be
--   a report, and `outcome` then chooses from it alike
-- @tparam[opt] string|function|table given.exclude names that are left out;
--   one that matches no user of the pool is an error, as is an empty list
-- @tparam[opt=false] boolean given.allow_unmatched names that match no user may
--   be among them
-- @tparam[opt] string given.expect_email the column with the address that the
--   user should have: a user with another one is skipped, or noted by lock, disable
--   and sign-out
-- @tparam[opt] string|table given.status only users of this status, or of one
--   of these; all others are skipped (`other_status`)
-- @tparam[opt] number|string given.older_than only users who were created so
--   long ago: seconds, or a text like `7d` (s, m, h, d, w); all others are
--   skipped (`created_later`)
-- @tparam[opt] number|string given.created_before the same, by a moment: epoch
--   seconds, or a text like `2026-11-20` (0:00 UTC) or `2026-11-20T08:00:00Z`
-- @tparam[opt=true] boolean|string given.sign_out end the sessions, too (reset, lock,
--   set-password, disable): revoke the user's tokens; `sessions`: and end those
--   of the managed login (sign-out, too)
-- @tparam[opt=true] boolean given.recheck look each user up once more right
--   before the message is asked for, and skip users changed since the plan
--   (reset, resend, invite)
-- @tparam[opt=false] boolean given.again reset also users that were reset before
-- @tparam[opt=true] boolean given.permanent of set-password: no new password
--   is asked for at the next sign-in
-- @tparam[opt=false] boolean given.lock of secure: a random password instead of
--   disabling, so that users can recover
-- @tparam[opt] table given.factors of secure: list of those to remove
--   (`SOFTWARE_TOKEN_MFA`, `SMS_MFA`, `EMAIL_OTP`)
-- @tparam[opt=false] boolean given.quotas look the account's request rates up
--   (GetProvisionedLimit), and say how long the calls take by them
-- @tparam[opt=10] number given.look_up_rate look-ups per second; when the
--   service throttles, fewer for a minute
-- @tparam[opt] function given.on_progress called before each look-up but the
--   first with `{ list_users, admin_get_user }`, the calls made so far
-- @treturn[1] cognito.BulkJob
-- @treturn[2] nil
-- @treturn[2] cognito.Error; the journal was not made
-- @raise for an unknown or mistyped option
function M.plan(given)
  given = options.check(given, options.plan, "plan", 2)
  for _, name in ipairs { "pool", "journal", "action", "users" } do
    if given[name] == nil then
      error("plan needs " .. name, 2)
    end
  end
  return failure.catch(plan, given)
end

local function open(given)
  local journal = journals.open(given.journal)
  local _, err = failure.catch(function()
    local planned_for = journal:facts().pool
    if given.pool and pool_id_of(given.pool) ~= planned_for then
      failure.raise("journal_other_pool", ("the plan was made for the pool %s"):format(planned_for))
    end
  end)
  if err then
    journal:close()
    error(err, 0)
  end
  return jobs.new(journal, given.pool, now_of(given.pool))
end

--- Opens the journal of a plan that was made.
-- @tparam table given
-- @tparam string given.journal
-- @tparam[opt] cognito.Client given.pool needed to run
-- @treturn[1] cognito.BulkJob
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown or mistyped option
function M.open(given)
  given = options.check(given, options.open, "open", 2)
  if not given.journal then
    error("open needs journal", 2)
  end
  return failure.catch(open, given)
end

--- The jobs of a PostgreSQL database.
-- @tparam table given
-- @tparam string given.journal `postgres://user@host/database`
-- @treturn[1] table list of `job` (the name that a URL takes), `action`, `pool`, `state` (or other_version,
--   unreadable with a `code`), `why`, `planned_at` (epoch seconds), `total` and `over` (users), `workers` (entered,
--   and neither ended nor taken for lost)
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown or mistyped option
function M.jobs(given)
  given = options.check(given, options.jobs, "jobs", 2)
  return failure.catch(listing.jobs, given.journal)
end

--- The users of a pool, page by page; memory does not grow with them.
-- @tparam cognito.Client pool
-- @tparam[opt] table given `filter`, as ListUsers takes it
-- @treturn function iterator over tables: `username`, `sub`, `status`,
--   `enabled`, `created` and `modified` (epoch seconds), `attributes` (from
--   name to value)
-- @raise the iterator: a cognito.Error
-- @usage
-- for user in bulk.users(pool, { filter = 'cognito:user_status = "CONFIRMED"' }) do
--   print(user.username)
-- end
function M.users(pool, given)
  return pool_users.each(pool_users.list(pool, { filter = given and given.filter }))
end

return M
