--- A release has one version, which the sources name in one place, and its day. Each fault of a
-- tree that is to be released is found.
local process = require "spec.support.process"
local version = require "cognito.version"

local here = process.output_of("pwd"):match "%C+"

describe("the version", function()
  it("is that of the client's user agent and of cognito.version", function()
    assert.equal(version, require("cognito").version)
    local agent = require("cognito.sdk_headers").user_agent(function() end)
    assert.equal("lua-cognito/" .. version, agent:match "^%S+")
  end)

  it("has a rockspec that is made from that of the newest sources", function()
    local said, status = process.output_of "lua5.4 scripts/rockspec.lua --check 2>&1"
    assert.equal(0, status, said)
  end)

  it("is a number of Semantic Versioning", function()
    assert.matches("^%d+%.%d+%.%d+%f[%W]", version)
  end)
end)

describe("a tree", function()
  local folder
  before_each(function()
    folder = process.output_of("mktemp -d"):match "%C+"
    os.execute(("cd '%s' && mkdir -p lua/cognito debian docs/images"):format(folder))
  end)
  after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

  local function put(path, text)
    process.write(text, folder .. "/" .. path)
  end

  local function run(script, argument)
    return process.output_of(("cd '%s' && lua5.4 '%s/scripts/%s' %s 2>&1"):format(folder, here, script, argument or ""))
  end

  local function ran(argument)
    local said, status = run("rockspec.lua", argument)
    return status == 0, said
  end

  -- A tree that can be released but for `changes`.
  local function check(changes)
    put("lua/cognito/version.lua", ('return "%s"\n'):format(changes.version or "2.1.0"))
    put("CHANGELOG.md", changes.changelog or "#\n## Unreleased\n\n## 2.1.0 - 2027-02-28\n\n- It.\n")
    put("debian/changelog", changes.debian or "lua-cognito (2.1.0-1) unstable; urgency=medium\n")
    put("docs/sandbox_ci.md", changes.page or "from lua-cognito.git#v2.1.0\nor lua-cognito.git#main\n")
    put("docs/images/demo.svg", changes.picture or "<text>lua-cognito 2.1.0, cognito client</text>")
    local said, status = run("check_release.lua")
    return status == 0, said
  end

  it("can be released where all agree", function()
    assert.is_true(check {})
    assert.is_true(check { debian = "lua-cognito (2.1.0-7~bpo12+1) unstable\n" })
  end)

  for name, changes in pairs {
    ["a version in the making"] = { version = "2.1.0-dev", "in the making" },
    ["another version"] = { version = "2.1.1", "2.1.1 - YYYY" },
    ["a title that is no section"] =
      { changelog = "# Unreleased\n\n## 2.1.0 - 2027-02-28\n", "must be Unreleased" },
    ["changes that are not under the version"] =
      { changelog = "#\n## Unreleased\n\n- One.\n\n## 2.1.0 - 2027-02-28\n", "belongs under 2.1.0" },
    ["no section for what comes"] = { changelog = "#\n## 2.1.0 - 2027-02-28\n", "must be Unreleased" },
    ["no day"] = { changelog = "#\n## Unreleased\n\n## 2.1.0\n", "YYYY-MM-DD" },
    ["a day that is none"] = { changelog = "#\n## Unreleased\n\n## 2.1.0 - 2027-02-29\n", "YYYY-MM-DD" },
    ["no changelog"] = { changelog = "", "must be Unreleased" },
    ["a package of another version"] = { debian = "lua-cognito (2.0.9-1) unstable\n", "2.0.9-1" },
    ["a page that names another version"] = { page = "lua-cognito.git#v2.0.0\n", "sandbox_ci.md: names 2.0.0" },
    ["a picture of another version"] = { picture = "lua-cognito 2.1.0-dev, cognito", "demo.svg: names 2.1.0-dev" },
    ["a package without a version"] = { debian = "\n", "no version" },
  } do
    it("cannot be released with " .. name, function()
      local ok, said = check(changes)
      assert.is_false(ok)
      assert.truthy(said:find(changes[1], 1, true), said)
    end)
  end

  it("gets the rockspec of its version, which is found stale when the other changes", function()
    local source = process.read "lua-cognito-scm-1.rockspec"
    put("lua/cognito/version.lua", 'return "2.1.0"\n')
    put("lua-cognito-scm-1.rockspec", source)
    assert.is_false(ran "--check")
    assert.is_true(ran())
    assert.is_true(ran "--check")
    local made = process.read(folder .. "/lua-cognito-2.1.0-1.rockspec")
    assert.truthy(made:find('version = "2.1.0-1"', 1, true))
    assert.truthy(made:find('tag = "v2.1.0"', 1, true))
    assert.falsy(made:find("scm", 1, true))
    put("lua-cognito-scm-1.rockspec", (source:gsub("lua >= 5.1", "lua >= 5.2")))
    assert.is_false(ran "--check")
    put("lua-cognito-scm-1.rockspec", (source:gsub("branch", "tag")))
    assert.is_false(ran())
  end)
end)

