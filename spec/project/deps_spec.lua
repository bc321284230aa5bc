-- What `make demo` and `make test` install on a bare machine. A package that a
-- release does not have was once taken for one that it has, because
-- `apt-cache show` prints nothing about it and succeeds; and no compiler came.
-- apt-get, apt-cache and dpkg-query are stand-ins that know a made-up release.

local process = require "spec.support.process"

local sh = process.output_of

describe("scripts/deps", function()
  local folder

  before_each(function()
    folder = sh("mktemp -d"):match "%C+"
    local function tool(name, script)
      process.write("#!/bin/sh\ncd '" .. folder .. "'\n" .. script, folder .. "/" .. name)
      os.execute(("chmod +x '%s/%s'; mkdir -p '%s/lists'"):format(folder, name, folder))
    end
    tool("apt-get", [[
      for word; do
        case $word in
          update) touch updated lists/a_Packages ;;
          -*|*=*|install|[0-9]*) ;;
          *) grep -qx "$word" known || exit 100; echo "$word" >>installed ;;
        esac
      done]])
    tool("apt-cache", 'grep -x "$2" known | sed "s/^/Package: /"; exit 0')
    tool("dpkg-query", [[
      shift 3
      for word; do
        if grep -qx "$word" installed; then echo "installed $word"; else status=1; fi
      done
      exit ${status:-0}]])
    tool("id", "echo 0")
  end)

  after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

  -- Returns the output, and the set of packages that are installed then.
  local function deps(set, known, installed, consent)
    process.write(known:gsub(" +", "\n") .. "\n", folder .. "/known")
    process.write((installed or ""):gsub(" +", "\n") .. "\n", folder .. "/installed")
    local said = sh(("%s APT_LISTS='%s/lists' PATH='%s':$PATH scripts/deps %s 2>&1; echo $?")
      :format(consent or "", folder, folder, set))
    local there = {}
    for name in sh(("cat '%s/installed'"):format(folder)):gmatch "%S+" do there[name] = true end
    return said, there
  end

  local function tool(name, script)
    process.write("#!/bin/sh\n" .. script, folder .. "/" .. name)
    os.execute(("chmod +x '%s/%s'"):format(folder, name))
  end

  local BUILD = "make gcc libc6-dev pkg-config lua5.4 liblua5.4-dev lua-cjson libcurl4-openssl-dev libssl-dev"
  local DEMO = BUILD .. " lua-socket lua-argparse"

  it("installs a compiler and the headers of the C library on a bare machine", function()
    local said, there = deps("demo", DEMO, "make git")
    assert.truthy(said:find "\n0\n$")
    for name in DEMO:gmatch "%S+" do assert.is_true(there[name], name) end
  end)

  it("installs the analyzers that lint runs", function()
    local lint = "binutils clang clang-format clang-tidy cppcheck shellcheck musl-tools lua-check luarocks"
    local said, there = deps("lint", BUILD .. " luajit libluajit-5.1-dev " .. lint, BUILD)
    assert.truthy(said:find "\n0\n$")
    for name in lint:gmatch "%S+" do assert.is_true(there[name], name) end
  end)

  it("names the packages that the release does not have, and installs the rest", function()
    local said, there = deps("game", DEMO)
    assert.truthy(said:find "^Not in this release, so left out: lua%-luv\n.*\n0\n$")
    assert.is_true(there["lua-argparse"])
  end)

  it("names missing packages where it is not root, and installs them by consent only", function()
    tool("id", "echo 1000")
    tool("sudo", 'touch "${0%/*}/asked"; exec "$@"')
    local said, there = deps("demo", DEMO, BUILD)
    assert.truthy(said:find("These packages are missing: lua-socket lua-argparse\n", 1, true))
    assert.truthy(said:find "INSTALL_DEPS=1.*\n1\n$")
    assert.is_nil(there["lua-socket"])
    assert.equal("", sh(("ls '%s/asked' 2>/dev/null"):format(folder)))
    tool("env", 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"')
    said, there = deps("demo", DEMO, BUILD, "INSTALL_DEPS=1")
    assert.truthy(said:find "Installing lua%-socket lua%-argparse\n0\n$")
    assert.is_true(there["lua-socket"])
  end)

  it("takes LuaJIT as Debian 13 has it, where there is no luajit2", function()
    local _, there = deps("site", DEMO .. " ca-certificates luajit libluajit-5.1-dev")
    assert.is_true(there.luajit)
    assert.is_nil(there.luajit2)
  end)

  it("takes OpenResty's LuaJIT where the release has it", function()
    local _, there = deps("site", DEMO .. " ca-certificates luajit libluajit-5.1-dev luajit2 libluajit2-5.1-dev")
    assert.is_true(there.luajit2)
    assert.is_nil(there.luajit)
  end)

  it("installs for LUA=luajit the one that the release has", function()
    local _, there = deps("luajit", BUILD .. " luajit libluajit-5.1-dev")
    assert.is_true(there.luajit)
    _, there = deps("luajit", BUILD .. " luajit libluajit-5.1-dev luajit2 libluajit2-5.1-dev")
    assert.is_true(there["libluajit2-5.1-dev"])
    assert.is_nil(there.luajit)
  end)

  it("installs the other clients of the bench that the release has, and names the others", function()
    local peers = " python3-boto3 awscli"
    local others = " ca-certificates luajit libluajit-5.1-dev openssl lua-filesystem"
    local said, there = deps("peers", DEMO .. others .. peers, DEMO)
    assert.truthy(said:find "left out:.* lua%-http\n.*\n0\n$")
    for name in peers:gmatch "%S+" do assert.is_true(there[name], name) end
  end)

  it("has nothing to say, and asks no release, where all is installed", function()
    assert.equal("0\n", (deps("demo", "", DEMO)))
    assert.equal("", sh(("ls '%s/lists'"):format(folder)))
  end)

  it("goes on where all that is missing is not in the release", function()
    local said = deps("demo", BUILD .. " lua-socket", BUILD .. " lua-socket")
    assert.equal("Not in this release, so left out: lua-argparse\n0\n", said)
  end)
end)

describe("scripts/luas", function()
  local folder

  before_each(function()
    folder = sh("mktemp -d"):match "%C+"
    for name, status in pairs { ["lua5.4"] = 0, ["lua5.2"] = 1 } do
      process.write(("#!/bin/sh\nexit %d\n"):format(status), folder .. "/" .. name)
      os.execute(("chmod +x '%s/%s'"):format(folder, name))
    end
    os.execute(("ln -s /bin/sh '%s/sh'"):format(folder))
  end)

  after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

  it("takes those that run and load the library's modules", function()
    assert.equal("lua5.4 ", sh(("PATH='%s' /bin/sh scripts/luas"):format(folder)))
  end)

  it("names the others, each with a reason", function()
    assert.same({
      "Not tested on luajit: not installed, or not in this release",
      "Not tested on lua5.1: not installed, or not in this release",
      "Not tested on lua5.2: lua-cjson is missing, or not made for it in this release",
      "Not tested on lua5.3: not installed, or not in this release",
      "Not tested on lua5.5: not installed, or not in this release",
    }, (function()
      local lines = {}
      for line in sh(("PATH='%s' /bin/sh scripts/luas left-out"):format(folder)):gmatch "[^\n]+" do
        lines[#lines + 1] = line
      end
      return lines
    end)())
  end)
end)
