-- How `cognito bulk` shows the way a run goes.

local progress = require "cognito.cli.bulk.progress"
local show = require "cognito.cli.bulk.show"
local text = require "cognito.cli.text"

describe("progress", function()
  local counts = { planned = 500, started = 3, accepted = 450, failed = 2, skipped = 45, uncertain = 0, rate = 4.75,
    still_signed_in = 0, seconds_left = 106, in_flight = 3 }

  it("is a bar where there is room, and never reaches the last column", function()
    assert.equal("[#########           ]  49% 450 done, 2 failed, 45 skipped, 0 uncertain, 4.75/s, 1 min left",
      progress.line(counts, 120))
    assert.equal(" 49% 450 done, 2 failed, 45 skipped, 0 uncertain, 4.75/s, 1 min left", progress.line(counts, 80))
    for columns = 1, 130 do
      assert.is_true(text.width(progress.line(counts, columns)) < columns)
    end
    assert.equal("", progress.line(counts, 1))
  end)

  it("says how many users are still signed in", function()
    assert.matches("^100%% 3 done, 0 failed, 0 skipped, 0 uncertain, 5/s, 1 still signed in", progress.line({
      planned = 0, started = 0, accepted = 3, failed = 0, skipped = 0, still_signed_in = 1, uncertain = 0, rate = 5 },
      80))
  end)

  it("of no users is complete", function()
    assert.matches("^100%% 0 done", progress.line({ planned = 0, started = 0, accepted = 0, failed = 0, skipped = 0,
      still_signed_in = 0, uncertain = 0, rate = 5, seconds_left = 0 }, 80))
  end)

  it("is a line every 30 seconds where there is no terminal", function()
    local told, time = 0, 0
    local shown = progress.new({
      is_terminal = function() return false end,
      tell = function() told = told + 1 end,
    }, function() return time end)
    for second = 0, 90 do
      time = second
      shown:show(counts)
      assert.equal(math.floor(second / 30), told)
    end
    counts.stopping = "interrupted"
    for _ = 1, 3 do shown:show(counts) end
    assert.equal(4, told)
  end)

  it("tells time as coarsely as people want it", function()
    for seconds, expected in pairs { [0] = "0 s", [0.2] = "1 s", [89] = "89 s", [90] = "1 min", [3600] = "60 min",
      [7260] = "2 h 1 min", [3 * 86400 + 7200] = "3 d 2 h" } do
      assert.equal(expected, show.duration(seconds))
    end
  end)
end)