-- In a repository that has nothing but the script; make and the programs that it calls are
-- stand-ins, each of which fails where it is asked to.
describe("make release-check", function()
  local has_git = select(2, process.output_of "git --version >/dev/null 2>&1") == 0
  if not has_git then return pending "needs git" end

  local folder

  local function put(path, text)
    process.write(text, folder .. "/" .. path)
    os.execute(("chmod +x '%s/%s'"):format(folder, path))
  end

  local function sh(command)
    return process.output_of(("cd '%s' && export HOME='%s' GIT_CONFIG_NOSYSTEM=1 && %s 2>&1"):format(folder, folder,
      command))
  end

  -- Prints what it is called with, and fails where FAILS is a word of it.
  local stand_in = [[#!/bin/sh
echo "$(basename "$0") $*" >>calls
case " $(basename "$0") $* " in *" $FAILS "*) echo "no good"; exit 1 ;; esac
case $* in *dist) mkdir -p build/dist; echo "${SUM:-$$}" >build/dist/SHA256SUMS ;; esac
case $* in *-e*) printf 1.0.0 ;; esac
]]

  before_each(function()
    folder = process.output_of("mktemp -d"):match "%C+"
    os.execute(("mkdir -p '%s/scripts' '%s/bin'"):format(folder, folder))
    put("scripts/release_check", process.read "scripts/release_check")
    for _, path in ipairs { "bin/make", "bin/lua5.4", "scripts/compat", "scripts/deps" } do put(path, stand_in) end
    put(".gitignore", "/build/\n/calls\n")
    assert.equal(0, select(2, sh("git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm one")))
  end)
  after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

  local function check(fails, variables)
    return sh(("%s FAILS=%s PATH=\"$PWD/bin:$PATH\" scripts/release_check bookworm trixie"):format(
      variables or "SUM=1", process.quote(fails or "nothing")))
  end

  it("is green where all holds, and names what it does not run", function()
    local said, status = check()
    assert.equal(0, status, said)
    assert.falsy(said:find("NOT OK", 1, true))
    assert.truthy(said:find(".ci/run", 1, true))
    local calls = process.read(folder .. "/calls")
    for _, call in ipairs { "compat bookworm release", "compat trixie release", "check%-generated", "docs", "site" } do
      assert.matches(call, calls)
    end
  end)

  for part, name in pairs {
    ["scripts/check_release.lua"] = "one version", ["lint-rockspec"] = "rockspecs",
    ["check-generated"] = "generated files", ["--no-print-directory docs"] = "the reference",
    ["scripts/public_modules.lua"] = "public modules",
    ["trixie"] = "the tarball and the rock on a bare trixie", ["dist"] = "the tarball, twice the same",
    ["lint"] = "the tools are there",
  } do
    it("names what fails, shows why, and goes on: " .. name, function()
      local said, status = check(part)
      assert.equal(1, status, said)
      assert.truthy(said:find("NOT OK " .. name, 1, true), said)
      assert.truthy(said:find("no good", 1, true), said)
      assert.truthy(said:find("Not ready:\n  " .. name, 1, true), said)
      assert.truthy(said:find("bare bookworm", 1, true), said)
    end)
  end

  it("finds what is not committed", function()
    put("one.lua", "")
    local said, status = check()
    assert.equal(1, status, said)
    assert.truthy(said:find("NOT OK nothing is uncommitted\n       ?? one.lua", 1, true), said)
  end)

  it("finds a tarball that is another one when it is made again", function()
    local said, status = check(nil, "A=1")
    assert.equal(1, status, said)
    assert.truthy(said:find("NOT OK the tarball, twice the same", 1, true), said)
  end)

  it("finds a tag of another commit, and takes that of this one", function()
    sh "git tag v1.0.0"
    assert.equal(0, select(2, check()))
    put("one.lua", "")
    sh "git add -A && git -c user.name=a -c user.email=a@b commit -qm two"
    local said, status = check()
    assert.equal(1, status, said)
    assert.truthy(said:find("v1.0.0 is of another commit", 1, true), said)
  end)
end)
