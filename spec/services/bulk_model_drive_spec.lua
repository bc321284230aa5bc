-- The real code along paths of the model of bulk jobs, as in
-- spec/bulk/model_drive_spec.lua, but on a real PostgreSQL server, and with workers
-- that are processes. A commit is lost because the server ends the session, and a
-- worker is killed by kill -9, every second time within a transaction.
local checker = require "spec.support.bulk_model.checker"
local model = require "spec.support.bulk_model.model"
local shared = require "spec.support.bulk_postgres"
local walks = require "spec.support.bulk_model.walks"

local WALKS = tonumber(os.getenv "MODEL_WALKS") or 8 -- of each kind
local LENGTH = 40
local SEED = 611953

describe("real bulk jobs", function()
  local in_database = { journal = shared.url }
  local taken = {}

  setup(shared.setup)
  teardown(shared.teardown)

  local function follow(config, walk, place)
    for _, step in ipairs(walk) do
      local what = step.what .. (step.detail == "lost" and " lost" or "")
      taken[what] = (taken[what] or 0) + 1
    end
    return walks.follow(config, walk, place)
  end

  local function by_chance(title, given, place)
    it(("%s are where the model is, at every step of %d walks"):format(title, WALKS), function()
      given.most_tries = 3
      local config = model.config(given)
      for seed = 1, WALKS do
        assert.is_nil(follow(config, walks.by_chance(config, seed * SEED, LENGTH), place), seed)
      end
    end)
  end

  by_chance("on PostgreSQL", {}, in_database)
  by_chance("on PostgreSQL, two users", { users = 2 }, in_database)
  by_chance("on PostgreSQL that look users up before, two users", { users = 2, recheck = true }, in_database)

  by_chance("of two steps, on PostgreSQL", { unknown = "repeat", steps = { "once", "repeat" } }, in_database)

  local in_processes = { processes = true }
  by_chance("in a file by processes that are killed", { exclusive = true }, in_processes)
  by_chance("in a file by processes that are killed, two users", { users = 2, exclusive = true, recheck = true },
    in_processes)

  local killed = { journal = shared.url, processes = true }
  by_chance("on PostgreSQL by processes that are killed", {}, killed)
  by_chance("on PostgreSQL by processes that are killed, two users", { users = 2, recheck = true }, killed)

  it("on PostgreSQL come to every state of one user that the model has with a fault, on the shortest way", function()
    local config = model.config { faults = 1, most = 1, most_tries = 3 }
    local ways = walks.shortest(checker.explore(config))
    assert.is_true(#ways > 20, #ways)
    for _, walk in ipairs(ways) do
      assert.is_nil(follow(config, walk, in_database))
    end
  end)

  it("have lost commits and workers on the way", function()
    for _, what in ipairs { "kill", "turn", "turn lost", "rejoin", "lapse" } do
      assert.is_true((taken[what] or 0) > 2, what)
    end
  end)
end)
