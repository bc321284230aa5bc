--- The short form of `make soak SOAK=site`: the recovery site under load, over a service that
-- misbehaves and restarts, and with a configuration that is read again and again.

local soak_site = require "spec.support.soak_site"

it("the recovery site under load loses no page and no promise", function()
  local failed = {}
  local sums = soak_site.run {
    seconds = 16, round = 4, slack = 100, say = function() end, -- the machine may be busy
    expect = function(what, ok) failed[#failed + 1] = not ok and what or nil end,
  }
  assert.same({}, sums.examples)
  assert.same({}, failed)
  assert.is_true(sums.pages > 0 and sums.restarts >= 4 and sums.reloads >= 2)
end)
