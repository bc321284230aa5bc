-- A row whose call had no answer: when it is looked at, by whom, and what each verdict makes of it.
local actions = require "cognito.bulk.actions"
local helper = require "spec.support.bulk"
local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"

local NOW = 1795100000
local CLOCK = { now = NOW, due = 90 }
local FACTS = { now = NOW, look_again = 120, sign_out = "due" }

describe("a row whose call had no answer", function()
  local reset = actions.all.reset
  local job, journal, row

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    job, journal = helper.with_workers(1, { "w" })
    row = rows.claim(journal, "w", 1, NOW, reset)[1]
    rows.record(journal, row, { state = "unknown", code = "timeout", request_id = "r-1" }, reset, CLOCK)
  end)

  after_each(function() job:close() end)

  local function now_is(columns)
    local found = journal:row("SELECT " .. columns .. " FROM users WHERE id = ?", row.id)
    local values = {}
    for name in columns:gmatch "[%w_]+" do
      values[#values + 1] = tostring(found[name]):gsub("[.,]0$", "") -- the locale's point
    end
    return table.concat(values, " ")
  end

  local function look(clock)
    return rows.claim_looks(journal, 5, clock or 90, 200)[1]
  end

  it("belongs to no worker and is looked at when the call cannot be under way any more", function()
    assert.equal("started nil 90 1 timeout r-1", now_is "state, worker, look_at, tries, code, request_id")
    assert.is_nil(look(89))
    assert.equal(row.id, look(90).id)
  end)

  it("is looked at by one worker at a time", function()
    assert.equal(row.id, look().id)
    assert.is_nil(look(199))
    assert.equal(row.id, look(200).id)
  end)

  it("is planned again after a second look at an unchanged user, and its message was none", function()
    assert.is_nil(rows.judge(journal, look(), "unchanged", reset, FACTS))
    assert.equal("started 120 1", now_is "state, look_at, seen")
    assert.equal(1, rows.sent_in_a_day(journal, NOW))
    assert.equal("planned", rows.judge(journal, look(120), "unchanged", reset, FACTS))
    assert.equal("planned nil 0", now_is "state, look_at, seen")
    assert.equal(0, rows.sent_in_a_day(journal, NOW))
  end)

  it("is looked at again where the look went wrong, as often as it was seen", function()
    assert.is_nil(rows.judge(journal, look(), "again", reset, FACTS))
    assert.equal("started 120 0", now_is "state, look_at, seen")
  end)

  it("fails after its last try, where the user is unchanged", function()
    journal:run "UPDATE users SET tries = 3, seen = 1"
    assert.equal("failed", rows.judge(journal, look(), "unchanged", reset, FACTS))
    assert.equal("failed nil 0 looked_up", now_is "state, look_at, tries, detail")
  end)

  it("is repeated at once where that does no harm, but not for ever", function()
    assert.equal("planned", rows.judge(journal, look(), "repeat", reset, FACTS))
    row = rows.claim(journal, "w", 1, NOW, reset)[1]
    rows.record(journal, row, { state = "unknown" }, reset, CLOCK)
    journal:run "UPDATE users SET tries = 3"
    assert.equal("uncertain", rows.judge(journal, look(), "repeat", reset, FACTS))
  end)

  it("is decided once", function()
    local first = look()
    local second = look(200)
    assert.equal("accepted", rows.judge(journal, first, "accepted", reset, FACTS))
    assert.equal("accepted due looked_up", now_is "state, sign_out, detail")
    for _, verdict in ipairs { "accepted", "uncertain", "repeat" } do
      assert.is_nil(rows.judge(journal, second, verdict, reset, FACTS), verdict)
    end
    assert.equal("accepted", now_is "state")
  end)
end)

describe("a worker that ends", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("gives back its calls that were not made, and its sign-outs", function()
    local _, pool = helper.world(2)
    local job = helper.plan(pool)
    local journal, reset = job.journal, actions.all.reset
    journal:run "UPDATE users SET state = 'accepted', sign_out = 'due' WHERE username = 'u1'"
    assert.equal("u1", sign_outs.claim(journal, "w", 5, 0)[1].username)
    rows.claim(journal, "w", 5, NOW, reset)
    assert.equal(1, rows.give_back(journal, "w", reset))
    assert.equal(0, rows.sent_in_a_day(journal, NOW))
    assert.equal("u1", sign_outs.claim(journal, "other", 5, 0)[1].username)
    local row = rows.claim(journal, "other", 5, NOW, reset)[1]
    assert.equal("planned", rows.record(journal, row, { state = "planned" }, reset, CLOCK))
    job:close()
  end)

  it("counts messages of the last 24 hours, by the hour", function()
    local _, pool = helper.world(1)
    local job = helper.plan(pool)
    rows.claim(job.journal, "w", 1, NOW, actions.all.reset)
    local hour = math.floor(NOW / 3600) * 3600
    assert.equal(1, rows.sent_in_a_day(job.journal, hour + 25 * 3600 - 1))
    assert.equal(0, rows.sent_in_a_day(job.journal, hour + 25 * 3600))
    job:close()
  end)
end)

describe("users who failed", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("are tried again for all codes, or for those that prove that no message was sent", function()
    local _, pool = helper.world(4)
    local job = helper.plan(pool)
    local journal = job.journal
    local function fail()
      journal:run "UPDATE users SET state = 'failed', code = 'UserNotFoundException', detail = NULL"
      journal:run "UPDATE users SET code = 'CodeDeliveryFailureException' WHERE username = 'u2'"
      journal:run "UPDATE users SET code = 'timeout', detail = 'looked_up' WHERE username = 'u3'"
    end
    fail()
    assert.equal(4, rows.repeat_failed(journal, nil))
    assert.equal("1", tostring(journal:row "SELECT traced FROM users WHERE username = 'u2'".traced):match "%d")
    fail()
    assert.equal(3, rows.repeat_failed(journal, { "UserNotFoundException" }))
    fail()
    assert.equal(2, rows.repeat_failed(journal, nil, "UserNotFoundException"))
    assert.equal(1, rows.repeat_failed(journal, { "UserNotFoundException" }, "timeout"))
    assert.equal(0, rows.repeat_failed(journal, {}, "CodeDeliveryFailureException"))
    job:close()
  end)
end)
