-- The life of a row, move by move: what a look at the user says, and what
-- somebody can still write who has lost the claim.
local actions = require "cognito.bulk.actions"
local helper = require "spec.support.bulk"
local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"
local steps = require "cognito.bulk.steps"
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
    job, journal = helper.with_workers(2, { "slow", "quick" })
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

describe("a row whose call had no answer", function()
  local reset, enable = actions.all.reset, actions.all.enable
  local job, journal
  local NOW, CLOCK = 1795100000, 100

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    job, journal = helper.with_workers(1, { "me" })
  end)

  after_each(function() job:close() end)

  -- The row as one that looks has it, after its call had no answer.
  local function looked_at(columns)
    local row = rows.claim(journal, "me", 1, NOW, reset)[1]
    assert.is_nil(rows.record(journal, row, { state = "unknown", code = "timeout" }, reset, { now = NOW, due = CLOCK }))
    if columns then journal:run("UPDATE users SET " .. columns) end
    assert.same({}, rows.claim_looks(journal, 1, CLOCK - 1, CLOCK + 60))
    return rows.claim_looks(journal, 1, CLOCK, CLOCK + 60)[1]
  end

  local function stored()
    return journal:row "SELECT state, look_at, seen, tries, sign_out, detail, code FROM users"
  end

  local FACTS = { now = NOW, look_again = CLOCK + 7, sign_out = "due" }

  for _, case in ipairs {
    { "accepted", reset, nil, "accepted" },
    { "unchanged", reset, "seen = 1", "planned" },
    { "unchanged", reset, "seen = 1, tries = 2", "planned" },
    { "unchanged", reset, "seen = 1, tries = 3", "failed" },
    { "uncertain", reset, nil, "uncertain" },
    { "repeat", enable, nil, "planned" },
    { "repeat", enable, "tries = 2", "planned" },
    { "repeat", enable, "tries = 3", "uncertain" },
  } do
    local verdict, action, columns, state = case[1], case[2], case[3], case[4]
    it(("is %s once it is %s%s"):format(state, verdict, columns and ", with " .. columns or ""), function()
      local row = looked_at(columns)
      assert.equal(state, rows.judge(journal, row, verdict, action, FACTS))
      assert.same({ state, nil }, { stored().state, stored().look_at })
      assert.equal(state == "accepted" and "due" or nil, stored().sign_out)
      assert.equal(state ~= "planned" and "looked_up" or nil, stored().detail)
      -- Another one that looked comes too late.
      local sent = rows.sent_in_a_day(journal, NOW)
      assert.equal(action.sends and state == "planned" and 0 or 1, sent)
      for _, late in ipairs { "accepted", "unchanged", "uncertain" } do
        row.seen = 1
        assert.is_nil(rows.judge(journal, row, late, action, FACTS))
      end
      assert.same({ state, sent }, { stored().state, rows.sent_in_a_day(journal, NOW) })
    end)
  end

  for verdict, seen in pairs { again = 0, unchanged = 1 } do
    it("is looked at once more, where the first look is " .. verdict, function()
      local row = looked_at()
      assert.is_nil(rows.judge(journal, row, verdict, reset, FACTS))
      local at = stored()
      assert.same({ "started", CLOCK + 7, seen }, { at.state, tonumber(at.look_at), tonumber(at.seen) })
      assert.equal(1, rows.sent_in_a_day(journal, NOW))
    end)
  end
end)

