--- The checks that users of a release can make: the list of parts, checksums, and that each
-- line of the threat model is shown by specs.
local cjson = require "cjson"
local process = require "spec.support.process"

local dependencies = dofile "scripts/dependencies.lua"
local SUM = ("0123456789abcdef"):rep(4)

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

local function by_name()
  local found = {}
  for _, part in ipairs(dependencies) do found[part.name] = part end
  return found
end

describe("the list of dependencies", function()
  it("has every module that the sources load", function()
    local known, count = {}, 0
    for _, part in ipairs(dependencies) do
      for _, name in ipairs(part.modules or {}) do known[name] = true end
    end
    local sources = process.output_of "grep -rhE 'require' lua bin"
    for name in sources:gmatch 'require[ (,]+"([%w_.]+)"' do
      if not name:find "^cognito%f[%A]" then
        count = count + 1
        assert.is_true(known[name], name)
      end
    end
    assert.is_true(count >= 7)
  end)

  it("agrees with src/needed.h about the oldest libraries", function()
    local header = read "src/needed.h"
    for _, part in ipairs(dependencies) do
      if part.needed then
        assert.equal(part.oldest, header:match("COG_" .. part.needed .. '_NEEDED_TEXT%s+"([%d.]+)"'), part.name)
      end
    end
  end)

  it("agrees with docs/install.md about the oldest versions", function()
    local text = read("docs/install.md"):gsub("%s+", " ")
    for _, part in ipairs(dependencies) do
      if part.oldest then
        assert.truthy(text:find(("%s %s or newer"):format(part.name, part.oldest), 1, true), part.name)
      end
    end
  end)

  it("agrees with the rockspec about what is required", function()
    local rockspec = {}
    local chunk = assert(loadfile("lua-cognito-scm-1.rockspec", "t", rockspec))
    local set_environment = rawget(_G, "setfenv") -- 5.1's loadfile takes none
    if set_environment then set_environment(chunk, rockspec) end
    chunk()
    local parts = by_name()
    assert.same({ "lua >= " .. parts.Lua.oldest, "lua-cjson >= " .. parts["lua-cjson"].oldest }, rockspec.dependencies)
    assert.is_table(rockspec.external_dependencies.CURL)
    assert.is_table(rockspec.external_dependencies.OPENSSL)
  end)

  it("names the packages that scripts/deps installs", function()
    local script = read "scripts/deps"
    for _, part in ipairs(dependencies) do
      assert.truthy(script:find(part.debian, 1, true), part.debian)
    end
  end)
end)

