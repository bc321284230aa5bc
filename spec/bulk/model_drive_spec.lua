-- The real code along paths of the model of bulk jobs: real runs, a real journal,
-- the sandbox in process. After every step the rows, the job and the number of
-- messages made are the model's.
local checker = require "spec.support.bulk_model.checker"
local driver = require "spec.support.bulk_model.driver"
local helper = require "spec.support.bulk"
local model = require "spec.support.bulk_model.model"
local rows = require "cognito.bulk.rows"
local walks = require "spec.support.bulk_model.walks"

local WALKS = tonumber(os.getenv "MODEL_WALKS") or 15 -- of each kind
local LENGTH = 40
local SEED = 611953 -- with which every kind of step is taken

describe("real bulk jobs", function()
  local taken = {}

  setup(helper.setup)
  teardown(helper.teardown)

  local function follow(config, walk)
    for _, step in ipairs(walk) do
      taken[step.what] = (taken[step.what] or 0) + 1
    end
    return walks.follow(config, walk)
  end

  for _, world in ipairs {
    { "on a journal in a file", { exclusive = true } },
    { "on a shared journal", {} },
    { "on a shared journal, two users", { users = 2 } },
    { "of two steps, two users in a file",
      { users = 2, exclusive = true, unknown = "repeat", steps = { "repeat", "once" } } },
    { "of two steps, on a shared journal", { unknown = "repeat", steps = { "once", "repeat" } } },
    { "that look users up before, two users in a file", { users = 2, exclusive = true, recheck = true } },
  } do
    local title, given = world[1], world[2]
    it(("%s are where the model is, at every step of %d walks"):format(title, WALKS), function()
      given.most_tries = 3
      local config = model.config(given)
      for seed = 1, WALKS do
        assert.is_nil(follow(config, walks.by_chance(config, seed * SEED, LENGTH)), seed)
      end
    end)
  end

  for _, world in ipairs {
    { "in a file", { exclusive = true, faults = 2, most = 1 } }, { "that is shared", { faults = 1, most = 1 } },
    { "in a file and two steps", { exclusive = true, faults = 2, most = 1, unknown = "repeat",
      steps = { "repeat", "once" } } },
  } do
    local title, given = world[1], world[2]
    it(("come to every state of one user that the model has with a journal %s, on the shortest way"):format(title),
      function()
        given.most_tries = 3
        local config = model.config(given)
        local ways = walks.shortest(checker.explore(config))
        assert.is_true(#ways > 20, #ways)
        for _, walk in ipairs(ways) do
          assert.is_nil(follow(config, walk))
        end
      end)
  end

  it("have taken every kind of step on the way", function()
    for _, what in ipairs(driver.steps()) do
      assert.is_truthy(taken[what], what)
    end
  end)

  it("that differ from the model are found", function()
    local give_back = rows.give_back
    rows.give_back = function() return 0 end
    finally(function() rows.give_back = give_back end)
    local config, seed, found = model.config { exclusive = true, most_tries = 3 }, 0, nil
    while not found and seed < 100 do
      seed = seed + 1
      found = follow(config, walks.by_chance(config, seed * SEED, LENGTH))
    end
    assert.matches("connects to the journal again[^\n]*\nreal:  running; started", found)
  end)
end)
