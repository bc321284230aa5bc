--- Many calls over one loop: how many at once and to whom, what they share and
-- what they do not do to each other.
local child = require "spec.support.child"
local clock = require("cognito.core").clock
local cognito = require "cognito"
local hostile = require "spec.support.hostile_server"
local new_pool = require("spec.support.loop_pool").new
local scene = require "spec.support.loop_scene"

-- Lua 5.1 cannot suspend a task within pcall, nor look up keys apart.
local is_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

local NAME = scene.NAME

local loop, server

before_each(function() loop, server = scene.open() end)
after_each(function() scene.close(loop, server) end)

local function with(options)
  loop:close()
  loop = cognito.loop(options)
end

local function reply(peer, body)
  peer:send(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#(body or "{}"), body or "{}"))
end

-- A script that answers every request, and counts; the first not before so
-- many are there.
local function answering(counts, seconds, at_once)
  counts.now, counts.most, counts.all = 0, 0, 0
  return function(peer)
    while true do
      peer:request()
      counts.now, counts.all = counts.now + 1, counts.all + 1
      counts.most = math.max(counts.most, counts.now)
      if seconds then peer:pause(seconds) end
      while counts.most < (at_once or 0) do peer:pause(0.001) end
      counts.now = counts.now - 1
      reply(peer)
    end
  end
end

local function play_until(condition)
  server:play(loop, function() return condition() or nil end)
end

local function finish()
  play_until(function() return loop:stats().tasks == 0 end)
end

local function spawn_calls(n, pool, operation)
  local results = {}
  for i = 1, n do
    loop:spawn(function()
      local result, err, meta = pool[operation or "forgot_password"](pool, NAME)
      results[i] = { result = result, err = err, meta = meta }
    end)
  end
  return results
end

local function check_all(results, n)
  for i = 1, n do assert.is_table(results[i].result, tostring(results[i].err)) end
end

describe("concurrency", function()
  it("is how many calls are under way at once", function()
    with { concurrency = 5 }
    local counts = {}
    server.script = answering(counts, 0.001, 5)
    local results = spawn_calls(50, new_pool(loop, server:url()))
    finish()
    check_all(results, 50)
    assert.equal(50, counts.all)
    assert.equal(5, counts.most)
    assert.equal(5, loop:stats().connections)
    assert.is_nil(next(loop.engine.slots.lines))
  end)

  it("does not count the time in line towards a call's deadline", function()
    with { concurrency = 1 }
    local counts = {}
    server.script = answering(counts, 0.05)
    local results = spawn_calls(20, new_pool(loop, server:url(), { timeout = 0.9 }))
    local begun = clock()
    finish()
    assert.is_true(clock() - begun > 0.9)
    check_all(results, 20)
    for i = 1, 20 do assert.is_true(results[i].meta.elapsed < 0.9) end
  end)

  it("holds for each host: one that does not answer holds up no other", function()
    with { concurrency = 2 }
    local dead, counts = hostile.listen(), {}
    server.script = answering(counts)
    -- Accepted by the system, and no more.
    local lost = spawn_calls(10, new_pool(loop, dead:url(), { attempt_timeout = 30 }))
    local results = spawn_calls(10, new_pool(loop, server:url()))
    play_until(function() return results[10] end)
    check_all(results, 10)
    assert.is_nil(next(lost))
    assert.equal(2, loop:stats().requests)
    dead:stop()
  end)

  it("holds for each host: connections, too", function()
    with { concurrency = 50, max_connections = 3 }
    local other, counts = hostile.listen(), {}
    server.script = answering(counts)
    local results = spawn_calls(50, new_pool(loop, server:url()))
    finish()
    check_all(results, 50)
    assert.equal(3, server.accepted)
    other:stop()
  end)

  it("lets a call that a call makes go first", function()
    with { concurrency = 1, max_connections = 5 } -- the slot alone holds the others back
    local counts = {}
    server.script = answering(counts, 0.005)
    local vault = new_pool(loop, server:url())
    local pool = new_pool(loop, server:url(), {
      client_secret = function()
        assert.is_table(vault:forgot_password(NAME))
        return "secret"
      end,
    })
    local results = spawn_calls(5, pool)
    finish()
    check_all(results, 5)
    assert.equal(10, counts.all)
    assert.equal(1, counts.most)
  end)

  it("says so when calls wait for each other's turns", function()
    with { concurrency = 1 }
    local vault, inner = new_pool(loop, server:url()), nil
    local pool = new_pool(loop, server:url(), {
      client_secret = function()
        inner = loop:spawn(vault.forgot_password, vault, NAME)
        inner:await()
      end,
    })
    loop:spawn(pool.forgot_password, pool, NAME)
    local ok, message = pcall(loop.run, loop)
    assert.is_false(ok)
    assert.truthy(message:find("the loop has nothing to wait for", 1, true))
    loop:close()
    assert.equal("aborted", select(2, inner:await()).code)
  end)
end)

describe("a call that raises", function()
  local calls

  before_each(function()
    with { concurrency = 1, on_error = function() end }
    local counts = {}
    calls = 0
    server.script = answering(counts)
  end)

  -- In a function that fetches a secret, before or after it has waited.
  local function raising(seconds)
    return new_pool(loop, server:url(), {
      client_secret = function()
        calls = calls + 1
        if seconds then loop:sleep(seconds) end
        error "no secret today"
      end,
    })
  end

  it("gives its slot to the next when its task ends with that", function()
    for _, seconds in ipairs { false, 0.001 } do
      local pool = raising(seconds)
      local failed = {}
      for i = 1, 3 do failed[i] = loop:spawn(pool.forgot_password, pool, NAME) end
      local results = spawn_calls(3, new_pool(loop, server:url()))
      finish()
      for i = 1, 3 do
        local ok, message = pcall(failed[i].await, failed[i])
        assert.is_false(ok)
        assert.truthy(message:find "no secret today")
      end
      check_all(results, 3)
    end
    assert.equal(6, calls)
  end)

  it("gives its slot back when its task goes on", function()
    if is_5_1 then return end
    local pool = raising(0.001)
    local lasting = loop:spawn(function()
      local ok, message = pcall(pool.forgot_password, pool, NAME)
      assert.is_false(ok)
      assert.truthy(message:find "no secret today")
      loop:sleep(3600)
    end)
    local results = spawn_calls(1, new_pool(loop, server:url()))
    play_until(function() return results[1] end)
    check_all(results, 1)
    lasting:cancel()
  end)

  it("in a hook tells so and goes on", function()
    local pool = new_pool(loop, server:url(), { on_attempt = function() error "no log today" end })
    local results = spawn_calls(3, pool)
    finish()
    check_all(results, 3)
    assert.truthy(results[3].meta.hook_error:find "no log today")
  end)
end)

describe("fairness", function()
  -- Tasks that call for as long as there is no end; how far apart they are.
  local function race(n, step)
    local counts, progress, over = {}, {}, false
    server.script = answering(counts)
    local pool = new_pool(loop, server:url())
    for i = 1, n do
      progress[i] = 0
      loop:spawn(function()
        while not over do
          assert.is_table(pool:forgot_password(NAME))
          progress[i] = progress[i] + 1
        end
      end)
    end
    local client, spread = { getfd = function() return loop:pollfd() end, dirty = function() return false end }, 0
    local all_there
    repeat
      server:turn(client, 0.01)
      step()
      local least, most = math.huge, 0
      for i = 1, n do least, most = math.min(least, progress[i]), math.max(most, progress[i]) end
      if all_there then
        spread = math.max(spread, most - least)
      elseif least > 0 then -- every one has a connection
        all_there = true
        for i = 1, n do progress[i] = 0 end
      end
    until all_there and least >= 20
    over = true
    finish()
    return spread
  end

  it("lets no task fall behind of 64", function()
    assert.is_true(race(64, function() loop:step(0) end) <= 3)
  end)

  it("lets no task fall behind that waits in line", function()
    with { concurrency = 8 }
    assert.is_true(race(32, function() loop:step(0) end) <= 3)
  end)

  it("lets no task fall behind when every step has next to no time", function()
    assert.is_true(race(64, function() loop:step(0, 0) end) <= 3)
  end)

  it("serves both ready tasks and those with an answer, with next to no time", function()
    local counts, yields, answers = {}, 0, 0
    server.script = answering(counts)
    local pool = new_pool(loop, server:url())
    for _ = 1, 10 do
      loop:spawn(function()
        while answers < 100 do
          coroutine.yield()
          yields = yields + 1
        end
      end)
      loop:spawn(function()
        while answers < 100 do
          assert.is_table(pool:forgot_password(NAME))
          answers = answers + 1
        end
      end)
    end
    local client, steps = { getfd = function() return loop:pollfd() end, dirty = function() return false end }, 0
    repeat
      server:turn(client, 0)
      steps = steps + 1
    until loop:step(0, 0) == 0
    assert.is_true(yields >= steps / 2)
    assert.is_true(answers >= 100)
  end)
end)

describe("a step with a budget", function()
  it("stops between two answers when it is spent", function()
    local counts = {}
    server.script = answering(counts)
    local pool, ended = new_pool(loop, server:url()), 0
    for _ = 1, 20 do
      loop:spawn(function()
        assert.is_table(pool:forgot_password(NAME))
        ended = ended + 1
        local until_time = clock() + 0.002
        repeat until clock() >= until_time -- luacheck: ignore 542
      end)
    end
    local client = { getfd = function() return loop:pollfd() end, dirty = function() return false end }
    local most = 0
    repeat
      for _ = 1, 30 do server:turn(client, 0.001) end
      local before = ended
      local left = loop:step(0, 0.001)
      most = math.max(most, ended - before)
    until left == 0
    assert.equal(1, most)
    assert.equal(20, ended)
  end)
end)

describe("keys that several calls wait for", function()
  it("are fetched once, and not given up when the first of them is cancelled", function()
    if is_5_1 then return end
    local fetched = 0
    server.script = function(peer)
      while true do
        local head = peer:request().head
        if head:find "^GET /keys" then
          fetched = fetched + 1
          peer:pause(0.05)
          reply(peer, ('{"AccessKeyId":"a","SecretAccessKey":"b","Token":"c","Expiration":"%s"}')
            :format(os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + 3600)))
        else
          reply(peer, '{"Username":"ada"}')
        end
      end
    end
    local variables = { AWS_CONTAINER_CREDENTIALS_FULL_URI = server:url() .. "keys", HOME = "/nonexistent" }
    local pool = cognito.new {
      user_pool_id = "eu-west-1_a", endpoint = server:url(), runtime = loop,
      env = function(name) return variables[name] end,
    }
    local tasks = {}
    for i = 1, 10 do tasks[i] = loop:spawn(pool.admin_get_user, pool, NAME) end
    play_until(function() return fetched == 1 end)
    for i = 1, 5 do tasks[i]:cancel "enough" end
    finish()
    for i = 1, 5 do assert.equal("aborted", select(2, tasks[i]:await()).code) end
    for i = 6, 10 do
      local result, err = tasks[i]:await()
      assert.is_table(result, tostring(err))
    end
    assert.equal(1, fetched)
  end)
end)

