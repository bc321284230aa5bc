--- No name that a release had is gone: RELEASING.md promises them. spec/project/interface.txt is the
-- list of the last release, which scripts/interface.lua wrote.
local process = require "spec.support.process"

local function set_of(text)
  local set, count = {}, 0
  for line in text:gmatch "[^\n]+" do
    count = count + (set[line] and 0 or 1)
    set[line] = true
  end
  return set, count
end

describe("the interface", function()
  local now, count

  setup(function()
    local said, status = process.output_of(process.quote(process.interpreter()) .. " scripts/interface.lua 2>&1")
    assert.equal(0, status, said)
    now, count = set_of(said)
  end)

  it("still has every name of the last release", function()
    local missing, promised = {}, 0
    for line in io.lines "spec/project/interface.txt" do
      promised = promised + 1
      if not now[line] then missing[#missing + 1] = line end
    end
    assert.same({}, missing)
    assert.is_true(promised > 1200)
  end)

  it("is read as a whole", function()
    for _, line in ipairs { "module cognito.recovery", "function cognito.recovery.advise",
      "field cognito.Client.forgot_password",
      "field cognito.Settings.client_secret", "field cognito.Error.ambiguous", "field cognito.BulkJob.resume",
      "field cognito.BulkStatus.state", "kind throttle", "code wrong_phase", "code journal_newer",
      "code UserNotFoundException", "reason hourly_limit", "command cognito bulk report",
      "option cognito bulk plan --exclude", "option cognito --version" } do
      assert.is_true(now[line], line)
    end
    assert.is_true(count > 1200)
  end)
end)
