-- The life of a row, move by move: what a look at the user says, and what
-- somebody can still write who has lost the claim.
local actions = require "cognito.bulk.actions"
local helper = require "spec.support.bulk"
local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"
local workers = require "cognito.bulk.workers"

describe("a look at a user", function()
  local function verdict(found, row, action)
    row = row or {}
    return rows.verdict({
      status_before = row.status_before or "CONFIRMED", modified_before = row.modified_before or "1795000000.125",
      started_at = 1795100000,
    }, found, actions.all[action or "reset"])
  end

  it("says accepted only of the action's effect, if it was not there before", function()
    assert.equal("accepted", verdict { status = "RESET_REQUIRED", modified = 1795100001.000 })
    assert.equal("accepted", verdict { status = "RESET_REQUIRED", modified = 1795000000.125 })
    assert.equal("uncertain", verdict({ status = "RESET_REQUIRED", modified = 1795000000.125 },
      { status_before = "RESET_REQUIRED" }))
  end)

  it("says unchanged of a user who is as before, or was last changed long before the attempt", function()
    assert.equal("unchanged", verdict { status = "CONFIRMED", modified = 1795000000.125 })
    assert.equal("unchanged", verdict { status = "CONFIRMED", modified = 1795099000.000 })
  end)

  it("says uncertain of all else", function()
    for _, found in ipairs {
      { status = "CONFIRMED", modified = 1795100001.000 }, { status = "CONFIRMED", modified = 1795099800.000 },
      { status = "CONFIRMED" }, { status = "FORCE_CHANGE_PASSWORD", modified = 1795000000.125 },
      { status = "UNCONFIRMED", modified = 1795000000.125 }, { status = "NEW_STATUS", modified = 1795000000.125 },
      { modified = 1795000000.125 },
    } do
      assert.equal("uncertain", verdict(found))
    end
    assert.equal("uncertain", verdict(nil))
  end)
end)

