--- Whether code can be suspended where it is, by the means of each Lua: the stack of Lua 5.1 and 5.2 is looked
-- through on newer ones, too.
local NAME = "cognito.runtime.loop.suspendable"
local DIALECT = "cognito.dialect"

local function is_c_free() return not require(DIALECT).is_5_1 end

-- The module as a Lua loads it that says of itself what is given here.
local function loaded_as(version)
  local saved = { _VERSION, rawget(_G, "jit"), rawget(coroutine, "isyieldable") }
  local loaded = { [NAME] = package.loaded[NAME], [DIALECT] = package.loaded[DIALECT] }
  rawset(_G, "_VERSION", version)
  rawset(_G, "jit", nil)
  rawset(coroutine, "isyieldable", nil)
  for _, name in ipairs { NAME, DIALECT } do package.loaded[name] = nil end
  local ok, module = pcall(require, NAME)
  rawset(_G, "_VERSION", saved[1])
  rawset(_G, "jit", saved[2])
  rawset(coroutine, "isyieldable", saved[3])
  for _, name in ipairs { NAME, DIALECT } do package.loaded[name] = loaded[name] end
  assert(ok, module)
  return module
end

-- What a function returns in a coroutine, and how often it tried a yield.
local function in_coroutine(module, f)
  local thread, tries = coroutine.create(f), 0
  local result = { coroutine.resume(thread, module.here) }
  while coroutine.status(thread) ~= "dead" do
    assert.equal(module.PROBE, result[2])
    tries = tries + 1
    result = { coroutine.resume(thread) }
  end
  return result, tries
end

local function directly(here) return (here()) end
local function behind_a_tail_call(here) return directly(here) end
local function in_pcall(here) return select(2, pcall(here)) end
local function in_xpcall(here) return select(2, xpcall(function() return (here()) end, tostring)) end

-- gsub puts a text in for no other value than false.
local function from_gsub(here) return (("a"):gsub("a", here)) end

local function in_sort(here)
  local result
  table.sort({ 2, 1 }, function()
    result = here()
    return false
  end)
  return result
end

describe("a place where a task waits", function()
  it("is one that can be suspended by what Lua itself says, where it says so", function()
    local isyieldable = rawget(coroutine, "isyieldable")
    if isyieldable then assert.equal(isyieldable, require(NAME).here) end
  end)

  it("is tried in Lua 5.2, unless a function in C is on the way to it that catches no errors", function()
    if not is_c_free() then return end
    local module = loaded_as "Lua 5.2"
    for _, place in ipairs { directly, behind_a_tail_call, in_pcall, in_xpcall } do
      local result, tries = in_coroutine(module, place)
      assert.same({ { true, true }, 1 }, { result, tries })
    end
    assert.same({ { true, "a" }, 0 }, { in_coroutine(module, from_gsub) })
    assert.same({ { true, false }, 0 }, { in_coroutine(module, in_sort) })
    assert.is_false(loaded_as("Lua 5.2").here())
  end)

  it("is none in Lua 5.1 behind any function in C, which raises", function()
    local module = loaded_as "Lua 5.1"
    for _, place in ipairs { directly, behind_a_tail_call } do
      local result, tries = in_coroutine(module, place)
      assert.same({ { true, true }, 0 }, { result, tries })
    end
    local words = "Lua 5.1 cannot suspend a task inside pcall, table.sort or another function in C: "
    for _, place in ipairs { in_sort, from_gsub } do
      local result = in_coroutine(module, place)
      assert.same({ false, words }, { result[1], result[2]:sub(1, #words) })
    end
    for _, place in ipairs { in_pcall, in_xpcall } do
      local result = in_coroutine(module, place)
      assert.same({ true, words }, { result[1], result[2]:sub(1, #words) })
    end
  end)
end)
