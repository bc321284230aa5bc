--- The life of a row: every change that a user's row can undergo, in one
-- place. Nothing here sends anything or waits: `calls` send, the runner waits.
--
--                claim                  accepted, failed
--     planned ──────────► started ─────────────────────────► accepted | failed
--        ▲                 │  │ │ has changed since the plan
--        │                 │  │ └──────────────────────────► skipped
--        │ not carried out │  │ unknown: `look_at` is set
--        ├─────────────────┘  │
--        │ harmless to repeat, │ becomes visible in the user's status
--        │ or unchanged, twice ├───────────────────────────► accepted
--        └─────────────────────┤ anything else
--                              └───────────────────────────► uncertain
--
-- **At most one message is asked for per user.** The argument:
--
-- 1. Only the holder of a claim asks for a message: `claim` moves the row
--    from planned to started, the journal's commit of that has been confirmed,
--    and only then the call is made, once. Two workers cannot claim the same
--    row: SQLite has one writer at a time, PostgreSQL locks the row. A commit
--    whose confirmation is lost is no claim (`give_back`).
-- 2. So a second message needs a row that goes back from started to planned
--    although its call was carried out. There are three ways back:
--    a. `record` with `planned`: the caller has an answer, or knows that no
--       byte left the machine: throttled, refused for all users, no connection.
--       None of these was carried out.
--    b. `give_back`: the caller never made the call.
--    c. `judge`, for rows whose call has an unknown outcome: its answer was
--       lost, or its worker. It waits until the call cannot be under
--       way any more (the timeout of a call plus `settle`, on a clock that
--       cannot be set), and goes back only if the user was found twice, some
--       seconds apart, exactly as the plan found them; or if the action is as
--       good twice as once. Where an action leaves no trace to be found, the
--       row never goes back: it is uncertain at once.
--    A user who has changed since the plan (`recheck.lua`) is found before the
--    call: the attempt has made none, and the row is skipped. If an earlier
--    attempt may have been carried out the row is uncertain, because the change
--    may be that attempt's.
-- 3. A worker that lost a claim cannot undo what others did since: `attempts` counts the
--    claims of a row and never goes back, and every write names the attempt it
--    is about. An answer that comes late is knowledge, though, and is kept
--    where it is about the last attempt.
-- 4. A worker is taken for lost when its process is known to be gone (SQLite:
--    the system gave the lock back) or when it has not renewed its lease
--    (PostgreSQL). One that is merely slow finds in the same transaction that
--    would claim its next row that it was given up, and claims nothing.
--
-- The rest depends on the times that are chosen:
--
-- - A request that was given up could still arrive. The system stops sending it
--   30 seconds after it was first sent (`TCP_USER_TIMEOUT`, on Linux); its
--   outcome is looked up `settle` (30) seconds after the call's timeout.
-- - A worker could stand still (SIGSTOP, a suspended machine) between its claim
--   and its call, or between the last check and the sending. It makes no call half
--   a minute after the claim; a request bears the date of that check, and the
--   service accepts it for five minutes by its own clock, from which ours is at
--   most four minutes away. Ten minutes is the default lease, and `times` refuses
--   one that ends before that. A file's lock does not go to others meanwhile.
--
-- Two orders bring rows back to planned:
--
-- - `repeat_failed`, rows whose last call was refused with a code that proves
--   that no message was sent (`refusals.lua`), or was looked for twice and not
--   found, as in 2c. No call of such a row is open: its attempt has ended. A
--   call that failed to hand the message over may have changed the user's
--   status: `traced` keeps a later look from taking that for its success.
-- - `repeat_uncertain`, the one way to send twice, and the operator's decision.
--   Its rows are `traced` as well.
--
-- Where an action has several steps (`steps.lua`), the row goes through planned
-- and started once for each of them: what is said of a call above is said of a
-- step's. A step that is never to be repeated ends as unknown where its outcome
-- is; the others still follow, and the row is uncertain at the end.
--
-- A sign-out sends nothing and does no harm twice (`sign_outs.lua`). One that
-- failed leaves its row accepted with `sign_out` failed, which is a state of its
-- own to the reader (`still_signed_in`), until it is tried again.
-- @module cognito.bulk.rows

