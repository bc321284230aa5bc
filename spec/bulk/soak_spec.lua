-- The short form of `make soak-bulk`: a service that throttles, fails after it
-- has carried out and drops replies, and a worker that is killed three times.
-- On one Lua only: there is no more to learn from the others here.
if _VERSION ~= "Lua 5.4" or os.getenv "ASAN_OPTIONS" then
  return
end

local helper = require "spec.support.bulk"
local troubles = require "spec.support.bulk_troubles"

describe("bulk recovery under everything at once", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("sends no user two messages when others come to the journal by other names and copies", function()
    local soak = require("spec.support.bulk_soak").run {
      journal = helper.path(), users = 1500, times = 3, rate = 2000, shortest = 0.2, longest = 0.8,
      trouble = troubles.other_names,
    }
    assert.same({}, soak.wrong)
    assert.same(soak.expected, soak.refusals)
    assert.equal(3, soak.refusals["copied, left alone, said to be moved: journal_copied"])
    assert.same({ "done", 3, 0 }, { soak.status.state, soak.hits, soak.failed })
  end)

  for _, action in ipairs { "reset", "invite" } do
    it(("sends no user two messages, and says so: %s"):format(action), function()
      local users = action == "reset" and 2000 or 700
      local soak = require("spec.support.bulk_soak").run {
        journal = helper.path(), users = users, times = action == "reset" and 3 or 1, action = action, rate = 20000,
        shortest = 0.2, longest = 0.8,
      }
      assert.same({}, soak.wrong)
      assert.equal("done", soak.status.state)
      assert.equal(users, soak.status.total)
      assert.same({ action == "reset" and 3 or 1, 0 }, { soak.hits, soak.failed })
      assert.equal(soak.summary.skip, soak.outcomes.skipped)
      assert.is_nil(soak.outcomes.planned or soak.outcomes.started)
      assert.is_true(soak.outcomes.accepted > users * 0.85, soak.outcomes.accepted)
      if action == "reset" then
        assert.is_nil(soak.outcomes.uncertain)
        assert.is_true(soak.executions.admin_get_user.count > 0)
      else
        assert.is_true(soak.outcomes.uncertain > 0)
      end
    end)
  end
end)
