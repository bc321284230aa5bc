-- Programs that take too long, and what they have started: only the program itself was
-- ended, and its children went on for ever.

local command = require "spec.support.command"
local core = require "cognito.core"
local process = require "spec.support.process"

local path

before_each(function() path = os.tmpname() end)
after_each(function() os.remove(path) end)

local ends = process.wait_for_end

-- The numbers that a script has written.
local function written(count)
  local pids = {}
  for pid in process.read(path):gmatch "%d+" do pids[#pids + 1] = tonumber(pid) end
  assert.equal(count, #pids)
  return pids
end

-- A Lua script as a process of its own, in front of whose words stand others.
local function lua(before, script)
  local file = process.write('local core = require "cognito.core"\n' .. script:gsub("PATH", path))
  local said, status = process.output_of(("%s %s %s 2>&1"):format(before, process.quote(process.interpreter()), file))
  os.remove(file)
  return said, status
end

local TOO_LONG = "it took too long and was ended"

describe("core.run in a group of its own", function()
  it("ends what the program has started, too", function()
    local done, message = core.run({ "sh", "-c", "sleep 600 & sh -c 'sleep 600 & echo $! $$; wait' >>" .. path
      .. "& echo $! >>" .. path .. "; sleep 600" }, 1, nil, true)
    assert.same({ TOO_LONG }, { done or message })
    for _, pid in ipairs(written(3)) do ends(pid) end
  end)

  it("ends what does not want to, and what outlives the program", function()
    for _, last in ipairs { "wait", "trap 'exit 0' TERM; wait", "exec sleep 600" } do
      local _, message = core.run({ "sh", "-c", "sh -c 'trap : TERM; echo $$ >" .. path .. "; while :; do sleep 600;"
        .. " done' & " .. last }, 1, nil, true)
      assert.equal(TOO_LONG, message)
      ends(written(1)[1])
    end
  end)

  it("leaves alone what a program that has ended goes on with", function()
    local done = core.run({ "sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!" }, 10, nil, true)
    local pid = tonumber(done.stdout)
    assert.equal(0, core.run({ "kill", tostring(pid) }).status)
    ends(pid)
  end)

  it("gets the signals of a terminal, once each, and others only by itself", function()
    local script = [[
      core.catch_signals()
      local done = core.run({ "sh", "-c", "trap 'echo SIGNAL' SIGNAL; sleep 1; kill -SIGNAL $PPID; for i in 1 2 3 4;"
        .. " do sleep 0.2; done; exit 3" }, 20, nil, true)
      io.write(done.status, " ", done.stdout)
    ]]
    for signal, expected in pairs { INT = "3 INT\n", HUP = "3 HUP\n", TERM = "3 " } do
      assert.equal(expected, (lua("env --default-signal", script:gsub("SIGNAL", signal))))
    end
  end)

  it("gets a signal that comes as soon as it has started", function()
    local script = [[
      core.catch_signals()
      io.write(core.run({ "sh", "-c", "trap 'exit 7' INT; kill -INT $PPID; sleep 2; sleep 2" }, 20, nil, true).status)
    ]]
    for _ = 1, 12 do assert.equal("7", (lua("env --default-signal", script))) end
  end)

  it("is what every program has where there is no terminal", function()
    lua("setsid -w", 'core.run({ "sh", "-c", "sleep 600 & echo $! >PATH; wait" }, 1)')
    ends(written(1)[1])
  end)

  it("is not where a person could be asked at a terminal", function()
    local script = process.write [[
      local done = require "cognito.core".run({ "sh", "-c", "read word </dev/tty; echo got $word" }, 20)
      print(done.stdout)
    ]]
    local result = command.on_terminal({ script }, { command = { process.interpreter() },
      steps = { { "type", "rosebud\n" }, { "expect", "got rosebud" } } })
    os.remove(script)
    assert.equal(0, result.status, result.screen)
  end)
end)
