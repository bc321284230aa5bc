--- Closing a loop in every state, by the program and by the collector.
local cognito = require "cognito"
local descriptors = require("spec.support.proc").descriptors
local hostile = require "spec.support.hostile_server"
local new_pool = require("spec.support.loop_pool").new
local scene = require "spec.support.loop_scene"
local socket = require "socket"

local NAME, raises = scene.NAME, scene.raises
local loop, server

before_each(function() loop, server = scene.open() end)
after_each(function() scene.close(loop, server) end)

describe("closing a loop", function()
  -- Tasks in every state there is, by its name.
  local function in_every_state()
    loop:close()
    loop = cognito.loop { concurrency = 1, max_connections = 4 } -- libcurl takes both servers for one host
    server.script = function(peer)
      peer:await(1)
      if peer.input:find "^POST" then
        peer:request()
        peer:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
      end
      peer:stall()
    end
    local closed = assert(socket.bind("127.0.0.1", 0))
    local _, nobody = closed:getsockname()
    closed:close()
    local backing_off
    local plain, tls = new_pool(loop, server:url()), new_pool(loop, server:url "https")
    local refused = new_pool(loop, "http://127.0.0.1:" .. nobody, {
      on_attempt = function() backing_off = true end, random = function() return 500 end,
    })
    local tasks = {
      done = loop:spawn(function() return "done" end),
      asleep = loop:spawn(loop.sleep, loop, 3600),
      in_flight = loop:spawn(plain.forgot_password, plain, NAME),
      in_line = loop:spawn(plain.forgot_password, plain, NAME),
      handshake = loop:spawn(tls.forgot_password, tls, NAME),
      back_off = loop:spawn(refused.forgot_password, refused, NAME),
      yielding = loop:spawn(function() while true do coroutine.yield() end end),
      failing = loop:spawn(function() loop:sleep(3600); error "never" end),
    }
    tasks.awaiting = loop:spawn(function() return tasks.asleep:await() end)
    server:play(loop, function() return server.accepted == 2 and backing_off or nil end)
    tasks.new = loop:spawn(function() end)
    return tasks
  end

  it("ends every task in whatever state, each with a reason", function()
    local tasks = in_every_state()
    loop:close()
    assert.equal("done", (tasks.done:await()))
    tasks.done = nil
    for name, task in pairs(tasks) do
      local ok, result, err = pcall(task.await, task)
      if name == "failing" then
        assert.is_false(ok)
        assert.truthy(result:find "never")
      else
        assert.is_nil(result, name)
        assert.equal("aborted", err.code, name)
        assert.equal("the loop was closed", err.message, name)
        assert.equal(name == "in_flight", err.ambiguous, name)
      end
    end
  end)

  it("closes idle connections then, whoever still holds the loop", function()
    local call, finish = scene.of(function() return loop, server end)
    server.script = function(peer)
      peer:request()
      scene.reply(peer, "200 OK", "{}")
      peer:stall()
    end
    local outcome = call(new_pool(loop, server:url()))
    finish()
    assert.is_table(outcome.result)
    local open = descriptors()
    loop:close()
    assert.is_true(descriptors() < open)
    assert.equal("cognito loop (closed)", tostring(loop))
  end)

  it("leaves no descriptor and no memory behind", function()
    local function run()
      in_every_state()
      loop:close()
      server:stop()
      server = hostile.listen()
      collectgarbage()
      collectgarbage()
    end
    for _ = 1, 3 do run() end
    local open, kilobytes = descriptors(), collectgarbage "count"
    for _ = 1, 40 do run() end
    assert.equal(open, descriptors())
    assert.is_true(collectgarbage "count" - kilobytes < 500) -- LuaJIT's compiled code takes most of it
  end)

  it("is done by the garbage collector, in any state", function()
    for _ = 1, 3 do
      in_every_state()
      loop = cognito.loop()
      server:stop()
      server = hostile.listen()
    end
    collectgarbage()
    collectgarbage()
    local open = descriptors()
    for _ = 1, 5 do
      in_every_state()
      loop = cognito.loop()
      server:stop()
      server = hostile.listen()
    end
    collectgarbage()
    collectgarbage()
    assert.equal(open, descriptors())
  end)

  it("lets tasks clean up, but begin nothing", function()
    local seen = {}
    loop:spawn(function()
      loop:sleep(3600)
      seen.cleaned = true
      coroutine.yield()
      seen.yielded = true
      loop:spawn(function() end)
    end)
    loop:step(0)
    loop:close()
    assert.same({ cleaned = true, yielded = true }, seen)
  end)

  it("runs nothing apart from tasks any more, and says so", function()
    local answer, ran
    loop:spawn(function()
      loop:sleep(3600)
      answer = loop:detach(function() ran = true end)
    end)
    loop:step(0)
    loop:close()
    assert.is_false(answer)
    assert.is_nil(ran)
  end)

  it("leaves a task where it is that would go on for ever", function()
    local task = loop:spawn(function() while true do coroutine.yield() end end)
    loop:step(0)
    loop:close()
    assert.equal("cancelled", task:status())
    assert.equal("aborted", select(2, task:await()).code)
  end)

  it("closes the variables of such a task, where Lua has such variables", function()
    local load_text = loadstring or load -- luacheck: ignore
    local chunk = load_text [[
      local loop, seen = ...
      loop:spawn(function()
        local variable <close> = setmetatable({}, { __close = function() seen.closed = true end })
        while true do coroutine.yield() end
      end)
      loop:step(0)
      loop:close()
    ]]
    local seen = { closed = not chunk }
    if chunk then chunk(loop, seen) end
    assert.is_true(seen.closed)
  end)

  it("is done at the end of a block, where Lua has such variables", function()
    local load_text = loadstring or load -- luacheck: ignore
    local chunk = load_text [[
      local cognito = ...
      local task
      do
        local loop <close> = cognito.loop()
        task = loop:spawn(loop.sleep, loop, 3600)
        loop:step(0)
      end
      return task:status()
    ]]
    assert.equal("done", chunk and chunk(cognito) or "done")
  end)

  it("returns an error to code that turns it from outside", function()
    loop:close()
    loop = cognito.loop { on_error = function() loop:close() end }
    loop:spawn(function() loop:sleep(0.01); error "closes it" end)
    server.script = function(peer) peer:stall() end
    local result, err = new_pool(loop, server:url()):forgot_password(NAME)
    assert.is_nil(result)
    assert.equal("aborted", err.code)
    assert.is_true(err.ambiguous)
    loop = cognito.loop { on_error = function() loop:close() end }
    loop:spawn(function() loop:sleep(0.01); error "closes it" end)
    raises("the loop was closed", loop.sleep, loop, 3600)
  end)
end)
