--- `make env`, evaluated by a shell. With `make -C` the shell was also given
-- make's own lines, and ended at them under `set -e`.
local process = require "spec.support.process"

-- Prints what a shell that stands elsewhere says, its errors included.
local function shell(script)
  local here = process.output_of("pwd"):match "[^\n]+"
  return process.output_of(("cd / && env -u MAKEFLAGS -u MAKELEVEL -u BUILD HERE=%s LUA=lua5.4 sh -c %s 2>&1")
    :format(process.quote(here), process.quote(script)))
end

local LOOK = [[
  [ "$(command -v cognito)" = "$HERE/build/lua5.4/bin/cognito" ] && echo found
  lua5.4 -e 'print(pcall(require, "cognito.version"))' | grep -o true
]]

describe("the variables of the working tree", function()
  it("are evaluated from any folder without a complaint", function()
    assert.equal("found\ntrue\n", shell('set -eu; eval "$("$HERE/scripts/env")"\n' .. LOOK))
  end)

  it("are evaluated in the folder itself without a complaint", function()
    assert.equal("found\ntrue\n", shell('set -eu; cd "$HERE"; eval "$(make env)"; cd /\n' .. LOOK))
  end)

  it("are set by make -C, which is told of the better way", function()
    local said = shell('eval "$(make -C "$HERE" env)"\n' .. LOOK)
    assert.matches('eval "$%([^\n]+/scripts/env%)"', said)
    assert.matches("found\ntrue\n$", said)
    local _, complaints = said:gsub("not found", "")
    assert.equal(1, complaints, said) -- make's first line, which no rule can prevent
  end)
end)
