-- The annotations, read by the grammar of the Lua language server, which is not
-- among Debian's packages: types, parameters, names of classes; and its addon.

local cjson = require "cjson"
local lfs = require "lfs"
local process = require "spec.support.process"

local TYPES = "lua/cognito/types.lua"
local BUILT_IN = { any = true, boolean = true, ["false"] = true, ["true"] = true, ["function"] = true, integer = true,
  lightuserdata = true, ["nil"] = true, number = true, string = true, table = true, userdata = true, thread = true }

-- ---- the grammar of types ----

-- Where a type ends that begins at a place of a text, or nil. Names go into a
-- list.
local read_type

local function expect(text, at, pattern)
  local _, last = text:find("^ *" .. pattern, at)
  return last and last + 1
end

-- Things between commas, up to a bracket.
local function read_list(text, at, read_one, closing)
  local after = expect(text, at, closing)
  if after then return after end
  repeat
    at = read_one(text, at)
    if not at then return nil end
    local comma = expect(text, at, ",")
    if not comma then return expect(text, at, closing) end
    at = comma
  until false
end

local function read_member(names)
  return function(text, at)
    local after = expect(text, at, "[%w_]+%??") or expect(text, at, "%.%.%.")
    local colon = after and expect(text, after, ":")
    if colon then return read_type(text, colon, names) end
    return after
  end
end

local function read_results(text, at, names)
  repeat
    at = read_type(text, at, names)
    local comma = at and text:match("^, ()", at)
    if not comma then return at end
    at = comma
  until false
end

local function read_function(text, at, names)
  local after = read_list(text, at, read_member(names), "%)")
  local colon = after and expect(text, after, ":")
  if colon then return read_results(text, colon, names) end
  return after
end

