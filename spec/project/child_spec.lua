--- A program that runs beside this one.
local core = require "cognito.core"
local socket = require "socket"

local function ended(child)
  local deadline = socket.gettime() + 10
  repeat
    local result = child:result()
    if result then return result end
    socket.sleep(0.005)
  until socket.gettime() > deadline
  error "it did not end"
end

local function shell(script)
  return assert(core.start { "/bin/sh", "-c", script })
end

describe("a program beside this one", function()
  it("ends with its status, which stays", function()
    local child = shell "exit 7"
    assert.same({ status = 7 }, ended(child))
    assert.same({ status = 7 }, child:result())
    assert.is_false(child:signal(15))
  end)

  it("runs until it is sent a signal", function()
    local child = shell "exec sleep 60"
    assert.is_nil(child:result())
    assert.is_true(child:signal(15))
    assert.same({ signal = 15 }, ended(child))
  end)

  it("shares standard output and the environment, and no other descriptor", function()
    local path, held = os.tmpname(), assert(io.tmpfile())
    local command = ([[exec >%s; echo "$PATH"; ls /proc/self/fd]]):format(path)
    assert.same({ status = 0 }, ended(shell(command)))
    held:close()
    local file = assert(io.open(path))
    assert.equal(os.getenv "PATH", file:read "*l")
    local open = {}
    for line in file:lines() do open[#open + 1] = line end
    file:close()
    os.remove(path)
    assert.same({ "0", "1", "2", "3" }, open) -- 3 is ls's own, of the folder
  end)

  it("that does not begin says why", function()
    local child, why = core.start { "/nowhere/to/be/found" }
    assert.is_nil(child)
    assert.equal("No such file or directory", why)
    assert.error_matches(function() core.start {} end, "no program to run")
    assert.error_matches(function() core.start { 1 } end, "must be strings")
    assert.error_matches(function() core.start { "a\0b" } end, "NUL")
  end)

  it("is no other object", function()
    local child = shell "exit"
    for _, wrong in ipairs { core.http(), {}, "child", io.stdout } do
      assert.error_matches(function() child.result(wrong) end, "child expected")
    end
    ended(child)
  end)
end)