describe("a row of an action with several steps", function()
  local action = actions.of { action = "secure", close = "disable" }
  local job, journal
  local NOW = 1795100000
  local FACTS = { now = NOW, due = 90 }

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    job, journal = helper.with_workers(1, { "me" }, { action = "secure" })
  end)

  after_each(function() job:close() end)

  local function claim() return rows.claim(journal, "me", 1, NOW, action)[1] end

  local function words(id)
    local list = {}
    for i, step in ipairs(steps.of(journal, action, { id })[id]) do list[i] = step.step .. "=" .. step.state end
    return table.concat(list, " ")
  end

  local function take_all(outcomes)
    local row, states
    for i = 1, 4 do
      row = claim()
      assert.equal(i, row.step)
      states = rows.record(journal, row, outcomes[i] or { state = "accepted" }, action, FACTS)
      if i < 4 then assert.equal("planned", states) end
      assert.is_nil(rows.record(journal, row, { state = "failed" }, action, FACTS)) -- it comes twice
    end
    return states, words(row.id), journal:row "SELECT code, detail FROM users"
  end

  it("is planned again after each of them, and accepted after the last", function()
    local state, account = take_all {}
    assert.same({ "accepted", "disable=done sign_out=done sessions=done devices=done" }, { state, account })
    assert.is_true(rows.is_over(journal))
  end)

  it("goes on after one that failed, and has failed at the end", function()
    local state, account, row = take_all { [2] = { state = "failed", code = "AccessDeniedException" } }
    assert.same({ "failed", "disable=done sign_out=failed sessions=done devices=done" }, { state, account })
    assert.same({ "AccessDeniedException", "sign_out" }, { row.code, row.detail })
  end)

  it("keeps what the pool lacks apart", function()
    local state, account = take_all { [3] = { state = "accepted", step_state = "unavailable" } }
    assert.same({ "accepted", "disable=done sign_out=done sessions=unavailable devices=done" }, { state, account })
  end)

  it("ends where its worker says that no other step follows", function()
    local row = claim()
    assert.equal("failed", rows.record(journal, row, { state = "failed", is_last = true }, action, FACTS))
    assert.equal("disable=failed", words(row.id))
  end)

  it("goes on after one whose outcome is never known, and is uncertain at the end", function()
    local row = claim()
    rows.record(journal, row, { state = "unknown", code = "timeout" }, action, FACTS)
    journal:run "UPDATE users SET tries = 3"
    local look = rows.claim_looks(journal, 1, 90, 120)[1]
    assert.equal("planned", rows.judge(journal, look, "uncertain", action, { now = NOW }))
    for step = 2, 4 do
      row = claim()
      assert.equal(step, row.step)
      assert.equal(step < 4 and "planned" or "uncertain",
        rows.record(journal, row, { state = "accepted" }, action, FACTS))
    end
    assert.equal("disable=unknown sign_out=done sessions=done devices=done", words(row.id))
  end)

  it("is uncertain once a job is given up whose worker is gone, at the step that it was at", function()
    local row = claim()
    workers.leave(journal, "me", NOW, "lost")
    rows.abandon(journal, NOW, action)
    assert.equal("uncertain", journal:row "SELECT state FROM users".state)
    assert.equal("disable=unknown", words(row.id))
  end)

  it("stays with a worker that is alive when a job is given up", function()
    claim()
    rows.abandon(journal, NOW, action)
    assert.equal("started", journal:row "SELECT state FROM users".state)
  end)
end)

describe("an operator's order to try again", function()
  local job, journal

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    local _, pool = helper.world(4)
    job = helper.plan(pool)
    journal = job.journal
    for name, columns in pairs {
      u1 = "state = 'failed', code = 'CodeDeliveryFailureException', tries = 2, seen = 1, finished_at = 7",
      u2 = "state = 'failed', code = 'InternalErrorException'",
      u3 = "state = 'failed', code = 'timeout', detail = 'looked_up'",
      u4 = "state = 'uncertain', tries = 3, finished_at = 7",
    } do journal:run("UPDATE users SET " .. columns .. " WHERE username = ?", name) end
  end)

  after_each(function() job:close() end)

  local function planned()
    local names = {}
    for i, row in ipairs(journal:rows "SELECT * FROM users WHERE state = 'planned' ORDER BY username") do
      assert.same({ 0, 0, nil }, { tonumber(row.tries), tonumber(row.seen), row.finished_at })
      names[i] = row.username .. (tonumber(row.traced) == 1 and " traced" or "")
    end
    return table.concat(names, ", ")
  end

  it("is for users of whom a code proves, or two looks, that no message was sent", function()
    assert.equal(2, rows.repeat_failed(journal, { "CodeDeliveryFailureException" }))
    assert.equal("u1 traced, u3", planned())
    assert.equal(0, rows.repeat_failed(journal, { "CodeDeliveryFailureException" }))
  end)

  it("is for all who failed where nothing is sent, or for those of one code", function()
    assert.equal(1, rows.repeat_failed(journal, nil, "InternalErrorException"))
    assert.equal("u2", planned())
    assert.equal(2, rows.repeat_failed(journal))
    assert.equal("u1 traced, u2, u3", planned())
  end)

  it("is for uncertain users by a word of its own, and remembers that a call may have reached them", function()
    assert.equal(1, rows.repeat_uncertain(journal))
    assert.equal("u4 traced", planned())
  end)
end)
