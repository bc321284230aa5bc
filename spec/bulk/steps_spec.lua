--- The steps of a user's row by themselves: counts over repetitions, what comes too late, steps tried again.
local actions = require "cognito.bulk.actions"
local helper = require "spec.support.bulk"
local rows = require "cognito.bulk.rows"
local steps = require "cognito.bulk.steps"

local NOW = 1795100000

describe("the steps of a row", function()
  local action = actions.of { action = "secure", close = "disable" }
  local job, journal, row

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    job, journal = helper.with_workers(1, { "me" }, { action = "secure" })
    row = rows.claim(journal, "me", 1, NOW, action)[1]
  end)

  after_each(function() job:close() end)

  local function recorded(number)
    local all = steps.of(journal, action, { row.id })[row.id]
    return all and all[number or 1]
  end

  local function at(number)
    row.step = number
    journal:run("UPDATE users SET step = ?", number)
  end

  it("count what was found and ended before they had to be repeated", function()
    steps.note(journal, row, { found = 3, ended = 2 })
    assert.same({ step = "disable", state = "open", found = 3, ended = 2 }, recorded())
    steps.note(journal, row, {})
    assert.same({ step = "disable", state = "open", found = 3, ended = 2 }, recorded())
    steps.note(journal, row, { found = 2 })
    assert.same({ step = "disable", state = "open", found = 4, ended = 2 }, recorded())
    steps.write(journal, row, "done", { ended = 1, request_id = "r" }, NOW)
    assert.same({ step = "disable", state = "done", found = 4, ended = 3, request_id = "r", finished_at = NOW },
      recorded())
    at(2)
    steps.write(journal, row, "failed", { code = "X", detail = "y" }, NOW)
    assert.same({ step = "sign_out", state = "failed", code = "X", detail = "y", found = 0, ended = 0,
      finished_at = NOW }, recorded(2))
  end)

  it("note nothing that comes too late, or while a look is due", function()
    row.attempts = row.attempts + 1
    steps.note(journal, row, { found = 1 })
    row.attempts, row.step = row.attempts - 1, 2
    steps.note(journal, row, { found = 1 })
    at(1)
    journal:run "UPDATE users SET look_at = 5"
    steps.note(journal, row, { found = 1 })
    assert.is_nil(recorded())
  end)

  it("are summed up by the worst of them, and follow each other until none is left", function()
    for number, state in ipairs { "done", "failed", "unknown", "failed" } do
      assert.equal(number, steps.after(journal, row, action))
      at(number)
      steps.write(journal, row, state, { code = state .. number }, NOW)
    end
    assert.is_nil(steps.after(journal, row, action))
    assert.same({ "uncertain", "unknown3", "sessions" }, { steps.sum(journal, row, action) })
    journal:run "UPDATE steps SET state = 'done' WHERE state = 'unknown'"
    assert.same({ "failed", "failed2", "sign_out" }, { steps.sum(journal, row, action) })
    journal:run "UPDATE steps SET state = 'unavailable' WHERE state = 'failed'"
    assert.same({ "accepted" }, { steps.sum(journal, row, action) })
    assert.same({
      { step = "disable", done = 1, failed = 0, unknown = 0, unavailable = 0 },
      { step = "sign_out", done = 0, failed = 0, unknown = 0, unavailable = 1 },
      { step = "sessions", done = 1, failed = 0, unknown = 0, unavailable = 0 },
      { step = "devices", done = 0, failed = 0, unknown = 0, unavailable = 1 },
    }, steps.counts(journal, action))
  end)

  it("that went wrong are tried again from the first of them on", function()
    for number, state in ipairs { "done", "failed", "unknown", "failed" } do
      at(number)
      steps.write(journal, row, state, {}, NOW)
    end
    assert.equal(4, steps.over(journal))
    steps.repeat_those(journal, { "failed" }) -- the row is not planned
    assert.equal(4, tonumber(journal:row("SELECT step FROM users").step))
    journal:run "UPDATE users SET state = 'planned'"
    steps.repeat_those(journal, { "unavailable" })
    assert.same({ 4, 4 }, { tonumber(journal:row("SELECT step FROM users").step), steps.over(journal) })
    steps.repeat_those(journal, { "failed" })
    assert.same({ 2, 2 }, { tonumber(journal:row("SELECT step FROM users").step), steps.over(journal) })
    assert.same({ "done", "open", "unknown", "open" },
      { recorded(1).state, recorded(2).state, recorded(3).state, recorded(4).state })
    assert.equal(2, steps.after(journal, row, action))
    journal:run "UPDATE users SET state = 'accepted'"
    assert.equal(0, steps.over(journal))
  end)

  it("of lost workers have an unknown outcome, with what they had ended before", function()
    steps.note(journal, row, { found = 3, ended = 2 })
    steps.abandon(journal, "1 = 0", NOW)
    assert.equal("open", recorded().state)
    steps.abandon(journal, "1 = 1", NOW)
    local lost = { step = "disable", state = "unknown", code = "worker_lost", found = 3, ended = 2, finished_at = NOW }
    assert.same(lost, recorded())
    at(2)
    steps.abandon(journal, "1 = 1", NOW + 1)
    lost = { step = "sign_out", state = "unknown", code = "worker_lost", found = 0, ended = 0, finished_at = NOW + 1 }
    assert.same({ NOW, lost }, { recorded(1).finished_at, recorded(2) })
  end)
end)