describe("a function of the program's that waits", function()
  it("and reports that its task was cancelled ends the call with that", function()
    local function wait()
      local slept, err = loop:sleep(3600)
      return not slept and nil, err
    end
    for _, settings in ipairs { { client_secret = wait }, { credentials = wait } } do
      local pool = new_pool(loop, server:url(), settings)
      local operation = settings.credentials and "admin_get_user" or "forgot_password"
      local task = loop:spawn(pool[operation], pool, NAME)
      loop:step(0)
      task:cancel "enough"
      local result, err = task:await()
      assert.is_nil(result)
      assert.equal("aborted", err.code)
      assert.equal("enough", err.message)
      assert.is_false(err.ambiguous)
      assert.equal(0, err.attempts)
    end
  end)
end)

describe("a name server that does not answer", function()
  it("holds up only the calls that ask it", function()
    local http_server = require("spec.support.server").start "http"
    local status, printed, seconds = child.run([[
      local url = ...
      local cognito = require "cognito"
      local new_pool = require("spec.support.loop_pool").new
local scene = require "spec.support.loop_scene"
      local loop = cognito.loop { concurrency = 4 }
      local slow = new_pool(loop, "https://service.slow", { connect_timeout = 60, attempt_timeout = 60 })
      local fast = new_pool(loop, url)
      for _ = 1, 8 do loop:spawn(slow.forgot_password, slow, { username = "ada" }) end
      local done = 0
      for _ = 1, 100 do
        loop:spawn(function()
          assert(fast:forgot_password { username = "ada" })
          done = done + 1
        end)
      end
      while done < 100 do loop:step(1) end
      print(done, loop:stats().requests)
      loop:close()
    ]], {
      LD_PRELOAD = child.preloading(child.library "spec.c.slow_dns"), SLOW_DNS = 30000,
    }, http_server:url())
    http_server:stop()
    assert.equal("100\t4\n", printed)
    assert.equal(0, status)
    assert.is_true(seconds < 15)
  end)
end)

