--- docs/reliability.md has what was tried and what the last runs said, and no more.

local process = require "spec.support.process"

local root = process.output_of "pwd":match "%C+"

local ROWS = [[
<!-- How to add a row. -->

# Reliability

Text.

## One

| apples | 5 | spec/a_spec.lua |
| pears, and apples again | 7 | spec/b_spec.lua, spec/a_spec.lua, `make pears` |

## Two

| nuts | many | `make nuts` |
| all of it | 3 | spec/*_spec.lua |
]]

local PAGE = [[
<!-- Made by `make reliability` of spec/reliability.md and the logs of the last runs. Add rows there. -->

# Reliability

Text.

## One

| test | cases | held by | passed |
|---|---|---|--:|
| apples | 5 | spec/a_spec.lua | 1,005 |
| pears, and apples again | 7 | spec/b_spec.lua, spec/a_spec.lua, `make pears` | 1,012, **1 failed** |

## Two

| test | cases | held by | passed |
|---|---|---|--:|
| nuts | many | `make nuts` |  |
| all of it | 3 | spec/*_spec.lua | 1,011, **1 failed** |
]]

local folder

local function write(path, text) process.write(text, folder .. "/" .. path) end

local function read(path) return process.read(folder .. "/" .. path) end

before_each(function()
  folder = process.output_of "mktemp -d":match "%C+"
  process.output_of(("cd '%s' && mkdir -p spec docs mk build/log && ln -s '%s/scripts' ."):format(folder, root))
  write("Makefile", "pears:\n\ttrue\n")
  write("mk/more.mk", "nuts-%: a\n\ttrue\nnuts more: b\n")
  for _, name in ipairs { "a", "b" } do write("spec/" .. name .. "_spec.lua", "") end
  write("spec/reliability.md", ROWS)
  write("build/log/spec-lua5.4.log", "ok 1 - a\n# spec/a_spec.lua: 5 passed, 0 failed, 0 skipped\n"
    .. "# spec/b_spec.lua: 6 passed, 1 failed, 0 skipped\n# spec-lua5.4: 11 passed, 1 failed\n")
  write("build/log/spec-luajit.log", "# spec/a_spec.lua: 1000 passed, 0 failed, 2 skipped\n")
  write("build/log/pears.log", "some words\n# pears: 1 passed, 0 failed\n")
end)

after_each(function() process.output_of("rm -r '" .. folder .. "'") end)

local function run(flags)
  return process.output_of(("cd '%s' && lua5.4 scripts/reliability.lua %s 2>&1"):format(folder, flags or ""))
end

describe("docs/reliability.md", function()
  it("is made of rows and logs", function()
    local printed, status = run()
    assert.equal(0, status, printed)
    assert.equal(PAGE, read "docs/reliability.md")
    assert.matches("\n       1,012      1  pears, and apples again\n", printed)
    assert.matches("\n           %-      %-  nuts\n", printed)
    assert.same({ "", 0 }, { run "--check" })
  end)

  it("takes no target with a rule of its own for a part of another", function()
    write("Makefile", "pears:\n\ttrue\nnuts-b:\n\ttrue\n")
    write("build/log/nuts.log", "# nuts-a: 7 passed, 0 failed\n# nuts-b: 8 passed, 0 failed\n")
    run()
    assert.equal(PAGE:gsub("`make nuts` |  |", "`make nuts` | 7 |"), read "docs/reliability.md")
  end)

  -- A soak of two thousand calls took the place of one of a million.
  it("keeps the longest run of what runs for as long as one likes, and a failure however short", function()
    local function after(soaked, soak_failed, fuzzed)
      write("build/log/soak.log", ("# soak-a: %d passed, %d failed\n# spec/fuzz/f.lua: %d passed, 0 failed\n"):format(
        soaked, soak_failed, fuzzed))
      run()
      local results = read "spec/reliability.txt"
      return { results:match "soak%-a (%d+ %d+)", results:match "spec/fuzz/f%.lua (%d+ %d+)" }
    end
    assert.same({ "1000 0", "90 0" }, after(1000, 0, 90))
    assert.same({ "1000 0", "90 0" }, after(20, 0, 80))
    assert.same({ "19 1", "91 0" }, after(19, 1, 91))
    assert.same({ "20 0", "91 0" }, after(20, 0, 10))
  end)

  it("names the commit that was the newest when a log was written", function()
    local first = process.output_of(([[cd '%s' && export HOME=. GIT_CONFIG_NOSYSTEM=1 && git init -q . &&
      git config user.name a && git config user.email a@a &&
      for day in 2 4; do GIT_COMMITTER_DATE=2026-01-0${day}T00:00:00Z git commit -q --allow-empty -m "$day"; done
      touch -d 2026-01-03T00:00:00Z build/log/*; git rev-parse --short HEAD^]]):format(folder)):match "%x+"
    run()
    assert.matches("pears 1 0 2026%-01%-03 " .. first .. "\n", read "spec/reliability.txt")
  end)

  it("keeps the results of what was not run again", function()
    run()
    process.output_of("rm -r '" .. folder .. "/build'")
    write("spec/reliability.txt", read "spec/reliability.txt"
      .. "nuts-a 7 0 2026-01-02 abc\nnuts-b 8 0 2026-01-02 abc\n")
    run()
    assert.equal(PAGE:gsub("`make nuts` |  |", "`make nuts` | 15 |"), read "docs/reliability.md")
    assert.matches("\npears 1 0 %d+%-%d+%-%d+ %S+\n", read "spec/reliability.txt")
  end)

  local function refuses(what, change, message)
    it("is refused with " .. what, function()
      run()
      change()
      local printed, status = run "--check"
      assert.equal(1, status)
      assert.matches(message, printed, 1, true)
    end)
  end

  local function add(row) return function() write("spec/reliability.md", ROWS .. row .. "\n") end end

  refuses("a spec that is not there", add "| a | 1 | spec/c_spec.lua |", "there is no spec/c_spec.lua: a")
  refuses("a target that is not there", add "| a | 1 | `make figs` |", "there is no `make figs`: a")
  it("takes parts of targets for targets", function()
    write("spec/reliability.md", ROWS .. "| a | 1 | `make nuts-a`, `make more` |\n")
    assert.equal(0, select(2, run()))
  end)

  refuses("nothing that holds it", add "| a | 1 | belief |", "no spec and no target of make: a")
  refuses("a row that comes twice", add "| apples | 1 | spec/a_spec.lua |", "twice: apples")
  refuses("a row of two cells", add "| apples | 1 |", "no row of three cells: | apples | 1 |")
  refuses("a row of a later day", add "| a | 1 | spec/a_spec.lua |", "run make reliability")
  refuses("a row that was changed in it", function()
    write("docs/reliability.md", PAGE .. "| apples | 9 | spec/a_spec.lua |\n")
  end, "move this row to spec/reliability.md: | apples | 9 | spec/a_spec.lua |")
  refuses("a row that was written into it", function()
    write("docs/reliability.md", PAGE .. "| a | 1 | spec/a_spec.lua |\n")
  end, "move this row to spec/reliability.md: | a | 1 | spec/a_spec.lua |")
end)
