--- Errors of bulk jobs: the same kind of table as every other error of the
-- library, with the kind "bulk".
-- @module cognito.bulk.failure

local errors = require "cognito.errors"
local tables = require "cognito.tables"

local M = {}

-- What to do next, where the message alone does not say.
local hints = {
  invalid_input = "Correct the file or the options, and plan again: nothing was written to the journal",
  no_driver = "Install LuaSQL: apt install lua-sql-sqlite3 lua-sql-postgres, or luarocks install luasql-sqlite3 "
    .. "(luasql-postgres)",
  journal_exists = "Each job has a journal of its own: name another one, or look at this one with status",
  journal_missing = "Name the journal that the plan was written to, or make a plan first",
  journal_in_use = "Wait for that process, or stop it; pause and cancel work from here",
  journal_other_pool = "Name the pool that the plan was made for, or the journal of this pool",
  journal_newer = "Update lua-cognito to the version that wrote it, or newer",
  journal_not_durable = "The promise of one message per user needs a database that keeps its commits: switch fsync,"
    .. " full_page_writes and synchronous_commit on, or name another database",
  journal_refused = "The database's own words say why: see to it, and run again; nothing is lost",
  journal_linked = "Remove the other name of the file, if ls -i shows that it is one; make copies with cp",
  journal_copied = "Work on the original, or move all of it: the file, its -wal and its .lock",
  journal_moved = "If this is the only one, and no job has run on a copy of it, say moved = true, once. Otherwise"
    .. " users who received a message through the other one receive a second one",
  journal_behind = "Users who received a message since that copy was made would receive a second one: put the"
    .. " newest state back, or make a new plan for the users who are left; docs/admin.md says how to go on"
    .. " nevertheless",
  journal_unsafe = "Keep the journal in a folder that only you can write to, and run as the user to whom it belongs",
  journal_older = "Finish the job with the version that planned it, or plan again with a journal of its own",
  journal_read_only = "The promise of one message per user needs a journal that can be written: see to the "
    .. "permissions of the file and its folder, and to the file system",
  journal_full = "Make room on the disk and run again: nothing is lost",
  journal_busy = "Another program holds the journal's write lock: end it, and run again",
  journal_away = "See whether the database runs and can be reached, and run again: nothing is lost",
  journal_unreadable = "Name the journal that the plan was written to. If this is the one, it is damaged: run nothing"
    .. " with it, and see docs/admin.md, \"A damaged journal\"",
  journal_damaged = "Run nothing with it, because users could receive a second message. Keep a copy, and put the newest"
    .. " undamaged state back or plan again for the users who are left: docs/admin.md, \"A damaged journal\"",
  not_frozen = "The plan was never finished: remove the journal with purge and plan again",
  not_approved = "Look at the plan's counts, then approve it",
  plan_changed = "The plan is not the one that was reviewed: look at it again, and approve its present state",
  not_running = "Use resume to go on",
  no_passwords = "Fix the source of the passwords, and run the job again",
  nothing_to_repeat = "A message may have gone out to the other failed users: plan a new job from this journal, if"
    .. " they are to get another one",
  job_over = "Read the report. In a job that is done, resume { failed = true } or { uncertain = true } tries users"
    .. " again; for all others, and for those whom a cancelled job left, make a new plan, with a journal of its own",
  still_running = "Stop its workers first: pause",
  endpoint_changed = "Name the endpoint where the client is created: the change is kept, and noted in the report",
  endpoint_from_environment = "Name the endpoint where the client is made, if it is meant",
  admin_only = "The pool does not let its users recover by themselves: use the action set-password, or lock",
  builtin_mail = "Configure Amazon SES for the pool, spread the job over days with daily_limit = 50, "
    .. "or say builtin_mail = true",
  unmatched_exclusions = "Correct these lines: the users whom they mean would not be left out. If there are no such "
    .. "users any more, say allow_unmatched = true",
  lease_too_short = "Give a longer lease (600 seconds is the usual one), or a shorter attempt_timeout",
  settle_too_short = "Give settle 30 seconds, the usual time, or more",
  max_sms = "Raise max_sms if the cost is meant, or plan fewer users",
}

--- The hints by code, for the page that lists them.
M.hints = hints

--- Makes an error.
-- @tparam string code
-- @tparam string message
-- @tparam[opt] table fields more of them, like `line`
-- @treturn cognito.Error
function M.new(code, message, fields)
  return errors.new(tables.add({ code = code, kind = "bulk", message = message, hint = hints[code] }, fields))
end

--- Raises an error that `catch` returns.
-- @tparam string code
-- @tparam string message
-- @tparam[opt] table fields
function M.raise(code, message, fields)
  error(M.new(code, message, fields), 0)
end

local function caught(ok, ...)
  if ok then
    return ...
  end
  local err = ...
  if errors.is_error(err) then
    return nil, err
  end
  error(err, 0) -- a mistake of ours keeps its place
end

--- Calls a function; errors of the library that it raises are returned, as
-- nil and the error. Whatever else it raises goes on up.
-- @tparam function f
-- @param ... its arguments
-- @return what it returns, or nil and an error
function M.catch(f, ...)
  return caught(pcall(f, ...))
end

return M
