--- Exactly what it says about sends: every effect class, every place where an
-- exchange can break, on a fresh and on a reused connection, and where it breaks
-- before the request has come, on a new connection of an http object that has had
-- a reply before; with and without retry_ambiguous. How often the service carries the operation out, what the
-- call returns and what `ambiguous` says must be what the table "Retry" in
-- docs/design.md allows.
local generate = require("spec.support.send_matrix").generate
local operations = require "spec.support.send_operations"
local optional = require "spec.support.optional"
local places = require "spec.support.send_place"

-- Lua 5.1 to 5.3 run the same C core and the same Lua as their neighbours, and so
-- does a sanitizer: one operation of each class tells whether they do.
local typical = os.getenv "SEND_MATRIX" == "typical" or _VERSION < "Lua 5.4" and not rawget(_G, "jit") or nil

local busted = { describe = describe, it = it, setup = setup, teardown = teardown }

describe("a request over HTTP,", function()
  local function open() return places.remote(require "spec.support.runtimes.blocking") end
  generate(busted, {
    { open = open, connection = "fresh", retry_ambiguous = false, typical = typical },
    { open = open, connection = "fresh", retry_ambiguous = true, typical = typical },
    { open = open, connection = "reused", retry_ambiguous = false, typical = typical },
    { open = open, connection = "reused", retry_ambiguous = true, typical = typical },
    { open = open, connection = "renewed", retry_ambiguous = false, typical = typical },
    { open = open, connection = "renewed", retry_ambiguous = true, typical = typical },
  })
end)

-- Whether to try again is decided above the runtime: one operation of each class
-- tells whether it says what happened.
local function by_the_runtime(name)
  describe("a request over HTTP by the runtime " .. name .. ",", function()
    local function open() return places.remote(require("spec.support.runtimes." .. name)) end
    generate(busted, {
      { open = open, connection = "fresh", retry_ambiguous = false, typical = true },
      { open = open, connection = "reused", retry_ambiguous = false, typical = true },
      { open = open, connection = "renewed", retry_ambiguous = false, typical = true },
    })
  end)
end

by_the_runtime "loop"
if optional.has(pending, "cqueues") then by_the_runtime "cqueues" end

describe("a request within the process,", function()
  generate(busted, {
    { open = places.here, retry_ambiguous = false, typical = typical },
    { open = places.here, retry_ambiguous = true, typical = typical },
  })
end)

-- Wherever a reply ends too early, it is no success.
describe("a reply that is cut", function()
  local place

  setup(function() place = places.remote(require "spec.support.runtimes.blocking") end)
  teardown(function() place:stop() end)

  local function cut(operation, params, bytes)
    place.pool:misbehave { operation = operation, what = "drop", phase = "after", cut = bytes }
    local result, err = place.tool[operation](place.tool, params)
    if not result then
      assert.is_true(err.ambiguous, bytes .. " bytes: " .. tostring(err))
      assert.equal(1, err.attempts)
    end
    return result ~= nil
  end

  -- A user for five calls each: more would meet the hourly limit.
  local function name_for(operation, bytes)
    local name = operation .. math.floor(bytes / 5)
    if bytes % 5 == 0 then
      place.pool:add_user { username = name, email = "a@example.com", password = operations.PASSWORD }
    end
    return name
  end

  local function sweep(operation, params_for)
    local bytes = 0
    while not cut(operation, params_for(name_for(operation, bytes)), bytes) do
      bytes = bytes + 1
    end
    assert.equal(bytes + 1, place.pool:executions(operation))
    assert.is_true(bytes > 150)
    return bytes
  end

  it("after any byte: an empty one", function()
    sweep("admin_reset_user_password", function(name) return { username = name } end)
  end)

  it("after any byte: a long one", function()
    local bytes = sweep("initiate_auth", function(name)
      return { auth_flow = "USER_PASSWORD_AUTH",
        auth_parameters = { USERNAME = name, PASSWORD = operations.PASSWORD } }
    end)
    assert.is_true(bytes > 1000)
  end)
end)
