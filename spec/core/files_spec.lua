-- Files that other processes read and write, too.

local core = require "cognito.core"

local path

local function read()
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

before_each(function()
  path = os.tmpname()
end)

after_each(function() os.remove(path) end)

describe("core.write_private", function()
  it("replaces a file, for its owner only", function()
    core.run { "chmod", "644", path }
    assert.is_true(core.write_private(path, "a\0b"))
    assert.equal("a\0b", read())
    assert.equal("-rw-------", core.run({ "ls", "-l", path }).stdout:sub(1, 10))
    os.remove(path)
    assert.is_true(core.write_private(path, ""))
    assert.equal("", read())
  end)

  it("makes the folders that are missing below another, for their owner only, when asked to", function()
    os.remove(path)
    local deep = path .. "/a//b/file"
    assert.same({ nil, "No such file or directory" }, { core.write_private(deep, "x", path) })
    core.run { "mkdir", path }
    assert.same({ nil, "No such file or directory" }, { core.write_private(deep, "x") })
    assert.is_true(core.write_private(deep, "x", path))
    assert.is_true(core.write_private(deep, "y", path))
    assert.equal("y", core.read_file(deep))
    assert.equal("drwx------", core.run({ "ls", "-ld", path .. "/a/b" }).stdout:sub(1, 10))
    assert.same({ nil, "Not a directory" }, { core.write_private(deep .. "/below/file", "x", path) })
    assert.same({ nil, "File name too long" }, { core.write_private(path .. ("/x"):rep(4096), "x", path) })
    assert.has_error(function() core.write_private(deep, "x", "/elsewhere") end)
    core.run { "rm", "-r", path }
  end)

  it("leaves a reader of the old one with the old one", function()
    core.write_private(path, "old")
    local file = assert(io.open(path))
    core.write_private(path, "new")
    assert.equal("old", file:read "*a")
    file:close()
    assert.equal("new", read())
  end)

  it("fails whole, and leaves nothing beside it", function()
    assert.same({ nil, "No such file or directory" }, { core.write_private("/no/such/folder/x", "s") })
    assert.same({ nil, "File name too long" }, { core.write_private(("x"):rep(5000), "s") })
    local folder = path .. ".d"
    core.run { "mkdir", "-p", folder .. "/taken/x" }
    local done, message = core.write_private(folder .. "/taken", "s")
    assert.is_nil(done)
    assert.is_string(message)
    assert.equal("taken\n", core.run({ "ls", folder }).stdout)
    core.run { "rm", "-r", folder }
    assert.is_false(pcall(core.write_private, "a\0b", ""))
  end)
end)

describe("core.read_file", function()
  it("refuses a socket, which cannot be opened at all", function()
    os.remove(path)
    assert.equal(0, core.run({ "python3", "-c",
      "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path }).status)
    assert.same({ nil, "it is not a regular file", true, true }, { core.read_file(path) })
  end)
end)

describe("core.check_owned", function()
  it("says what the system says of a path through a file", function()
    assert.same({ nil, "Not a directory" }, { core.check_owned(path .. "/below") })
    local link = path .. ".link"
    assert.equal(0, core.run({ "ln", "-s", path .. "/below", link }).status)
    assert.same({ nil, "Not a directory" }, { core.check_owned(link) })
    os.remove(link)
  end)

  it("refuses a file that others may read where it has to be private", function()
    for mode, fault in pairs { ["600"] = false, ["400"] = false, ["640"] = "others may read it",
      ["604"] = "others may read it", ["610"] = "others may read it", ["602"] = "all users may write to it" } do
      assert.equal(0, core.run({ "chmod", mode, path }).status)
      local ok, why = core.check_owned(path, true)
      assert.same({ not fault, fault }, { ok or false, why or false }, mode)
    end
    assert.equal(0, core.run({ "chmod", "644", path }).status)
    assert.is_true((core.check_owned(path)))
    assert.is_true((core.check_owned(path .. ".none", true)))
  end)
end)

describe("core.lock", function()
  it("is one holder's at a time", function()
    local unlock = assert(core.lock(path))
    local other, message, is_busy = core.lock(path)
    assert.is_nil(other)
    assert.is_string(message)
    assert.is_true(is_busy)
    unlock()
    local again = assert(core.lock(path))
    unlock() -- twice does no harm, to others neither
    assert.is_nil((core.lock(path)))
    again()
  end)

  it("goes with its forgotten holder", function()
    assert.is_function(core.lock(path))
    collectgarbage()
    collectgarbage()
    local unlock = core.lock(path)
    assert.is_function(unlock)
    unlock()
  end)

  it("is not handed to programs that the host starts", function()
    local unlock = assert(core.lock(path))
    local child = io.popen("exec cat >/dev/null", "w") -- inherits what is not marked
    unlock()
    local again = core.lock(path)
    for _ = 1, 100 do -- the system marks and closes a moment after it starts a program
      if again then break end
      core.sleep(0.01)
      again = core.lock(path)
    end
    child:close()
    assert.is_function(again)
    again()
  end)

  it("has no note once it was given back", function()
    local unlock, note = assert(core.lock(path .. ".lock", true))
    assert.equal("mine", note "mine")
    assert.equal("mine", note())
    unlock()
    assert.same({ nil, "Bad file descriptor" }, { note "mine" })
    assert.same({ nil, "Bad file descriptor" }, { note() })
    os.remove(path .. ".lock")
  end)

  it("needs a file", function()
    local unlock, message, is_busy = core.lock "/no/such/file"
    assert.is_nil(unlock)
    assert.equal("No such file or directory", message)
    assert.is_false(is_busy)
  end)
end)

describe("core.sha1", function()
  local function hex(text)
    return (core.sha1(text):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
  end

  it("gives the published values", function() -- FIPS 180-1, appendices A and B
    assert.equal("a9993e364706816aba3e25717850c26c9cd0d89d", hex "abc")
    assert.equal("84983e441c3bd26ebaae4aa1f95129e5e54670f1",
      hex "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
    assert.equal("da39a3ee5e6b4b0d3255bfef95601890afd80709", hex "")
  end)
end)

describe("core.file_facts", function()
  it("tells the one real name of a file, and how many names it has", function()
    local folder = os.tmpname()
    os.remove(folder)
    local run = core.run { "sh", "-c", [[mkdir "$1" && cd "$1" && : >a && ln -s a b && stat -c "%d %i" a && pwd -P]],
      "sh", folder }
    local device, inode, real = run.stdout:match "^(%d+) (%d+)\n(.*)\n$"
    local expected = { path = real .. "/a", device = device, inode = inode, links = "1", regular = true }
    assert.same(expected, core.file_facts(folder .. "/a"))
    assert.same(expected, core.file_facts(folder .. "/./b"))
    core.run { "ln", folder .. "/a", folder .. "/c" }
    assert.equal("2", core.file_facts(folder .. "/c").links)
    assert.is_false(core.file_facts(folder).regular)
    local facts, message = core.file_facts(folder .. "/none")
    assert.is_nil(facts)
    assert.equal("No such file or directory", message)
    assert.has_error(function() core.file_facts "a\0b" end)
    core.run { "rm", "-r", folder }
  end)
end)
