-- The rows that a worker claims next: first those begun, then as many users as the limits allow.
local actions = require "cognito.bulk.actions"
local claims = require "cognito.bulk.claims"
local helper = require "spec.support.bulk"

local NOW = 1795100000
local CLOCK = { now = NOW, clock = 60, due = 90 }

describe("a worker that takes on work", function()
  local job, journal

  setup(helper.setup)
  teardown(helper.teardown)

  -- u1 is to be looked up, u2 to be signed out, the other four to be acted on.
  before_each(function()
    job, journal = helper.with_workers(6, { "w" })
    journal:run "UPDATE users SET state = 'started', look_at = 50, attempts = 1, started_at = 1 WHERE username = 'u1'"
    journal:run "UPDATE users SET state = 'accepted', sign_out = 'due' WHERE username = 'u2'"
  end)

  after_each(function() job:close() end)

  local function take(limits, action)
    local work = claims.take(journal, limits, CLOCK, { worker = "w", action = actions.all[action or "reset"] })
    local found = {}
    for i, one in ipairs(work) do found[i] = one.kind .. " " .. one.row.username end
    return found, work.exhausted
  end

  it("takes what was begun first, and no more than asked for", function()
    assert.same({}, (take { rows = 0 }))
    assert.same({ "look u1" }, (take { rows = 1 }))
    assert.same({ "sign_out u2" }, (take { rows = 1 }))
    assert.same({ "action u3" }, (take { rows = 1 }))
    assert.same({ "action u4", "action u5", "action u6" }, (take { rows = 9 }))
  end)

  it("takes each kind for what is left of the number", function()
    journal:run "UPDATE users SET state = 'accepted', sign_out = 'due' WHERE username = 'u3'"
    assert.same({ "look u1", "sign_out u2" }, (take { rows = 2 }))
    journal:run "UPDATE users SET look_at = 50 WHERE username = 'u1'"
    assert.same({ "look u1", "sign_out u3", "action u4" }, (take { rows = 3 }))
  end)

  it("acts on as many users as the run's limit allows, and says when that is used up", function()
    assert.same({ { "look u1", "sign_out u2", "action u3", "action u4" } }, { take { rows = 9, users = 2 } })
    assert.same({ {}, "limit" }, { take { rows = 9, users = 0 } })
  end)

  it("says nothing of a limit, where what was begun leaves no room for more", function()
    assert.same({ { "look u1", "sign_out u2" } }, { take { rows = 2, users = 0 } })
  end)

  it("sends as many messages in 24 hours as the job allows", function()
    assert.same({ { "look u1", "sign_out u2", "action u3" } }, { take { rows = 9, daily_limit = 1 } })
    assert.same({ {}, "daily_limit" }, { take { rows = 9, daily_limit = 1 } })
    assert.same({ { "action u4" } }, { take { rows = 9, daily_limit = 2 } })
    assert.same({ { "action u5", "action u6" } }, { take { rows = 9, daily_limit = 0 } })
  end)

  it("says of two limits the one that is used up, and the run's where both are", function()
    take { rows = 3 }
    assert.same({ {}, "daily_limit" }, { take { rows = 9, users = 1, daily_limit = 1 } })
    assert.same({ {}, "limit" }, { take { rows = 9, users = 0, daily_limit = 2 } })
    assert.same({ {}, "limit" }, { take { rows = 9, users = 0, daily_limit = 1 } })
  end)

  it("is kept by no daily limit from what sends nothing", function()
    assert.same({ { "look u1", "sign_out u2", "action u3", "action u4", "action u5", "action u6" } },
      { take({ rows = 9, daily_limit = 1 }, "set-password") })
  end)
end)