local claimed = require "cognito.bulk.claimed"
local pool_users = require "cognito.bulk.pool_users"
local sign_outs = require "cognito.bulk.sign_outs"
local sound = require "cognito.bulk.journal.sound"
local steps = require "cognito.bulk.steps"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

-- ---- before a call ----

-- Messages are counted by the hour, for the daily limit.
local function count_sends(journal, n, now)
  local hour = math.floor(now / 3600)
  if journal:run("UPDATE sends SET n = n + ? WHERE hour = ?", n, hour) == 0 and n > 0 then
    journal:run("INSERT INTO sends (hour, n) VALUES (?, ?)", hour, n)
  end
end

--- How many messages were asked for in the last 24 hours.
-- @tparam table journal
-- @tparam number now epoch seconds
-- @treturn number
-- @raise a cognito.Error where that is damaged
function M.sent_in_a_day(journal, now)
  local n = journal:row("SELECT coalesce(sum(n), 0) AS n FROM sends WHERE hour >= ?", math.floor(now / 3600) - 24).n
  return sound.count(n) or sound.refuse("the table sends", "list of counts")
end

--- When the first of the messages of the last 24 hours counts no more.
-- @tparam table journal
-- @tparam number now epoch seconds
-- @treturn ?number epoch seconds; nil: there were none
function M.limit_until(journal, now)
  local row = journal:row("SELECT min(hour) AS hour FROM sends WHERE hour >= ? AND n > 0", math.floor(now / 3600) - 24)
  local hour = row and tonumber(row.hour)
  return hour and (hour + 25) * 3600
end

--- The row that would be claimed next.
-- @tparam table journal
-- @treturn ?table row
function M.first_planned(journal)
  local row = journal:row("SELECT " .. claimed.columns
    .. " FROM users WHERE state = 'planned' AND plan = 'act' ORDER BY id LIMIT 1")
  claimed.ids { row }
  return row
end

