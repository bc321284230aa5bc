-- What the C core does for the command: signals, core dumps, descriptors. What
-- needs a terminal is tried through the command, in spec/cli/secrets_spec.lua.

local child = require "spec.support.child"
local core = require "cognito.core"

describe("core.catch_signals", function()
  local CATCH = [[
    local core = require "cognito.core"
    core.catch_signals()
    local function kill(name) os.execute("kill -" .. name .. " $PPID") end
    -- The C library ignores SIGINT while it waits for a shell: that one comes later.
    local function kill_later(name)
      os.execute("p=$PPID; { sleep 0.2; kill -" .. name .. " $p; } >/dev/null 2>&1 &")
    end
  ]]

  it("notes the signals that ask to stop", function()
    for name, number in pairs { TERM = 15, HUP = 1 } do
      local status, output = child.run(CATCH .. ([[
        print(core.caught_signal())
        kill "%s"
        print(core.caught_signal())
      ]]):format(name))
      assert.equal(0, status)
      assert.equal(("%s\n%d\n"):format("", number), output)
    end
  end)

  it("lets the second one end the process", function()
    assert.equal(143, (child.run(CATCH .. [[ kill "TERM" kill "TERM" os.exit(7) ]])))
    assert.equal(143, (child.run(CATCH .. [[ kill "HUP" kill "TERM" os.exit(7) ]])))
    assert.equal(130, (child.run(CATCH .. [[
      kill "TERM"
      kill_later "INT"
      while true do core.sleep(0.01) end
    ]])))
  end)

  it("takes a terminal that hangs up, whose shell does so, too, for one", function()
    local status, output = child.run(CATCH .. [[ kill "HUP" kill "HUP" print(core.caught_signal()) ]])
    assert.equal(0, status)
    assert.equal("1\n", output)
  end)

  it("wakes a sleeping process", function()
    local status, output, seconds = child.run(CATCH .. [[
      kill_later "INT"
      core.sleep(30)
      print(core.caught_signal())
    ]])
    assert.equal("2\n", output)
    assert.equal(0, status)
    assert.is_true(seconds < 20)
  end)

  it("ends waiting for a line", function()
    local fifo = os.tmpname()
    os.remove(fifo)
    local done = core.run { "sh", "-c", [[mkfifo "$1"; exec 3<>"$1"; rm "$1"; "$0" -e '
      local core = require "cognito.core"
      core.catch_signals()
      os.execute("p=$PPID; { sleep 0.2; kill -TERM $p; } >/dev/null 2>&1 &")
      print(core.read_line(3))']], require("spec.support.command").interpreter(), fifo }
    assert.equal("nil\tinterrupted\n", done.stdout)
  end)

  it("gives up the request that is waited for", function()
    local server = require("spec.support.server").start "http"
    local status, output, seconds = child.run(CATCH .. [[
      kill_later "INT"
      local http = core.http { timeout = 30 }
      local _, err = http:send { method = "GET", url = ... }
      print(err.code, err.sent, err.message)
    ]], nil, server:url "/hang")
    server:stop()
    assert.equal(0, status)
    assert.equal("aborted\ttrue\tthe request was given up: a signal interrupted it\n", output)
    assert.is_true(seconds < 20)
  end)

  it("leaves ignored signals ignored", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(CATCH, [[
      kill "HUP" kill "HUP" kill "HUP"
      print(core.caught_signal())
    ]])
    file:close()
    local done = core.run { "sh", "-c", 'trap "" HUP; exec "$@"', "sh", require("spec.support.command").interpreter(),
      path }
    os.remove(path)
    assert.same({ status = 0, stdout = "\n", stderr = "" }, done)
  end)

  it("makes a broken pipe an error of writing", function()
    local status, output = child.run(CATCH .. [[
      if jit then jit.off() end -- see lua/cognito/cli/console.lua
      local pipe = io.popen("exec <&-; echo >/dev/null", "w")
      local ok, _, number
      repeat
        ok, _, number = pipe:write(("x"):rep(1000))
        ok = ok and pipe:flush()
      until not ok
      print(io.stdout:write "still here")
    ]])
    assert.equal(0, status)
    assert.truthy(output:find("still here", 1, true), output)
  end)
end)

describe("core.no_core_dumps", function()
  it("holds for this process and its children", function()
    local status, output = child.run [[
      local core = require "cognito.core"
      assert(core.no_core_dumps())
      assert(core.no_core_dumps()) -- twice is no mistake
      print(core.run({ "sh", "-c", "ulimit -c; ulimit -c unlimited 2>/dev/null; ulimit -c" }).stdout)
    ]]
    assert.equal(0, status)
    assert.equal("0\n", output:match "^%d+\n")
  end)
end)

describe("core.read_line", function()
  it("takes a line and leaves the next one", function()
    local done = core.run { "sh", "-c", [[printf 'a\r\nb c\n\nd' | "$0" -e '
      local core = require "cognito.core"
      for _ = 1, 5 do print(core.read_line(0)) end
      print(core.read_line(0))']], require("spec.support.command").interpreter() }
    assert.equal("a\nb c\n\nd\nnil\tnothing was entered\nnil\tnothing was entered\n", done.stdout)
  end)

  it("takes 4096 bytes and no more", function()
    local done = core.run { "sh", "-c", [[{ head -c 4096 /dev/zero | tr '\0' x; echo; head -c 4097 /dev/zero; } |
      "$0" -e '
      local core = require "cognito.core"
      print(#core.read_line(0))
      print(core.read_line(0))']], require("spec.support.command").interpreter() }
    assert.equal("4096\nnil\tit is longer than 4096 bytes\n", done.stdout)
  end)

  it("reports the system's words, and takes descriptors only", function()
    assert.same({ nil, "Bad file descriptor" }, { core.read_line(9999) })
    assert.is_false(pcall(core.read_line, -1))
    assert.is_false(pcall(core.read_line, "x"))
    assert.same({ nil, "Bad file descriptor" }, { core.write_descriptor(9999, "x") })
    assert.is_false(pcall(core.write_descriptor, -1, "x"))
    assert.is_false(core.is_open(9999))
    assert.is_true(core.is_open(0))
  end)
end)

describe("core.read_secret", function()
  it("asks nowhere else than on a terminal", function()
    local done = core.run { "setsid", "-w", require("spec.support.command").interpreter(), "-e",
      'print(require("cognito.core").read_secret "Password: ")' }
    assert.same({ status = 0, stdout = "nil\tthere is no terminal to ask on\n", stderr = "" }, done)
  end)
end)

describe("core.terminal_width", function()
  it("is unknown where there is no terminal", function()
    local done = core.run { require("spec.support.command").interpreter(), "-e",
      'local core = require "cognito.core" print(core.is_terminal(0), core.terminal_width(1))' }
    assert.equal("false\n", done.stdout)
  end)
end)