describe("a worker that has lost a claim", function()
  local reset, invite = actions.all.reset, actions.all.invite
  local job, journal, now = nil, nil, 1795100000
  local CLOCK = { now = now, due = 90 }

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    local _, pool = helper.world(2)
    job = helper.plan(pool)
    journal = job.journal
    for _, name in ipairs { "slow", "quick" } do
      journal:run("INSERT INTO runs (worker, alive_until) VALUES (?, 100)", name)
    end
  end)

  after_each(function() job:close() end)

  local function state(id)
    local row = journal:row("SELECT state, attempts, sign_out FROM users WHERE id = ?", id)
    return row.state
  end

  local function lose(action)
    workers.leave(journal, "slow", now, "lost")
    rows.take_over(journal, action, 50, now)
  end

  it("had it alone", function()
    local mine = rows.claim(journal, "slow", 1, now, reset)
    local others = rows.claim(journal, "quick", 5, now, reset)
    assert.same({ 1, 1 }, { #mine, #others })
    assert.not_equal(mine[1].id, others[1].id)
    assert.same({}, rows.claim(journal, "quick", 5, now, reset))
  end)

  it("takes rows with a step behind them, or those without, where it is asked to", function()
    local id = journal:row("SELECT max(id) AS id FROM users").id
    journal:run("UPDATE users SET step = 2 WHERE id = ?", id)
    for begun, other in pairs { [true] = false, [false] = true } do
      local claimed = rows.claim(journal, "quick", 5, now, reset, begun)
      assert.same({ 1, begun }, { #claimed, claimed[1].id == id })
      assert.same({}, rows.claim(journal, "quick", 5, now, reset, begun))
      assert.equal(1, #rows.claim(journal, "quick", 5, now, reset, other))
      journal:run "UPDATE users SET state = 'planned', worker = NULL"
    end
  end)

  it("can still say what came of the call, while it is the last one", function()
    for action, lost in pairs { [reset] = "started", [invite] = "uncertain" } do
      local row = rows.claim(journal, "slow", 1, now, action)[1]
      lose(action)
      assert.equal(lost, state(row.id))
      assert.equal("accepted", rows.record(journal, row, { state = "accepted" }, action, CLOCK))
      assert.equal("accepted", state(row.id))
      assert.equal(0, journal:row("SELECT count(worker) AS n FROM users WHERE id = ?", row.id).n)
      journal:run "UPDATE runs SET ended_at = NULL"
    end
  end)

  it("cannot once there is another one", function()
    local row = rows.claim(journal, "slow", 1, now, reset)[1]
    lose(reset)
    local look = rows.claim_looks(journal, 1, 60, 90)[1]
    for seen = 0, 1 do
      look.seen = seen
      rows.judge(journal, look, "unchanged", reset, { now = now, look_again = 60 })
    end
    assert.equal("planned", state(row.id))
    local again = rows.claim(journal, "quick", 1, now, reset)[1]
    assert.same({ row.id, 2 }, { again.id, again.attempts })
    for _, outcome in ipairs { "accepted", "failed", "planned", "unknown" } do
      assert.is_nil(rows.record(journal, row, { state = outcome }, reset, CLOCK))
      assert.equal("started", state(row.id))
    end
    assert.equal("accepted", rows.record(journal, again, { state = "accepted" }, reset, CLOCK))
    assert.is_nil(rows.record(journal, row, { state = "failed" }, reset, CLOCK))
    assert.equal("accepted", state(row.id))
  end)

  it("may have been the one who changed the user", function()
    local function skipped(attempts, outcome, columns)
      journal:run "UPDATE users SET state = 'planned', worker = NULL, traced = 0, tries = 0"
      journal:run("UPDATE users SET attempts = ?", attempts - 1)
      journal:run("UPDATE users SET " .. (columns or "seen = 0"))
      local row = rows.claim(journal, "quick", 1, now, reset)[1]
      outcome.state = "skipped"
      assert.equal(rows.record(journal, row, outcome, reset, CLOCK), state(row.id))
      assert.equal(0, rows.sent_in_a_day(journal, now))
      return state(row.id)
    end
    assert.equal("skipped", skipped(1, { is_trace = true }))
    assert.equal("skipped", skipped(2, {}))
    assert.equal("uncertain", skipped(2, { is_trace = true }))
    assert.equal("uncertain", skipped(2, {}, "tries = 1"))
    assert.equal("uncertain", skipped(2, {}, "traced = 1"))
  end)

  it("cannot give back what others look into", function()
    local row = rows.claim(journal, "slow", 1, now, reset)[1]
    lose(reset)
    assert.is_nil(rows.record(journal, row, { state = "planned" }, reset, CLOCK))
    assert.equal("started", state(row.id))
    assert.equal(0, rows.give_back(journal, "slow", reset))
  end)

  it("is signed out by another worker", function()
    local row = rows.claim(journal, "slow", 1, now, reset)[1]
    lose(reset)
    rows.record(journal, row, { state = "accepted", sign_out = "started" }, reset, CLOCK)
    assert.is_false(rows.is_over(journal))
    rows.take_over(journal, reset, 50, now)
    local due = sign_outs.claim(journal, "quick", 5)
    assert.equal(row.id, due[1].id)
    sign_outs.record(journal, due[1], { state = "accepted" })
    assert.equal("done", journal:row("SELECT sign_out FROM users WHERE id = ?", row.id).sign_out)
  end)

  it("has its messages counted once", function()
    local claimed = rows.claim(journal, "slow", 2, now, reset)
    assert.equal(2, rows.sent_in_a_day(journal, now))
    rows.record(journal, claimed[1], { state = "planned" }, reset, CLOCK)
    rows.record(journal, claimed[1], { state = "planned" }, reset, CLOCK)
    local hour = math.floor(now / 3600)
    assert.equal((hour + 25) * 3600, rows.limit_until(journal, now + 23 * 3600))
    assert.is_nil(rows.limit_until(journal, now + 26 * 3600))
    assert.equal(1, rows.sent_in_a_day(journal, now + 23 * 3600))
    assert.equal(0, rows.sent_in_a_day(journal, now + 26 * 3600))
  end)
end)
