--- The model beside what AWS's SDK for JavaScript has been generated from:
-- operations, members, errors, words. Every difference is listed by name.

local facts = require "model.facts"
local json = require "cjson"
local npm = require "spec.support.npm"
local overlay = require "model.overlay"

local function sorted(set, keep)
  local list = {}
  for name, value in pairs(set or {}) do
    if not keep or keep(value) then
      list[#list + 1] = name
    end
  end
  table.sort(list)
  return list
end

describe("the model and the SDK for JavaScript", function()
  local sdk

  setup(function()
    local pipe = assert(io.popen(("node spec/support/npm_model.js '%s'"):format(npm.sdk())))
    sdk = json.decode(pipe:read "*a")
    pipe:close()
  end)

  it("know the same operations, with the same errors", function()
    assert.same(sorted(sdk.operations), sorted(facts.operations))
    for name, operation in pairs(sdk.operations) do
      assert.equal(operation.input, facts.operations[name].input)
      assert.same(operation.errors, facts.operations[name].errors, name)
    end
  end)

  it("know the same members, and which of them are required", function()
    local compared = 0
    for name, structure in pairs(sdk.structures) do
      local shape = facts.shapes[name]
      if shape and shape.members and not shape.exception then
        assert.same(structure.members, sorted(shape.members), name)
        assert.same(structure.required, sorted(shape.members, function(member) return member.required end), name)
        compared = compared + 1
      end
    end
    assert.is_true(compared > 350, compared .. " structures")
  end)

  it("know the same words", function()
    local enums = {}
    for name, shape in pairs(facts.shapes) do
      enums[name] = shape.enum
    end
    assert.same(sdk.enums, enums)
  end)

  it("know the same operations that page", function()
    assert.same(sdk.paginators, sorted(facts.paginators))
  end)

  -- Five pages of public operations lack the sentence.
  it("sign no operation whose page refuses credentials", function()
    local unsigned = {}
    for _, name in ipairs(overlay.unsigned) do
      unsigned[name] = true
    end
    for name, operation in pairs(sdk.operations) do
      if operation.unsigned then
        assert.truthy(facts.operations[name].unsigned or unsigned[name], name)
      end
    end
  end)
end)