local function read_table(text, at, names)
  local comma = expect(text, read_type(text, at, names) or #text + 1, ",")
  local last = comma and read_type(text, comma, names)
  return last and expect(text, last, ">")
end

local function read_primary(text, at, names)
  local after = expect(text, at, "fun%(")
  if after then return read_function(text, after, names) end
  after = expect(text, at, "table<")
  if after then return read_table(text, after, names) end
  after = expect(text, at, "{")
  if after then return read_list(text, after, read_member(names), "}") end
  after = expect(text, at, "%(")
  if after then return expect(text, read_type(text, after, names) or #text + 1, "%)") end
  after = expect(text, at, '"[^"]*"')
  if after then return after end
  local name, last = text:match("^ *([%a_][%w_.]*)()", at)
  if name then names[#names + 1] = name end
  return last
end

function read_type(text, at, names)
  repeat
    at = read_primary(text, at, names)
    while at and (text:find("^%[%]", at) or text:find("^%?", at)) do
      at = at + (text:find("^%?", at) and 1 or 2)
    end
    local bar = at and text:match("^|()", at)
    if not bar then return at end
    at = bar
  until false
end

-- The names in the type at the beginning of a text, behind which a remark may
-- stand; nil where it is no type.
local function names_of(text)
  local names = {}
  local after = read_type(text, 1, names)
  return after and (after > #text or text:find("^%s", after)) and names or nil
end

-- ---- the annotations ----

local defined = {}
for kind, name in process.read(TYPES):gmatch "\n%-%-%-@(%l+) (cognito[%w_.]*)" do
  if kind == "class" or kind == "alias" then defined[name] = true end
end

local function each_line(f)
  local number, class = 0, nil
  for line in io.lines(TYPES) do
    number = number + 1
    local tag, rest = line:match "^%-%-%-@(%l+) (.*)$"
    if tag == "class" then class = rest:match "^[%w_.]+" end
    if tag then f(tag, rest, ("%s:%d: %s"):format(TYPES, number, line), class) end
  end
end

-- The text behind which a type begins.
local TYPE_BEHIND = { field = "^[%w_]+%?? (.*)$", param = "^[%w_.]+%?? (.*)$", ["return"] = "^(.*)$", type = "^(.*)$",
  overload = "^(.*)$", alias = "^[%w_.]+ (.*)$" }

describe("the reader of types", function()
  it("takes types, and remarks behind them", function()
    for text, names in pairs {
      ["string? of it"] = "string", ["a.B[]|table<string, c>"] = "a.B c string",
      ["fun(self: A, b?: { c: D, e?: F }): G?, H"] = "A D F G H", ['"x"|"y"|nil'] = "nil",
      ["(fun(): A|nil)|B[]"] = "A B nil",
    } do
      local found = assert(names_of(text), text)
      table.sort(found)
      assert.equal(names, table.concat(found, " "), text)
    end
  end)

  it("refuses others", function()
    for _, text in ipairs { "", "string|", "table<string>", "fun(a: )", "{ a: string", "(string", "string]", '"x',
      "a,b" } do
      assert.is_nil(names_of(text), text)
    end
  end)
end)

describe("the annotations", function()
  it("have types of the server's grammar, whose names are defined", function()
    local count = 0
    each_line(function(tag, rest, place)
      local text = TYPE_BEHIND[tag] and rest:match(TYPE_BEHIND[tag])
      if tag == "alias" and text == "string" then text = nil end -- its values come behind it
      for _, name in ipairs(text and (names_of(text) or error(place, 0)) or {}) do
        assert.is_true(BUILT_IN[name] or defined[name] or false, place .. ": " .. name)
        count = count + 1
      end
    end)
    assert.is_true(count > 2000)
  end)

  it("have tags that the server knows, with what these need", function()
    each_line(function(tag, rest, place)
      assert.truthy(TYPE_BEHIND[tag] or tag == "class" or tag == "meta", place)
      if tag == "class" then
        local parent = rest:match "^[%w_.]+: ([%w_.]+)"
        assert.truthy(rest:find "^[%w_.]+$" or parent and defined[parent], place)
      elseif TYPE_BEHIND[tag] then
        assert.truthy(rest:find(TYPE_BEHIND[tag]), place)
      end
    end)
  end)

  it("define each class once, and each field of it", function()
    local seen = {}
    each_line(function(tag, rest, place, class)
      local name = tag == "class" and class or tag == "field" and class .. "." .. rest:match "^[%w_]+"
      if name then
        assert.is_nil(seen[name], place)
        seen[name] = true
      end
    end)
  end)

  it("name the parameters of each function as it has them, in their order", function()
    local params, count = {}, 0
    for line in io.lines(TYPES) do
      local name, listed = line:match "^%-%-%-@param ([%w_.]+)", line:match "^function [%w_.:]+%((.-)%)"
      if name then params[#params + 1] = name end
      if listed then
        assert.equal(listed, table.concat(params, ", "), line)
        params, count = {}, count + 1
      end
    end
    assert.is_true(count > 25)
  end)

  it("ask for no check of an error before its fields are used", function()
    each_line(function(tag, rest, place)
      local result = tag == "return" and rest or rest:match "%):(.*)"
      assert.falsy((result or ""):find("cognito.Error?", 1, true), place)
    end)
  end)

  it("have every method and field that README.md uses", function()
    local classes = { cognito = "cognito", pool = "cognito.Client", recovery = "cognito.recovery",
      box = "cognito.Sandbox", err = "cognito.Error" }
    local text, functions, count = process.read(TYPES), 0, 0
    for object, name in process.read "README.md":gmatch '[^%w_/"-](%l+)[.:]([%l_]+)%f[^%w_.:/-]' do
      local class = classes[object]
      if class and name ~= "new" then
        local is_function = text:find(("\nfunction %s.%s("):format(object, name), 1, true)
        functions = functions + (is_function and 1 or 0)
        assert.truthy(is_function or text:find("\n---@field " .. name .. "%??[ ]"), object .. "." .. name)
        count = count + 1
      end
    end
    assert.is_true(count > 15 and functions > 3)
  end)
end)

describe("the addon for the language server", function()
  local ADDON = "editor/luals/"

  it("has a configuration that is JSON, and a word that finds the library", function()
    local config = cjson.decode(process.read(ADDON .. "config.json"))
    assert.equal("lua-cognito", config.name)
    for _, line in ipairs { 'require "cognito"', "require('cognito.recovery')", 'local c = require("cognito")' } do
      assert.truthy(line:find(config.words[1]), line)
    end
    assert.falsy(('require "resty.session"'):find(config.words[1]))
  end)

  it("has the annotations themselves", function()
    assert.equal(process.read(TYPES), process.read(ADDON .. "library/cognito.lua"))
  end)

  it("has each module that programs may require, and no other", function()
    local listed = {}
    for name in process.output_of "lua5.4 scripts/public_modules.lua --names":gmatch "cognito%.?(%l*)\n" do
      listed[name .. ".lua"] = name ~= "" or nil
    end
    local found = {}
    for file in lfs.dir(ADDON .. "library/cognito") do
      if file:find "%.lua$" then found[file] = true end
    end
    assert.same(listed, found)
    for file in pairs(found) do
      local name = "cognito." .. file:match "^%l+"
      local text = process.read(ADDON .. "library/cognito/" .. file)
      assert.equal(("---@meta %s\n\n---@type %s\nlocal M\nreturn M\n"):format(name, name), text)
      assert.is_true(defined[name], name)
    end
  end)
end)
