-- The Debian packages, as far as they can be judged without building them: `make deb-check`
-- does that.
local process = require "spec.support.process"
local version = require("cognito.version"):gsub("%-dev", "~dev") -- as Debian writes it

local read = process.read

-- What scripts/deb says and its status where the newest entry of debian/changelog is of
-- this number; no package is built.
local function deb(number)
  local folder = process.output_of("mktemp -d"):match "%C+"
  local tools = { ["dpkg-parsechangelog"] = "echo " .. number, ["dpkg-buildpackage"] = "echo built; exit 7" }
  for name, script in pairs(tools) do
    process.write("#!/bin/sh\n" .. script .. "\n", folder .. "/" .. name)
    process.output_of(("chmod +x '%s/%s'"):format(folder, name))
  end
  local said, status = process.output_of(("PATH='%s':$PATH scripts/deb '%s/out' 2>&1"):format(folder, folder))
  local made = io.open(folder .. "/out/build.log")
  if made then made:close() end
  process.output_of(("rm -r '%s'"):format(folder))
  return said, status, made ~= nil
end

describe("scripts/deb", function()
  it("refuses a changelog of another version, before it copies anything", function()
    local said, status, made = deb "0.9-1"
    assert.equal("debian/changelog is of 0.9-1, and lua/cognito/version.lua of " .. version .. "\n", said)
    assert.same({ 1, false }, { status, made })
  end)
end)

describe("the Debian package", function()
  it("is for the same Luas everywhere it names them", function()
    local rules = read("debian/rules"):match "VERSIONS = ([%d. ]+)\n"
    for number in rules:gmatch "%S+" do
      assert.equal(read "debian/lua5.1.dh-lua.conf", read("debian/lua" .. number .. ".dh-lua.conf"))
      assert.truthy(read("debian/control"):find("lua" .. number .. ",", 1, true), number)
      assert.truthy(read("debian/tests/control"):find("lua" .. number, 1, true), number)
      assert.truthy(read("scripts/deps"):match('\ndeb="(.-)"'):find("lua" .. number, 1, true), number)
    end
    local _, count = rules:gsub("%S+", "")
    assert.equal(count, tonumber((process.output_of "ls debian/*.dh-lua.conf | wc -l")))
  end)

  it("needs what the library needs", function()
    local control = read "debian/control"
    for _, part in ipairs(dofile "scripts/dependencies.lua") do
      for _, package in ipairs(part.name == "libcurl" and { "libcurl4-openssl-dev" } or part.name == "OpenSSL"
          and { "libssl-dev" } or (part.name == "lua-cjson" or part.name == "argparse") and { part.debian } or {}) do
        assert.truthy(control:find(("%s (>= %s)"):format(package, part.oldest), 1, true), package)
      end
    end
  end)
end)
