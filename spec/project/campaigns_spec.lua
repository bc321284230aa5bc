-- Fuzzers, soaks, coverage and mutation run for hours: what they are asked for is looked at first. Before, some
-- of these ran without an end, and others counted what had not run.

local process = require "spec.support.process"

-- The variables of the outer make are not passed on.
local function refusal(words)
  local said, status = process.output_of(("env -u MAKEFLAGS -u MAKEOVERRIDES -u SPEC make --no-print-directory %s 2>&1")
    :format(words))
  assert.equal(2, status, said)
  return said
end

describe("a campaign", function()
  for words, expected in pairs {
    ["fuzz SECONDS=abc"] = 'SECONDS is a whole number above 0, not "abc"\n',
    ["fuzz SECONDS=-5"] = 'SECONDS is a whole number above 0, not "-5"\n',
    ["fuzz TARGETS=nosuch"] = 'TARGETS has no "nosuch"; there are: build cli ',
    ["fuzz TARGETS="] = "TARGETS names nothing; there are: build cli ",
    ["fuzz-merge TARGETS='url nosuch'"] = 'TARGETS has no "nosuch"; there are: build cli ',
    ["soak SOAK=nosuch"] = 'SOAK has no "nosuch"; there are: blocking loop ',
    ["soak CALLS=1e6"] = 'CALLS is a whole number above 0, not "1e6"\n',
    ["soak DURATION=1h"] = 'DURATION is a whole number above 0, not "1h"\n',
    ["coverage SPEC=spec/nosuch_spec.lua"] = "SPEC names spec/nosuch_spec.lua, and there is no such file\n",
    ["coverage JOBS=0"] = 'JOBS is a whole number above 0, not "0"\n',
    ["mutate FILES=lua/nosuch.lua"] = "FILES names lua/nosuch.lua, and there is no such file\n",
    ["mutate FILES=lua/cognito/hex.lua SPEC=spec/nosuch_spec.lua"] =
      "SPEC names spec/nosuch_spec.lua, and there is no such file\n",
    ["mutate FILES=lua/cognito/hex.lua COUNT=some"] = 'COUNT is a whole number above 0, not "some"\n',
  } do
    it("is refused before it begins: make " .. words, function()
      local said = refusal(words)
      assert.equal(expected, said:sub(1, #expected))
    end)
  end
end)
