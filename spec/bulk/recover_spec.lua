-- Waiting for a journal, by a clock that moves only when it waits.
local recover = require "cognito.bulk.recover"

describe("waiting for a journal", function()
  local time, waits

  before_each(function() time, waits = 0, {} end)

  local function keep_trying(try, patience)
    return pcall(recover.keep_trying, try, { temporary = true, code = "first" }, {
      clock = function() return time end,
      patience = function() return patience end,
      wait = function(seconds, err)
        waits[#waits + 1] = { seconds, err.code }
        time = time + seconds
      end,
    })
  end

  it("tries at once more often, later every eight seconds, and ends when it is back", function()
    local tries = 0
    assert.is_true(keep_trying(function()
      tries = tries + 1
      return tries == 8 or nil, { temporary = true, code = "again" }
    end, 900))
    local seconds = {}
    for i, each in ipairs(waits) do seconds[i] = each[1] end
    assert.same({ 0.25, 0.5, 1, 2, 4, 8, 8, 8 }, seconds)
    assert.same({ "first", "again" }, { waits[1][2], waits[2][2] })
  end)

  it("ends with the last error when patience ends, or when that will not pass", function()
    local last = { temporary = true, code = "again" }
    local ok, err = keep_trying(function() return nil, last end, 10)
    assert.same({ false, last }, { ok, err })
    assert.equal(15.75, time)
    local for_good = { code = "journal_moved" }
    waits = {}
    ok, err = keep_trying(function() return nil, for_good end, 900)
    assert.same({ false, for_good, 1 }, { ok, err, #waits })
  end)
end)