--- Claims planned rows of users whom the plan is for, whatever a row's state
-- may have been set to: after the commit, and not before, their calls may be
-- made.
-- @tparam table journal
-- @tparam string worker
-- @tparam number n how many at most
-- @tparam number now epoch seconds
-- @tparam table action
-- @tparam[opt] boolean begun only those with a step behind them; false: only
--   those without
-- @treturn table list of rows
function M.claim(journal, worker, n, now, action, begun)
  local of_step = begun == nil and "" or begun and " AND step > 1" or " AND step = 1"
  local rows = journal:hold_free_rows("SELECT " .. claimed.columns
    .. " FROM users WHERE state = 'planned' AND plan = 'act'" .. of_step .. " ORDER BY id LIMIT ?", n)
  if rows[1] then
    journal:run([[UPDATE users SET state = 'started', worker = ?, attempts = attempts + 1, look_at = NULL, seen = 0,
      started_at = ?, finished_at = NULL, code = NULL, detail = NULL, request_id = NULL WHERE id IN ?]],
      worker, now, claimed.ids(rows))
    for _, row in ipairs(rows) do
      row.attempts, row.started_at, row.worker = row.attempts + 1, now, worker
    end
    if action.sends then
      count_sends(journal, #rows, now)
    end
  end
  return rows
end

-- ---- after a call ----

local function take_back_send(journal, row, action)
  if action.sends then
    count_sends(journal, -1, row.started_at)
  end
end

-- What the caller found out. A look at the user may have come to less in the
-- meantime: this is better knowledge.
local function settle(journal, row, state, outcome, now)
  local goes_on = outcome.sign_out == "started"
  local changed = journal:run([[UPDATE users SET state = ?, code = ?, detail = ?, request_id = ?, finished_at = ?,
    sign_out = ?, worker = ?, look_at = NULL, tries = 0
    WHERE id = ? AND attempts = ? AND state IN ('started', 'planned', 'uncertain')]],
    state, outcome.code, outcome.detail, outcome.request_id, now,
    outcome.sign_out, goes_on and row.worker or nil, row.id, row.attempts)
  return changed == 1 and state or nil
end

-- Nothing was carried out: the row is planned again, unless its outcome was
-- looked up and decided meanwhile.
local function back_to_planned(journal, row, outcome, action)
  if journal:run([[UPDATE users SET state = 'planned', worker = NULL, code = ?, detail = ?, request_id = ?
      WHERE id = ? AND attempts = ? AND state = 'started' AND look_at IS NULL]],
      outcome.code, outcome.detail, outcome.request_id, row.id, row.attempts) == 1 then
    take_back_send(journal, row, action)
    return "planned"
  end
end

-- The outcome is unknown. Where it can be looked up, that is done later.
local function leave_open(journal, row, outcome, action, clock)
  if action.unknown == "uncertain" then
    return settle(journal, row, "uncertain", outcome, clock.now)
  end
  journal:run([[UPDATE users SET worker = NULL, look_at = ?, tries = tries + 1, code = ?, detail = ?, request_id = ?
    WHERE id = ? AND attempts = ? AND state = 'started' AND look_at IS NULL]],
    clock.due, outcome.code, outcome.detail, outcome.request_id, row.id, row.attempts)
end

-- No call was made, because the user is not as the plan found them. An earlier
-- attempt is the cause if its end is unknown, or if the change is what the
-- action does: its worker may be lost, and its request have come very late.
local function skip(journal, row, outcome, action, now)
  local may_have_been = row.tries > 0 or row.traced == 1 or row.attempts > 1 and outcome.is_trace
  local state = settle(journal, row, may_have_been and "uncertain" or "skipped", outcome, now)
  if state then
    take_back_send(journal, row, action)
  end
  return state
end

-- A step is over: the row goes on with the next one, or ends.
local function go_on(journal, row, state, outcome, action, now, condition)
  if not steps.is_at(journal, row, condition) then
    return nil
  end
  steps.write(journal, row, state, outcome, now)
  local next_step = not outcome.is_last and steps.after(journal, row, action)
  if next_step then
    journal:run("UPDATE users SET state = 'planned', step = ?, worker = NULL, look_at = NULL, seen = 0, tries = 0 "
      .. "WHERE id = ?", next_step, row.id)
    return "planned"
  end
  local sum, code, detail = steps.sum(journal, row, action)
  return settle(journal, row, sum, { code = code, detail = detail, request_id = outcome.request_id }, now)
end

local function record_step(journal, row, outcome, action, now)
  local state = outcome.state == "failed" and "failed" or outcome.step_state or "done"
  return go_on(journal, row, state, outcome, action, now, "state IN ('started', 'planned', 'uncertain')")
end

--- Records what became of a call.
-- @tparam table journal
-- @tparam table row as claimed
-- @tparam table outcome `state`: accepted, failed, planned (nothing was carried
--   out), skipped (nor will be; `is_trace`: the change that was found is what
--   the action does) or unknown; `code`, `detail`, `request_id`; `sign_out`:
--   started, when the worker goes on with that
-- @tparam table action
-- @tparam table clock `now` (epoch seconds), and `due` on the job's clock: when
--   the call cannot be under way any more
-- @treturn ?string the row's state, if it has changed
function M.record(journal, row, outcome, action, clock)
  if action.steps and (outcome.state == "planned" or outcome.state == "unknown") then
    steps.note(journal, row, outcome)
  elseif action.steps and outcome.state ~= "skipped" then
    return record_step(journal, row, outcome, action, clock.now)
  end
  if outcome.state == "planned" then
    return back_to_planned(journal, row, outcome, action)
  elseif outcome.state == "unknown" then
    return leave_open(journal, row, outcome, action, clock)
  elseif outcome.state == "skipped" then
    return skip(journal, row, outcome, action, clock.now)
  end
  return settle(journal, row, outcome.state, outcome, clock.now)
end

--- Gives back claims of which no call was made: those of a worker that are
-- still open when all its calls have ended and are recorded.
-- @tparam table journal
-- @tparam string worker
-- @tparam table action
-- @treturn number how many
function M.give_back(journal, worker, action)
  local rows = journal:rows("SELECT " .. claimed.columns
    .. " FROM users WHERE state = 'started' AND look_at IS NULL AND worker = ?", worker)
  claimed.ids(rows)
  for _, row in ipairs(rows) do
    back_to_planned(journal, row, {}, action)
  end
  sign_outs.give_back(journal, "worker = ?", worker)
  return #rows
end

-- ---- workers that are gone ----

local is_gone = "(worker IS NULL OR worker NOT IN (SELECT worker FROM runs WHERE ended_at IS NULL))"

--- Takes over from workers that are gone: what they had begun is looked at
-- later, or is uncertain.
-- @tparam table journal
-- @tparam table action
-- @tparam number due on the job's clock: when their calls cannot be under way
--   any more
-- @tparam number now epoch seconds
-- @treturn number how many rows that were
function M.take_over(journal, action, due, now)
  sign_outs.give_back(journal, is_gone)
  if action.unknown == "uncertain" then
    return journal:run("UPDATE users SET state = 'uncertain', code = 'worker_lost', worker = NULL, finished_at = ? "
      .. "WHERE state = 'started' AND " .. is_gone, now)
  end
  return journal:run("UPDATE users SET look_at = ?, code = 'worker_lost', worker = NULL "
    .. "WHERE state = 'started' AND look_at IS NULL AND " .. is_gone, due)
end

-- ---- looking outcomes up ----

--- Claims rows whose outcome is due to be looked up. The worker must decide
-- before `due`; else another one looks.
-- @tparam table journal
-- @tparam number n how many at most
-- @tparam number clock the job's
-- @tparam number due on the job's clock
-- @treturn table list of rows
function M.claim_looks(journal, n, clock, due)
  local rows = journal:hold_free_rows(([[SELECT %s, code FROM users
    WHERE look_at <= ? AND state = 'started' AND plan = 'act' ORDER BY look_at LIMIT ?]])
    :format(claimed.columns), clock, n)
  if rows[1] then
    journal:run("UPDATE users SET look_at = ? WHERE id IN ?", due, claimed.ids(rows))
  end
  return rows
end

-- The service accepts requests that are dated up to five minutes wrong: so far
-- its clock and ours can differ.
local CLOCKS_DIFFER = 300 -- seconds

local function is_unchanged(row, found)
  if found.status ~= row.status_before then
    return false
  end
  return found.modified ~= nil and (pool_users.moment_text(found.modified) == row.modified_before
    or found.modified < row.started_at - CLOCKS_DIFFER)
end

--- What a look at the user says about the attempt.
-- @tparam table row
-- @tparam ?table found the user; nil: gone
-- @tparam table action
-- @treturn string accepted, unchanged or uncertain
function M.verdict(row, found, action)
  local was_so = row.status_before == action.becomes or row.traced == 1
  if not found then
    return "uncertain"
  elseif found.status == action.becomes and not was_so then
    return "accepted"
  elseif is_unchanged(row, found) and row.status_before ~= action.becomes then
    return "unchanged"
  end
  return "uncertain"
end

-- Of the same attempt, and not decided yet.
local open = " WHERE id = ? AND attempts = ? AND state = 'started' AND look_at IS NOT NULL"

-- Each returns the row's new state; nil: another worker has decided.

local function go_back(journal, row, action)
  if journal:run("UPDATE users SET state = 'planned', look_at = NULL, seen = 0" .. open, row.id, row.attempts) == 1 then
    take_back_send(journal, row, action)
    return "planned"
  end
end

local function decide(journal, row, state, facts, sign_out)
  local changed = journal:run("UPDATE users SET state = ?, look_at = NULL, tries = 0, sign_out = ?, finished_at = ?, "
    .. "detail = 'looked_up'" .. open, state, sign_out, facts.now, row.id, row.attempts)
  return changed == 1 and state or nil
end

local function give_up(journal, row, action, facts)
  if action.steps then
    return go_on(journal, row, "unknown", { code = row.code }, action, facts.now,
      "state = 'started' AND look_at IS NOT NULL")
  end
  return decide(journal, row, "uncertain", facts)
end

local function look_again(journal, row, seen, facts)
  journal:run("UPDATE users SET look_at = ?, seen = ?" .. open, facts.look_again, seen, row.id, row.attempts)
end

--- Decides about a row that was looked at.
-- @tparam table journal
-- @tparam table row as `claim_looks` gave it
-- @tparam string verdict accepted, unchanged or uncertain; `repeat`: no look
--   was needed; `again`: the look itself went wrong
-- @tparam table action
-- @tparam table facts `now` (epoch seconds), `look_again` (on the job's clock),
--   `sign_out`: due, when the user is to be signed out next
-- @treturn ?string the row's state, if it has changed
function M.judge(journal, row, verdict, action, facts)
  local seen, is_last = row.seen, row.tries >= claimed.MOST_TRIES
  if verdict == "again" then
    return look_again(journal, row, seen, facts)
  elseif verdict == "accepted" then
    return decide(journal, row, "accepted", facts, facts.sign_out)
  elseif verdict == "unchanged" and seen == 0 then
    return look_again(journal, row, 1, facts)
  elseif verdict == "unchanged" and is_last then
    return decide(journal, row, "failed", facts)
  elseif verdict == "unchanged" or verdict == "repeat" and not is_last then
    return go_back(journal, row, action)
  end
  return give_up(journal, row, action, facts)
end

-- ---- all together ----

--- Whether anything is left that a worker could do, now or later.
-- @tparam table journal
-- @treturn boolean
function M.is_over(journal)
  return not (journal:row "SELECT id FROM users WHERE state IN ('planned', 'started') AND plan = 'act' LIMIT 1"
    or journal:row("SELECT id FROM users WHERE " .. sign_outs.open .. " AND plan = 'act' LIMIT 1"))
end

--- Gives up looking outcomes up when no worker is left to: open rows become
-- uncertain, unless a worker has claimed them.
-- @tparam table journal
-- @tparam number now epoch seconds
-- @tparam table action
function M.abandon(journal, now, action)
  if action.steps then
    steps.abandon(journal, is_gone, now)
  end
  journal:run("UPDATE users SET state = 'uncertain', worker = NULL, look_at = NULL, finished_at = ? "
    .. "WHERE state = 'started' AND " .. is_gone, now)
end

-- ---- again ----

--- Lets users be tried again who failed, as far as that is safe.
-- @tparam table journal
-- @tparam ?table codes that prove that no message was sent; nil: all do
-- @tparam ?string code only users who failed with this one
-- @treturn number how many
function M.repeat_failed(journal, codes, code)
  return journal:run([[UPDATE users SET state = 'planned', tries = 0, seen = 0, finished_at = NULL,
    traced = CASE WHEN code = 'CodeDeliveryFailureException' THEN 1 ELSE traced END
    WHERE state = 'failed' AND (? = 1 OR detail = 'looked_up' OR code IN ?) AND (? IS NULL OR code = ?)]],
    codes and 0 or 1, codes or {}, code, code)
end

--- Lets uncertain users be repeated: an operator has decided so.
-- @tparam table journal
-- @treturn number how many
function M.repeat_uncertain(journal)
  return journal:run [[UPDATE users SET state = 'planned', tries = 0, seen = 0, finished_at = NULL, traced = 1
    WHERE state = 'uncertain']]
end

return M
