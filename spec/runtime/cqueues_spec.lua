--- The runtime for cqueues in what is its own: loops beside, inside and after
-- each other, loops and coroutines that come to no end. How clients behave on
-- it is spec/runtime/runtimes_spec.lua's.
if not require("spec.support.optional").has(pending, "cqueues") then return end

local cognito = require "cognito"
local condition = require "cqueues.condition"
local core = require "cognito.core"
local cqueues = require "cqueues"
local cqueues_runtime = require "cognito.runtime.cqueues"
local descriptors = require("spec.support.proc").descriptors
local scripted = require "spec.support.scripted"
local start_server = require("spec.support.server").start

local LIMIT = 20 -- seconds after which a loop has hung

local server, runtime

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)
before_each(function() runtime = cqueues_runtime.new() end)
after_each(function() runtime:close() end)

local function send(path, options)
  return runtime:send({ method = "GET", url = server:url(path) }, options or {})
end

-- How many requests the server has read, asked on a connection of its own.
local function served()
  local http = core.http()
  local requests = assert(http:send { method = "GET", url = server:url "/stats" }).body:match " (%d+)$"
  http:close()
  return tonumber(requests)
end

-- Runs a loop to its end; raises what went wrong in it.
local function finish(loop)
  local ok, err = loop:loop(LIMIT)
  assert(ok, tostring(err))
  assert.is_true(loop:empty(), "the loop hangs")
end

-- The error of a request that fails.
local function failure(path, options)
  local response, err = send(path, options)
  assert.is_nil(response)
  return err
end

local function in_loop(...)
  local loop = cqueues.new()
  for _, fn in ipairs { ... } do loop:wrap(fn) end
  finish(loop)
end

