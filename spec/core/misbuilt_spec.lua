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

  -- The sentence in place of a client. `path`: where the Lua half is, if not in
  -- the sources.
  local function require_with(cpath, path)
    local _, printed = child.run([[
      local ok, message = pcall(require, "cognito")
      print(ok, message)
    ]], { LUA_CPATH = cpath, LUA_PATH = path })
    return printed
  end

  -- The Lua half as it is installed: without the sources beside it.
  local function installed()
    assert(os.execute(("cp -r lua/cognito '%s/lua-half'"):format(folder)))
    assert(os.execute(("mkdir '%s/lua' && mv '%s/lua-half' '%s/lua/cognito'"):format(folder, folder, folder)))
    return ("%s/lua/?.lua;%s/lua/?/init.lua"):format(folder, folder)
  end

  it("of another Lua is reported as that, with a hint", function()
    write(folder .. "/cognito/core.so", "\127ELF … \0lua-cognito is built for Lua 4.0\0 …")
    local printed = require_with(folder .. "/?.so;;")
    assert.truthy(printed:find(folder .. "/cognito/core.so is built for Lua 4.0, and this is Lua", 1, true), printed)
    assert.truthy(printed:find("make LUA=" .. NAME .. " in ", 1, true), printed)
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
    local printed = require_with(folder .. "/?.so", installed())
    assert.truthy(printed:find("cognito.core is not installed for Lua", 1, true), printed)
    assert.truthy(printed:find("make install LUA=" .. NAME .. " in lua-cognito's sources", 1, true), printed)
    assert.truthy(printed:find(folder .. "/cognito/core.so", 1, true), printed)
  end)

  it("of another Lua beside an installed library is reported with the command that installs one", function()
    write(folder .. "/cognito/core.so", "\127ELF … \0lua-cognito is built for Lua 4.0\0 …")
    local printed = require_with(folder .. "/?.so;;", installed())
    assert.truthy(printed:find("make install LUA=" .. NAME .. " in lua-cognito's sources", 1, true), printed)
  end)

  -- A fresh clone's command asked for an installation, which needs root.
  it("that was not built yet in the sources is reported with the command that builds it there", function()
    local printed = require_with(folder .. "/?.so")
    assert.truthy(printed:find("cognito.core is not built for Lua", 1, true), printed)
    local root = printed:match("make LUA=" .. NAME .. " in ([^\n]-), or set LUA_CPATH\n")
    assert.truthy(io.open(root .. "/Makefile"), printed)
    assert.is_nil(printed:find("make install", 1, true))
  end)

  it("names the Lua that it was built for, in the file as well", function()
    local file = assert(io.open(child.library "cognito.wire", "rb"))
    local text = file:read "*a"
    file:close()
    assert.equal(require("cognito.wire").info().lua, text:match "lua%-cognito is built for ([%w. ]+)%z")
  end)
end)