describe("a client of a loop", function()
  it("gets its certificates, its proxy and its bounds from the loop", function()
    for name, value in pairs { ca_file = "a", ca_path = "a", proxy = "a", max_response = 1 } do
      local ok, message = pcall(function()
        local _ = new_pool(loop, server:url(), { [name] = value })
      end)
      assert.is_false(ok)
      assert.truthy(message:find("setting '" .. name .. "'", 1, true), message)
      assert.truthy(message:find("give it to the runtime", 1, true), message)
      assert.truthy(message:find("loop_pool.lua", 1, true), message) -- who made the client
    end
  end)

  it("does not mind certificates that the environment names", function()
    assert.is_table(new_pool(loop, server:url(), {
      env = function(name) return name == "AWS_CA_BUNDLE" and "a" or nil end,
    }))
  end)
end)

describe("a loop", function()
  it("trusts the certificates of environment or profile, unless the program names some", function()
    local certificates = require("spec.support.certificates").get()
    local secure = require("spec.support.server").start("https", certificates.good[1], certificates.good[2])
    local config = os.tmpname()
    local file = assert(io.open(config, "w"))
    file:write("[default]\nca_bundle = ", certificates.ca, "\n")
    file:close()
    local function connects(environment, options)
      environment.AWS_CONFIG_FILE = environment.AWS_CONFIG_FILE or "/dev/null"
      environment.AWS_CA_BUNDLE = environment.AWS_CA_BUNDLE or " " -- as good as none
      local _, printed = child.run([[
        local url, options = ...
        local loop = require("cognito").loop((loadstring or load)("return " .. options)())
        local pool = require("spec.support.loop_pool").new(loop, url)
        local connected, err = pool:connect()
        print(connected or err.code)
      ]], environment, "https://127.0.0.1:" .. secure.port, options or "{}")
      return printed
    end
    assert.equal("tls\n", connects {})
    assert.equal("true\n", connects { AWS_CA_BUNDLE = certificates.ca })
    assert.equal("true\n", connects { AWS_CONFIG_FILE = config })
    assert.equal("tls\n", connects { AWS_CONFIG_FILE = config, AWS_CA_BUNDLE = certificates.stranger })
    local file_of_others = ("{ ca_file = %q }"):format(certificates.stranger)
    local directory = ("{ ca_path = %q }"):format(certificates.hashed)
    assert.equal("tls\n", connects({ AWS_CA_BUNDLE = certificates.ca }, file_of_others))
    assert.equal("true\n", connects({ AWS_CA_BUNDLE = certificates.stranger }, directory))
    os.remove(config)
    secure:stop()
  end)
end)
