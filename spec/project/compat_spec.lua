-- Where a machine cannot make a chroot of another release, the short form of
-- scripts/compat counts as skipped and says why; a release that a person asked
-- for is an error. id, debootstrap, unshare and wget are stand-ins.

local sh = require("spec.support.process").output_of

describe("scripts/compat", function()
  local folder

  local function tool(name, script)
    local file = assert(io.open(folder .. "/" .. name, "w"))
    file:write("#!/bin/sh\n" .. script .. "\n")
    file:close()
    os.execute(("chmod +x '%s/%s'"):format(folder, name))
  end

  before_each(function()
    folder = sh("mktemp -d"):match "%C+"
    tool("id", "echo 0")
    for _, name in ipairs { "debootstrap", "unshare", "wget" } do tool(name, "exit 0") end
  end)

  after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

  local function compat(arguments)
    return sh(("COMPAT_CACHE='%s/cache' PATH='%s':$PATH scripts/compat %s 2>&1; echo $?"):format(folder, folder,
      arguments))
  end

  local function cannot(reason)
    assert.equal("ok 1 - # SKIP trixie: " .. reason .. "\n0\n", compat "trixie quick")
    assert.equal("trixie: " .. reason .. "\n1\n", compat "trixie")
  end

  it("says that it needs root", function()
    tool("id", "echo 1000")
    cannot "only root can make a chroot"
  end)

  it("says that debootstrap is not installed", function()
    os.remove(folder .. "/debootstrap")
    for _, name in ipairs { "bash", "realpath" } do
      os.execute(("ln -s \"$(command -v %s)\" '%s'"):format(name, folder))
    end
    local said = sh(("COMPAT_CACHE='%s/cache' PATH='%s' scripts/compat trixie quick 2>&1"):format(folder, folder))
    assert.equal("ok 1 - # SKIP trixie: debootstrap is not installed (apt install debootstrap)\n", said)
  end)

  it("says that it may not mount", function()
    tool("unshare", "exit 1")
    cannot "this container may not mount"
  end)

  it("says that there is no network", function()
    tool("wget", "exit 4")
    cannot "http://deb.debian.org/debian/dists/trixie cannot be reached (COMPAT_MIRROR names another mirror)"
  end)

  it("fails when the bare system cannot be made", function()
    tool("debootstrap", "echo 'E: no space left'; exit 1")
    tool("unshare", 'while [ "${1#-}" != "$1" ]; do shift; done; [ "$1" != debootstrap ] || exec "$@"')
    assert.equal("trixie: debootstrap\nE: no space left\n1\n", compat "trixie quick")
  end)

  it("names the releases that it knows", function()
    assert.truthy(compat("woody"):find "^usage: scripts/compat .*\n2\n$")
    assert.truthy(compat("sid quick"):find "^usage: scripts/compat .*\n2\n$")
  end)
end)

describe("scripts/test", function()
  it("counts what a target's own sum says", function()
    local folder = sh("mktemp -d"):match "%C+"
    local said = sh(([[
      cd '%s' && cat >Makefile <<'END'
target:
	@echo 'trixie: spec-c 417 passed, 0 failed (1 s)'
	@echo 'trixie: not ok 3'
	@echo 'trixie: 417 passed, 0 failed, 2 skipped'
	@echo 'bookworm: 5 passed, 3 failed'
	@false
END
      "$OLDPWD/scripts/test" target; echo $?]]):format(folder))
    os.execute(("rm -rf '%s'"):format(folder))
    assert.truthy(said:find "\n422 passed, 3 failed, 2 skipped\n1\n$", said)
  end)
end)