describe("in one loop", function()
  it("many requests wait side by side", function()
    local loop, bodies = cqueues.new(), {}
    local begun = core.clock()
    for i = 1, 50 do
      loop:wrap(function() bodies[i] = assert(send "/slow").body end)
    end
    finish(loop)
    assert.equal(50, #bodies)
    assert.is_true(core.clock() - begun < 50 * 0.2 / 2)
    assert.equal(50, runtime.http:stats().connections)
  end)

  it("more requests than connections wait for one", function()
    runtime:close()
    runtime = cqueues_runtime.new { max_connections = 2 }
    local loop, n = cqueues.new(), 0
    for _ = 1, 20 do
      loop:wrap(function()
        assert.equal("{}", assert(send "/").body)
        n = n + 1
      end)
    end
    finish(loop)
    assert.equal(20, n)
    assert.equal(2, runtime.http:stats().connections)
  end)

  it("each gets its own reply", function()
    local loop, n = cqueues.new(), 0
    for i = 1, 60 do
      loop:wrap(function()
        local response = assert(runtime:send({ method = "POST", url = server:url "/echo", body = "body " .. i }, {}))
        assert.equal("body " .. i, response.body:match "body %d+$")
        n = n + 1
      end)
    end
    finish(loop)
    assert.equal(60, n)
  end)

  it("a short timeout is kept beside a long one", function()
    assert(send "/") -- a warm connection: nothing else to wake up for
    in_loop(function()
      assert.equal("aborted", failure("/hang", { timeout = 5 }).code)
    end, function()
      cqueues.sleep(0.01) -- by now the loop polls for the long one
      assert.equal("timeout", failure("/hang", { timeout = 0.1 }).code)
      runtime:close()
    end)
  end)

  it("other coroutines go on meanwhile", function()
    local ticks = 0
    in_loop(function()
      assert.equal("aborted", failure("/hang", { timeout = 60 }).code)
    end, function()
      repeat
        cqueues.sleep(0.001)
        ticks = ticks + 1
      until ticks == 20
      runtime:close() -- ends the request, which nothing else does
    end)
    assert.equal(20, ticks)
  end)

  it("sleep lets others go on", function()
    local order = {}
    in_loop(function()
      runtime:sleep(0.05)
      table.insert(order, "slept")
    end, function()
      table.insert(order, "went on")
    end)
    assert.same({ "went on", "slept" }, order)
  end)

  it("a request works in a coroutine of a coroutine", function()
    local auxlib = require "cqueues.auxlib"
    local body
    in_loop(function()
      body = auxlib.wrap(function() return assert(send "/soon").body end)()
    end)
    assert.equal("soon", body)
  end)

  it("nothing is left to run when all have ended", function()
    local loop = cqueues.new()
    loop:wrap(function() assert(send "/") end)
    finish(loop)
    assert.equal(0, loop:count())
    assert.is_nil(next(runtime.waiting))
  end)
end)

describe("work that never ends", function()
  it("is an error in one coroutine, and the others finish", function()
    local loop, finished = cqueues.new(), 0
    for i = 1, 10 do
      loop:wrap(function()
        assert.equal("soon", assert(send "/soon").body)
        if i % 2 == 0 then error("broken " .. i, 0) end
        finished = finished + 1
      end)
    end
    loop:wrap(function() error("broken at once", 0) end)
    local errors = 0
    for err in loop:errors(LIMIT) do
      assert.truthy(tostring(err):find "^broken")
      errors = errors + 1
    end
    assert.equal(6, errors)
    assert.equal(5, finished)
    assert.is_true(loop:empty())
  end)

  it("is a coroutine that is never resumed, and the others finish", function()
    local loop, body = cqueues.new(), nil
    loop:wrap(function()
      local co = coroutine.create(function() send "/soon" end)
      coroutine.resume(co) -- it sent, and waits for ever
    end)
    loop:wrap(function() body = assert(send "/soon").body end)
    finish(loop)
    assert.equal("soon", body)
  end)

  it("is a loop that is closed, and the other loop's requests finish", function()
    local first, second, bodies = cqueues.new(), cqueues.new(), 0
    for _ = 1, 5 do
      first:wrap(function() send "/soon" end)
      second:wrap(function()
        assert.equal("soon", assert(send "/soon").body)
        bodies = bodies + 1
      end)
    end
    first:step(0) -- they wait, and so does its pump
    first:step(0)
    second:step(0)
    first:close()
    finish(second)
    assert.equal(5, bodies)
  end)

  it("is a loop that is closed, and the next one works", function()
    local before = served()
    local loop = cqueues.new()
    loop:wrap(function() send "/soon" end)
    loop:step(0)
    loop:step(0)
    loop:close()
    local body
    in_loop(function() body = assert(send "/soon").body end)
    assert.equal("soon", body)
    assert.is_true(served() - before >= 1)
    assert.equal("{}", assert(send "/").body) -- outside, too
  end)

  it("is a loop that is no longer stepped, and the others' requests finish", function()
    local idle, bodies = cqueues.new(), 0
    idle:wrap(function()
      assert.equal("soon", assert(send "/soon").body)
      bodies = bodies + 1
    end)
    idle:step(0)
    idle:step(0)
    in_loop(function()
      assert(send "/soon")
      bodies = bodies + 1
    end)
    assert(send "/soon")
    assert.equal(1, bodies)
    for _ = 1, 3 do assert(idle:step(0)) end
    assert.equal(2, bodies) -- its own outcome was kept for it
    assert.is_true(idle:empty())
  end)
end)

describe("loops", function()
  it("inside each other share the connections", function()
    local bodies = {}
    in_loop(function()
      bodies[1] = assert(send "/soon").body
    end, function()
      local inner = cqueues.new()
      inner:wrap(function() bodies[2] = assert(send "/soon").body end)
      inner:wrap(function()
        local innermost = cqueues.new()
        innermost:wrap(function() bodies[3] = assert(send "/soon").body end)
        finish(innermost)
      end)
      finish(inner)
    end)
    assert.same({ "soon", "soon", "soon" }, bodies)
  end)

  it("one after the other reuse a connection", function()
    for _ = 1, 5 do
      in_loop(function() assert(send "/") end)
    end
    assert.equal(1, runtime.http:stats().connections)
  end)

  it("are collected when nothing else refers to them", function()
    local seen = setmetatable({}, { __mode = "k" })
    for _ = 1, 5 do
      local loop = cqueues.new()
      seen[loop] = true
      loop:wrap(function() send "/soon" end)
      loop:step(0)
      loop:step(0)
    end
    assert(send "/soon") -- the five, too, are through
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(seen))
    assert.is_nil(next(runtime.loops))
  end)
end)

describe("outside of a loop", function()
  it("a request waits where it stands", function()
    assert.equal("soon", assert(send "/soon").body)
    assert.equal("timeout", failure("/hang", { timeout = 0.05 }).code)
  end)

  it("sleep waits where it stands", function()
    local begun = core.clock()
    runtime:sleep(0.02)
    assert.is_true(core.clock() - begun >= 0.02)
  end)

  it("the requests of a loop go on meanwhile", function()
    local loop, body = cqueues.new(), nil
    loop:wrap(function() body = assert(send "/soon").body end)
    loop:step(0)
    loop:step(0)
    assert.equal("soon", assert(send "/soon").body)
    finish(loop)
    assert.equal("soon", body)
    assert.equal(2, runtime.http:stats().transfers)
  end)
end)

