-- Modules as `make install BYTECODE=1` compiles them; scripts/check_install installs
-- and runs them all.
local process = require "spec.support.process"

local load = loadstring or load -- luacheck: ignore 113 143

local MODULE = [[
local M = {}

function M.fail(value)
  error("wrong: " .. value)
end

return M
]]

local path

before_each(function()
  path = os.tmpname()
  local file = assert(io.open(path, "w"))
  assert(file:write(MODULE))
  assert(file:close())
end)

after_each(function()
  os.remove(path)
end)

-- The script's output, with standard error behind it, and its status.
local function compile(from, how)
  local pipe = assert(io.popen(process.words {
    process.interpreter(), "scripts/bytecode.lua", from, "/usr/share/lua/module.lua", how,
  } .. " 2>&1; echo $?"))
  local output = pipe:read "*a"
  pipe:close()
  return output:match "^(.*)(%d+)\n$"
end

local function fails(code)
  return select(2, pcall(assert(load(code, "=other"))().fail, "value"))
end

describe("a compiled module", function()
  it("is the module, and names the path that it is installed under", function()
    local code, status = compile(path, "1")
    assert.equal("0", status)
    assert.is_nil(code:find("local M", 1, true))
    assert.equal("/usr/share/lua/module.lua:4: wrong: value", fails(code))
  end)

  it("is smaller without lines, where this Lua can leave them out", function()
    local whole, stripped = compile(path, "1"), compile(path, "stripped")
    assert.truthy(fails(stripped):find("wrong: value", 1, true))
    local can_strip = #string.dump(load(MODULE), true) < #string.dump(load(MODULE))
    assert.equal(can_strip, #stripped < #whole)
  end)

  it("is one of this library's, too", function()
    for _, how in ipairs { "1", "stripped" } do
      local code, status = compile("lua/cognito/hex.lua", how)
      assert.equal("0", status)
      assert.equal(require "cognito.hex" "a\255", assert(load(code))() "a\255")
    end
  end)

  it("is not made by another word", function()
    for _, how in ipairs { "0", "yes", "strip" } do
      local said, status = compile(path, how)
      assert.equal("2", status)
      assert.truthy(said:find("BYTECODE is 1, or stripped", 1, true))
    end
  end)
end)
