--- A C half that is not there, or that was built for another Lua. The loader
-- says "undefined symbol: lua_newuserdatauv" of it.
local child = require "spec.support.child"

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local NAME = rawget(_G, "jit") and "luajit" or "lua" .. _VERSION:match "%d+%.%d+"

describe("a C half", function()
  local folder

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute(("mkdir -p '%s/cognito'"):format(folder)))
  end)
  after_each(function() os.execute(("rm -r '%s'"):format(folder)) end)

  -- What is said in place of a client.
  local function require_with(cpath)
    local _, printed = child.run([[
      local ok, message = pcall(require, "cognito")
      print(ok, message)
    ]], { LUA_CPATH = cpath })
    return printed
  end

  it("of another Lua is reported as that, with a hint", function()
    write(folder .. "/cognito/core.so", "\127ELF … \0lua-cognito is built for Lua 4.0\0 …")
    local printed = require_with(folder .. "/?.so;;")
    assert.truthy(printed:find(folder .. "/cognito/core.so is built for Lua 4.0, and this is Lua", 1, true), printed)
    assert.truthy(printed:find("make install LUA=" .. NAME .. " ", 1, true), printed)
    assert.is_nil(printed:find("error loading", 1, true))
    assert.is_nil(printed:find("\n.", 1)) -- one line
  end)

  it("of this Lua that has another fault keeps the loader's words", function()
    for _, lua in ipairs { rawget(_G, "jit") and "LuaJIT" or _VERSION, _VERSION } do
      write(folder .. "/cognito/core.so", "\127ELF … \0lua-cognito is built for " .. lua .. "\0 …")
      local printed = require_with(folder .. "/?.so;;")
      assert.truthy(printed:find("error loading module 'cognito.core'", 1, true), printed)
    end
  end)

  it("that is missing is reported with the command that installs it", function()
    local printed = require_with(folder .. "/?.so")
    assert.truthy(printed:find("cognito.core is not installed for Lua", 1, true), printed)
    assert.truthy(printed:find("make install LUA=" .. NAME, 1, true), printed)
    assert.truthy(printed:find(folder .. "/cognito/core.so", 1, true), printed)
  end)

  it("names the Lua that it was built for, in the file as well", function()
    local file = assert(io.open(child.library "cognito.wire", "rb"))
    local text = file:read "*a"
    file:close()
    assert.equal(require("cognito.wire").info().lua, text:match "lua%-cognito is built for ([%w. ]+)%z")
  end)
end)