describe("the list of a release's parts", function()
  local function parts_of(version, seconds, sum)
    local text, status = process.output_of(("lua5.4 scripts/sbom.lua '%s' %d %s"):format(version, seconds, sum))
    assert.equal(0, status, text)
    return cjson.decode(text), text
  end

  it("is CycloneDX with every dependency, its licence and its package's name", function()
    local bom = parts_of("1.0", 1795247391, SUM)
    assert.same({ "CycloneDX", "1.5", 1 }, { bom.bomFormat, bom.specVersion, bom.version })
    assert.matches("^urn:uuid:%x+%-%x%x%x%x%-4%x%x%x%-8%x%x%x%-%x+$", bom.serialNumber)
    assert.equal("urn:uuid:" .. ("x"):rep(36), (bom.serialNumber:gsub("[%x-]+$", ("x"):rep(36))))
    assert.equal(#"urn:uuid:" + 36, #bom.serialNumber)
    assert.equal("2026-11-21T07:49:51Z", bom.metadata.timestamp)
    assert.equal(SUM, bom.metadata.component.hashes[1].content)
    assert.equal(#dependencies, #bom.components)
    for i, part in ipairs(dependencies) do
      local component = bom.components[i]
      assert.equal(part.name, component.name)
      assert.equal(part.licence, component.licenses[1].license.id)
      assert.equal(part["for"] and "optional" or "required", component.scope)
      assert.equal(component["bom-ref"], bom.dependencies[1].dependsOn[i])
    end
    assert.equal(bom.metadata.component["bom-ref"], bom.dependencies[1].ref)
  end)

  it("is the same for the same release, and another for another", function()
    local _, one = parts_of("1.0", 1795247391, SUM)
    local _, two = parts_of("1.0", 1795247391, SUM)
    assert.equal(one, two)
    assert.not_equal(parts_of("1.0", 1795247391, SUM).serialNumber,
      parts_of("1.0", 1795247391, SUM:reverse()).serialNumber)
  end)
end)

describe("a release", function()
  local has_git = select(2, process.output_of "git rev-parse HEAD >/dev/null 2>&1") == 0
  if not has_git then return pending "needs the repository, not an archive of it" end

  local folder
  before_each(function() folder = process.output_of("mktemp -d"):match "%C+" end)
  after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

  local function release(name, before)
    local said, status = process.output_of(("%s scripts/dist '%s/%s' 2>&1"):format(before or "", folder, name))
    assert.equal(0, status, said)
    return process.output_of(("cd '%s/%s' && cat SHA256SUMS"):format(folder, name))
  end

  it("has checksums that verify, and the digest of its sources in the list of parts", function()
    local sums = release "one"
    local said, status = process.output_of(("cd '%s/one' && sha256sum -c SHA256SUMS"):format(folder))
    assert.equal(0, status, said)
    local sum, name = sums:match "^(%x+)  (%S+)%.tar%.gz\n"
    local bom = cjson.decode(read(("%s/one/%s.cdx.json"):format(folder, name)))
    assert.equal(sum, bom.metadata.component.hashes[1].content)
    said, status = process.output_of(("tar -tzf '%s/one/%s.tar.gz' %s/src/core.c"):format(folder, name, name))
    assert.equal(0, status, said)
  end)

  -- Before, its unsigned files stayed.
  it("is not made for a key that cannot sign", function()
    local said, status = process.output_of(("GNUPGHOME='%s' KEY=nobody scripts/dist '%s/one' 2>&1"):format(folder,
      folder))
    assert.equal(1, status)
    assert.matches("^gpg has no secret key nobody, so nothing was made: ", said)
    assert.is_nil(process.read(folder .. "/one/SHA256SUMS"))
  end)

  it("of the same commit has the same bytes, whatever git's settings and the umask", function()
    local settings = "umask 077; GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=tar.umask GIT_CONFIG_VALUE_0=0077 "
      .. "GIT_CONFIG_KEY_1=core.autocrlf GIT_CONFIG_VALUE_1=true TZ=Asia/Tokyo"
    assert.equal(release "one", release("two", settings))
  end)
end)

describe("the compiler's flags", function()
  local function known(command, ...)
    return (process.output_of(process.words { "scripts/known_flags", command, ... }):gsub("\n$", ""))
  end

  it("are those that it knows, and one level of each name", function()
    assert.equal("-O2 -DX=2 -DY=1", known("cc -c", "-O2", "-fno-such-flag", "-DX=2", "-DX=1", "-DY=1"))
    assert.equal("", known("cc -c", "-fno-such-flag"))
    assert.equal("", known("false", "-O2"))
  end)
end)

describe("the threat model", function()
  it("names for every threat specs that there are", function()
    local section = read("SECURITY.md"):match "\n## The threat model\n(.-)\n## "
    local rows = 0
    for threat, shown in section:gmatch "\n| ([^|\n]+) |[^|\n]+| ([^|\n]+) |" do
      if threat ~= "threat" then
        rows = rows + 1
        local named = 0
        for path in shown:gmatch "spec/[%w_/]+%.lua" do
          named = named + 1
          assert(io.open(path), ("%s: there is no %s"):format(threat, path)):close()
        end
        assert.is_true(named > 0, threat .. ": no spec")
      end
    end
    local _, lines = section:gsub("\n| ", "")
    assert.equal(lines - 1, rows) -- all but the head
    assert.is_true(rows >= 15)
  end)
end)
