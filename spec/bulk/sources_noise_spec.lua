-- The readers of lists of users, for `bulk` and for the sandbox, given damaged
-- lists and bytes without sense: a refusal in a message that a terminal may
-- show, or names as the service could have them; never a traceback, and never
-- a user from binary data.
local helper = require "spec.support.bulk"
local noise = require "spec.support.noise"
local source_noise = require "spec.support.source_noise"

describe("a list of users", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local folder

  before_each(function() folder = helper.path():match "^(.*)/" end)

  for seed = 1, 4 do
    it("that is damaged is read or refused: seed " .. seed, function()
      local source, users = noise.new(seed), 0
      for round = 1, 400 do
        local bytes, what = source_noise.damaged(source)
        local ok, n = pcall(source_noise.read, source, folder, bytes)
        assert.is_true(ok, ("round %d, %s: %s: %q"):format(round, what, tostring(n), bytes))
        users = users + (n or 0)
      end
      assert.is_true(users > 100) -- else nothing but refusals was tried
    end)

    it("that is binary data holds no user: seed " .. seed, function()
      local source = noise.new(seed)
      for round = 1, 200 do
        local bytes = source_noise.binary(source)
        local ok, n = pcall(source_noise.read, source, folder, bytes)
        assert.is_true(ok and (n or 0) == 0, ("round %d: %s: %q"):format(round, tostring(n), bytes))
      end
    end)
  end

  it("that is not damaged has its users", function()
    for name, bytes in pairs(source_noise.valid) do
      if name ~= "addresses" then
        local plainly = { one = function(_, list) return list[1] end, upto = function() return 2 end }
        local n = source_noise.read(plainly, folder, bytes)
        assert.is_true(n and n > 0, name)
      end
    end
  end)
end)
