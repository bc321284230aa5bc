--- The tables of a journal.
--
-- No password, no code and no address stands in them: a user is known by
-- username and `sub`, and of the address a message goes to there is a hash with
-- the job's own key.
-- @module cognito.bulk.journal.schema

local M = {}

--- Of these tables. A change to them after a release raises it, and gets a step in
-- cognito.bulk.journal.upgrade; a newer journal is refused.
M.version = 3

-- users:
--   sub          of the user, so that one person is one row; NULL: unknown user
--   line         of the source
--   status_before, enabled, modified_before   as the plan found the user
--   medium       EMAIL or SMS, where the action sends a message;
--                `contact_before`: a hash of where it goes
--   plan         act or skip; `reason`: why skip; `note`: words about a user who
--                is acted on all the same
--   state        planned, started, accepted, failed, skipped or uncertain
--   attempts     counts the claims and never goes back: the worker of attempt
--                3 cannot write about attempt 4
--   worker       the one that has claimed the row
--   look_at      on the job's clock: when to look the outcome up;
--                of a sign-out that is due: not before then
--   seen         how many looks found the user unchanged
--   tries        how many attempts ended with an unknown outcome
--   traced       1: an earlier attempt failed or its end is unknown, and it may
--                have changed the status
--   code, detail  of the last answer: the service's name for the error, and a
--                finer word where there is one
--   step         where the action has several: the one that is next, or begun
--   sign_out     due, started, done or failed; NULL: not wanted (yet)
--
-- pace: one row. `clock` is the job's own: seconds that a worker has worked on
-- it. It moves with the time of day (`seen`), but no faster than a worker
-- looks at it: a clock that is set cannot make it jump.
--
-- runs: the workers, past and present; alive until `alive_until` on the
-- job's clock, unless ended.
--
-- sends: how many messages were asked for in each hour since 1970.
--
-- steps: of an action that has several, those that are over: done, failed,
-- unknown or unavailable; `open`: it is to be repeated, and has ended something
-- already. `found` and `ended` count sessions and devices.
--
-- changes: which settings of the job were changed after its first run began,
-- when and by whom.
local tables = {
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)",
  [[CREATE TABLE users (
    id $ID PRIMARY KEY, sub TEXT UNIQUE, username TEXT NOT NULL, line $ID,
    status_before TEXT, enabled INTEGER, modified_before TEXT, medium TEXT, contact_before TEXT,
    plan TEXT NOT NULL, reason TEXT, note TEXT, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, worker TEXT, look_at DOUBLE PRECISION,
    seen INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
    traced INTEGER NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 1,
    sign_out TEXT, sign_out_code TEXT,
    started_at DOUBLE PRECISION, finished_at DOUBLE PRECISION, code TEXT, detail TEXT, request_id TEXT)]],
  "CREATE INDEX users_by_state ON users (state, id)",
  "CREATE INDEX users_to_look_at ON users (look_at) WHERE look_at IS NOT NULL",
  "CREATE INDEX users_to_sign_out ON users (sign_out, id) WHERE sign_out IN ('due', 'started', 'failed')",
  [[CREATE TABLE pace (
    clock DOUBLE PRECISION NOT NULL, seen DOUBLE PRECISION NOT NULL, next_at DOUBLE PRECISION NOT NULL,
    base DOUBLE PRECISION NOT NULL, rate DOUBLE PRECISION NOT NULL, changed_at DOUBLE PRECISION NOT NULL)]],
  [[CREATE TABLE runs (
    worker TEXT PRIMARY KEY, host TEXT, pid TEXT, tool_version TEXT, caller TEXT, endpoint TEXT,
    started_at DOUBLE PRECISION, ended_at DOUBLE PRECISION, why TEXT,
    alive_until DOUBLE PRECISION NOT NULL)]],
  "CREATE TABLE sends (hour $ID PRIMARY KEY, n INTEGER NOT NULL)",
  [[CREATE TABLE steps (
    user_id $ID NOT NULL, step INTEGER NOT NULL, state TEXT NOT NULL, code TEXT, detail TEXT, request_id TEXT,
    found INTEGER NOT NULL, ended INTEGER NOT NULL, finished_at DOUBLE PRECISION, PRIMARY KEY (user_id, step))]],
  "CREATE TABLE changes (id $ID PRIMARY KEY, changed_at DOUBLE PRECISION, changed_by TEXT, name TEXT NOT NULL, "
    .. "was TEXT, became TEXT)",
}

-- Of a plan in the making, until it is frozen: what is found out about names
-- (`candidates`), the address that each person should have by the first line
-- (`people`), names to leave out that have matched a user (`matched`). They come
-- first, so that what is left of their room is not the end of a file.
local of_a_plan = {
  [[CREATE TABLE candidates (name_key TEXT, strength INTEGER, sub TEXT, username TEXT, status_before TEXT,
    enabled INTEGER, modified_before TEXT, medium TEXT, contact_before TEXT, reason TEXT, note TEXT,
    email TEXT)]],
  "CREATE INDEX candidates_by_key ON candidates (name_key, strength)",
  "CREATE TABLE people (sub TEXT PRIMARY KEY, line INTEGER, expected TEXT)",
  "CREATE TABLE matched (name_key TEXT PRIMARY KEY)",
}

--- Makes them.
-- @tparam table db
function M.create(db)
  for _, list in ipairs { of_a_plan, tables } do
    for _, statement in ipairs(list) do
      db:run((statement:gsub("$ID", db.id_type)))
    end
  end
end

return M
