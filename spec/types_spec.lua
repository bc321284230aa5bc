local settings = require "cognito.settings"

-- The fields of a class in the annotations.
local function fields_of(class)
  local fields, inside = {}, false
  for line in io.lines "lua/cognito/types.lua" do
    if line:find "^%-%-%-@class" then
      inside = line == "---@class " .. class
    elseif inside then
      local name = line:match "^%-%-%-@field ([%w_]+)%??"
      if name then fields[name] = true end
    end
  end
  return fields
end

local function names_of(known)
  local names = {}
  for name in pairs(known) do names[name] = true end
  return names
end

describe("the annotations", function()
  it("name every setting and every option, and no other", function()
    assert.same(names_of(settings.known), fields_of "cognito.Settings")
    assert.same(names_of(settings.known_options), fields_of "cognito.Options")
  end)

  it("name what the module holds", function()
    local text = assert(io.open "lua/cognito/types.lua"):read "*a"
    for name in pairs(require "cognito") do
      assert.truthy(text:find("cognito." .. name, 1, true) or text:find("---@field " .. name, 1, true), name)
    end
  end)
end)
