--- busted's output for scripts/test: TAP, and behind each file of specs how many of them
-- passed, for `make reliability`, and how long they took.

local monotime = require("system").monotime
local tap = require "busted.outputHandlers.TAP"

local kinds = { success = "passed", failure = "failed", error = "failed", pending = "skipped" }

return function(options)
  local busted = require "busted"
  local handler = tap(options)
  local counts, begun

  local function begin()
    begun = monotime()
    counts = { passed = 0, failed = 0, skipped = 0 }
    return nil, true
  end

  local function count(_, _, status)
    counts[kinds[status]] = counts[kinds[status]] + 1
    return nil, true
  end

  local function fail(element)
    if element.descriptor ~= "it" and counts then counts.failed = counts.failed + 1 end
    return nil, true
  end

  local function finish(file)
    print(("# %s: %d passed, %d failed, %d skipped, %d s"):format(file.name, counts.passed, counts.failed,
      counts.skipped, math.floor(monotime() - begun + 0.5)))
    return nil, true
  end

  busted.subscribe({ "file", "start" }, begin)
  busted.subscribe({ "test", "end" }, count)
  busted.subscribe({ "error" }, fail)
  busted.subscribe({ "file", "end" }, finish)
  return handler
end