describe("closing", function()
  it("ends what waits, and what comes later", function()
    local loop, ended = cqueues.new(), 0
    local goal = served() + 3
    for _ = 1, 3 do
      loop:wrap(function()
        local err = failure "/hang"
        assert.equal("aborted", err.code)
        assert.is_true(err.sent)
        ended = ended + 1
      end)
    end
    loop:wrap(function()
      while served() < goal do cqueues.sleep(0.005) end
      runtime:close()
      runtime:close()
      local err = failure "/"
      assert.equal("aborted", err.code)
      assert.is_false(err.sent)
      ended = ended + 1
    end)
    finish(loop)
    assert.equal(4, ended)
  end)

  it("leaves no descriptor, and no loop polling one", function()
    collectgarbage() -- what other specs left
    collectgarbage()
    local loop = cqueues.new()
    local before = descriptors()
    for _ = 1, 5 do
      local one = cqueues_runtime.new()
      for _ = 1, 3 do
        loop:wrap(function() assert(one:send({ method = "GET", url = server:url "/" }, {})) end)
      end
      loop:wrap(function() one:send({ method = "GET", url = server:url "/hang" }, {}) end)
      for _ = 1, 10 do assert(loop:step(0.01)) end
      one:close()
      finish(loop)
    end
    assert.equal(before, descriptors())
    loop:close()
  end)

  it("of the http object under it is reported to the waiting calls", function()
    local loop, err = cqueues.new(), nil
    local broken = cqueues_runtime.new()
    loop:wrap(function() err = select(2, broken:send({ method = "GET", url = server:url "/hang" }, {})) end)
    loop:step(0)
    loop:step(0)
    cqueues.cancel(broken.http:pollfd())
    broken.http:close()
    finish(loop)
    assert.equal("aborted", err.code)
    assert.truthy(err.message:find("closed", 1, true))
  end)

  it("of a runtime that was collected harms no loop", function()
    local loop = cqueues.new()
    for _ = 1, 10 do
      local one = cqueues_runtime.new()
      loop:wrap(function() assert(one:send({ method = "GET", url = server:url "/" }, {})) end)
      finish(loop)
      one = nil -- luacheck: ignore
      collectgarbage()
      collectgarbage()
    end
  end)
end)

describe("a client", function()
  -- The http object of the runtime fails at its next step, once.
  local function fail_once()
    local http, fails = runtime.http, true
    runtime.http = setmetatable({}, { __index = function(_, name)
      return function(_, ...)
        if name == "step" and fails then
          fails = false
          error("no step", 0)
        end
        return http[name](http, ...)
      end
    end })
  end

  it("goes on after the pump failed: what is in flight comes too late, and to no call", function()
    fail_once()
    local function new(path)
      return cognito.new { endpoint = server:url(path), user_pool_id = "eu-west-1_x", client_id = "a",
        runtime = runtime, env = function() end }
    end
    local first, second = new "/later", new "/much-later"
    in_loop(function()
      local result, err = first:forgot_password { username = "ada" }
      assert.is_nil(result)
      assert.equal("aborted", err.code)
      assert.truthy(err.message:find("no step", 1, true))
      assert.is_true(err.ambiguous)
      assert.same({}, assert(second:forgot_password { username = "eve" })) -- the late one's outcome comes meanwhile
      assert.equal(0, runtime.http:stats().in_flight)
    end)
    assert.is_nil(next(runtime.waiting))
  end)

  it("renews credentials once for all coroutines that wait for them", function()
    local lookups, waiting = 0, condition.new()
    local provider = require("cognito.credentials.cache").new {
      load = function()
        lookups = lookups + 1
        waiting:wait(0.05)
        return { access_key_id = "AKIAEXAMPLE", secret_access_key = "secret" }
      end,
      now = core.now, random = core.random, sleep = function(seconds) runtime:sleep(seconds) end,
    }
    local pool = cognito.new { endpoint = server:url "", user_pool_id = "eu-west-1_x", region = "eu-west-1",
      credentials = provider, runtime = runtime, env = function() end }
    local loop, answered = cqueues.new(), 0
    for _ = 1, 30 do
      loop:wrap(function()
        local user, err = pool:admin_get_user { username = "ada" }
        assert(user, tostring(err))
        answered = answered + 1
      end)
    end
    finish(loop)
    assert.equal(30, answered)
    assert.equal(1, lookups)
  end)

  -- Lua 5.1 cannot suspend what runs apart.
  if _VERSION ~= "Lua 5.1" or jit then
    it("gets its credentials though the coroutine that asked first is forgotten", function()
      local document = '{"AccessKeyId":"AKIAEXAMPLE","SecretAccessKey":"made-up","Token":"made-up",'
        .. '"Expiration":"2099-01-01T00:00:00Z"}'
      local container = server:url(scripted.path("container", {
        { "HTTP/1.1 200 OK\r\n", "Content-Length: " .. #document .. "\r\n\r\n" .. document },
      }))
      local variables = { AWS_CONTAINER_CREDENTIALS_FULL_URI = container, AWS_EC2_METADATA_DISABLED = "true" }
      local pool = cognito.new { endpoint = server:url "", user_pool_id = "eu-west-1_x", runtime = runtime,
        env = function(name) return variables[name] end }
      local loop, user = cqueues.new(), nil
      loop:wrap(function()
        local co = coroutine.create(function() pool:admin_get_user { username = "ada" } end)
        coroutine.resume(co) -- it waits, and nobody resumes it
      end)
      assert(loop:step(0))
      loop:wrap(function()
        local err
        user, err = pool:admin_get_user { username = "ada" }
        assert(user, tostring(err))
      end)
      finish(loop)
      assert.is_table(user)
    end)
  end

  it("raises for a wrong setting when it is created", function()
    local ok, message = pcall(cqueues_runtime.new, { max_conections = 3 })
    assert.is_false(ok)
    assert.truthy(message:find("max_connections", 1, true))
  end)
end)
