-- Programs, run without a shell: what they get, what comes back, and how they
-- end.

local child = require "spec.support.child"
local core = require "cognito.core"
local process = require "spec.support.process"

local function sh(script, seconds)
  return core.run({ "sh", "-c", script }, seconds)
end

local function failure(words, seconds)
  local done, message = core.run(words, seconds)
  assert.is_nil(done)
  return message
end

-- Children of this process that ended and were not waited for, and those
-- that go on sleeping (proc(5)).
local function left_over()
  local me = sh("echo $PPID").stdout:match "%d+"
  local count = 0
  for name, state, parent in sh("cat /proc/[0-9]*/stat 2>/dev/null").stdout:gmatch "%d+ %((.-)%) (%u) (%d+)" do
    if parent == me and (state == "Z" or name == "sleep") then count = count + 1 end
  end
  return count
end

describe("core.run", function()
  it("hands words over as they are", function()
    assert.same({ status = 0, stdout = "a b|$HOME|*|;'\"\n|", stderr = "" },
      core.run { "printf", "%s|", "a b", "$HOME", "*", ";'\"\n" })
  end)

  it("keeps listed variables from a program", function()
    for _, names in ipairs { "PATH", "X PATH", "PATH X", " PATH  X " } do
      assert.is_nil(("\n" .. core.run({ "/usr/bin/env" }, nil, names).stdout):find "\nPATH=", names)
    end
    for _, names in ipairs { "", "PAT", "PATHX", "PATH=", "ATH" } do
      assert.truthy(("\n" .. core.run({ "/usr/bin/env" }, nil, names).stdout):find "\nPATH=", names)
    end
  end)

  it("finds programs as a shell does", function()
    assert.equal(0, core.run({ "true" }).status)
    assert.equal(0, core.run({ "/bin/true" }).status)
    -- A folder of PATH that may not be looked into would be another error.
    local _, printed = child.run('print(require("cognito.core").run { "no-such-program" })', { PATH = "/usr/bin:/bin" })
    assert.equal("nil\tNo such file or directory\n", printed)
    assert.equal("No such file or directory", failure { "/no/such/program" })
    assert.equal("Permission denied", failure { "/" })
  end)

  it("tells how the program ended", function()
    assert.equal(3, sh("exit 3").status)
    assert.same({ signal = 9, stdout = "", stderr = "" }, sh "kill -9 $$")
  end)

  it("keeps the two outputs apart", function()
    assert.same({ status = 0, stdout = "out\0\n", stderr = "err\n" }, sh [[printf 'out\000\n'; echo err >&2]])
  end)

  it("gives no input", function()
    assert.same({ status = 0, stdout = "", stderr = "" }, core.run { "cat" })
  end)

  it("does not hand on that SIGPIPE is ignored here", function()
    local path = process.write [[
      io.write(require("cognito.core").run({ "grep", "SigIgn", "/proc/self/status" }).stdout)
    ]]
    local printed = process.output_of("trap '' PIPE; exec " .. process.words { process.interpreter(), path })
    os.remove(path)
    local ignored = tonumber(printed:match "^SigIgn:%s*(%x+)", 16)
    assert.is_true(ignored % 2 ^ 13 < 2 ^ 12, printed) -- SIGPIPE is 13
  end)

  it("gives no descriptor but the three", function()
    local file = assert(io.open "/dev/null") -- not marked close-on-exec
    local done = sh "ls /proc/self/fd | wc -l"
    file:close()
    assert.equal(4, tonumber(done.stdout)) -- and the one that ls reads the folder with
  end)

  -- As on musl, or glibc before 2.34.
  it("gives none either where the system cannot close them all at once", function()
    local done = core.run { (child.library("spec.c.forker"):gsub("forker%.so$", "closes")) }
    assert.equal("nothing 9\nlisted 3\nlisted and closed 3\ncounted 3\nchosen 3\n", done.stdout)
  end)

  it("takes more than a pipe holds, up to a bound", function()
    assert.equal(200000, #sh("head -c 200000 /dev/zero").stdout)
    assert.equal(262144, #sh("head -c 262144 /dev/zero").stdout)
    assert.equal("it printed more than 256 KiB", failure { "head", "-c", "262145", "/dev/zero" })
    assert.equal("it printed more than 256 KiB", failure { "yes" })
  end)

  it("keeps 4 KiB of standard error, and reads the rest", function()
    local done = sh "head -c 300000 /dev/zero | tr '\\0' x >&2; exit 2"
    assert.equal(2, done.status)
    assert.equal(("x"):rep(4096), done.stderr)
  end)

  it("ends what takes too long", function()
    local begun = core.clock()
    assert.equal("it took too long and was ended", failure({ "sleep", "20" }, 0.05))
    assert.equal("it took too long and was ended", failure({ "sh", "-c", "trap '' TERM; exec sleep 20" }, 0.05))
    assert.equal("it took too long and was ended", failure({ "sleep", "20" }, 0))
    assert.equal("it took too long and was ended", failure({ "sh", "-c", "exec >&- 2>&- sleep 20" }, 0.05))
    assert.equal("it took too long and was ended", failure({ "sh", "-c", "exec yes >&2" }, 0.05))
    assert.is_true(core.clock() - begun < 10)
  end)

  -- Begun late in a second: a clock that runs backwards within it has the time over at its end.
  it("ends nothing before its time", function()
    repeat until core.clock() % 1 > 0.8
    local begun = core.clock()
    assert.equal("it took too long and was ended", failure({ "sleep", "20" }, 0.5))
    assert.is_true(core.clock() - begun >= 0.5)
  end)

  it("rests while a program that has closed its outputs goes on", function()
    local begun, used = core.clock(), os.clock()
    assert.equal(0, sh("exec >&- 2>&- sleep 0.5").status)
    assert.is_true(os.clock() - used < (core.clock() - begun) / 4)
  end)

  it("lets a program clean up", function()
    local path = os.tmpname()
    failure({ "sh", "-c", "trap 'kill $!; echo ended >" .. path .. "; exit' TERM; sleep 20 & wait" }, 0.5)
    local file = assert(io.open(path))
    assert.equal("ended\n", file:read "*a")
    file:close()
    os.remove(path)
  end)

  it("does not wait for processes that the program leaves running", function()
    local begun = core.clock()
    local done = sh "sleep 20 & echo $!"
    assert.equal(0, done.status)
    assert.is_true(core.clock() - begun < 10)
    core.run { "kill", tostring(tonumber(done.stdout)) }
  end)

  it("leaves no process and no descriptor behind", function()
    local function descriptors()
      collectgarbage() -- what other specs forgot to close
      return tonumber(sh("ls /proc/$PPID/fd | wc -l").stdout)
    end
    local before = descriptors()
    for _ = 1, 5 do
      core.run { "true" }
      failure { "no-such-program" }
      failure({ "sleep", "20" }, 0)
      failure { "yes" }
    end
    failure({ "sh", "-c", "trap '' TERM; exec sleep 20" }, 0.05)
    -- A program that is quick sees ends of pipes that we are about to close.
    assert.is_true(descriptors() < before + 10)
    assert.equal(0, left_over())
  end)

  it("waits for a program that it has ended, also where a signal interrupts that", function()
    local path = os.tmpname()
    local status, printed = child.run([[
      local path = ...
      print(select(2, require("cognito.core").run(
        { "sh", "-c", "trap '' TERM; echo $$ >'" .. path .. "'; exec sleep 20" }, 1)))
      print(io.open(("/proc/%d/stat"):format(io.open(path):read "*n")))
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), SIGNAL_IN_WAIT = "1" }, path)
    os.remove(path)
    assert.equal(0, status, printed)
    assert.matches("^it took too long and was ended\nnil", printed)
  end)

  it("takes only lists of strings", function()
    for _, wrong in ipairs { {}, { 1 }, { "a\0b" }, { "true", {} } } do
      assert.is_false(pcall(core.run, wrong))
    end
    assert.is_false(pcall(core.run))
    assert.is_false(pcall(core.run, "true"))
    assert.is_false(pcall(core.run, { "true" }, -1))
  end)
end)
