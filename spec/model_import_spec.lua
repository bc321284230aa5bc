-- The importer: from the service's published model to facts.
local import = require "model.import"
local tiny = require "spec.support.tiny_model"

local load_text = loadstring or load -- luacheck: ignore 113

-- The same model with every list and every table filled the other way round.
local function reordered(value)
  if type(value) ~= "table" then
    return value
  end
  local keys, copy = {}, {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  for i = #keys, 1, -1 do
    local key = keys[i]
    local place = type(key) == "number" and #value + 1 - key or key
    copy[place] = reordered(value[key])
  end
  return copy
end

describe("the importer", function()
  it("keeps what decides, and nothing else", function()
    local shapes = tiny.facts().shapes
    assert.same({ min = 1, max = 128, type = "string" }, shapes.Text)
    assert.same({ "BLUE", "RED" }, shapes.Color.enum)
    assert.same({ type = "string", sensitive = true, pattern = '[\\w"]+' },
      shapes.Hash)
    assert.is_true(shapes.Free.document)
    assert.is_true(shapes.Broken.exception)
    assert.equal("Text", shapes.Thing.value)
    assert.equal("Thing", shapes.Things.element)
    assert.same({ shape = "Text", required = true },
      shapes.GetThingRequest.members.ClientId)
    assert.same({ shape = "Free", deprecated = true },
      shapes.GetThingResponse.members.Old)
  end)

  it("knows which operations are not signed", function()
    local operations = tiny.facts().operations
    assert.is_true(operations.GetThing.unsigned)
    assert.is_nil(operations.SendThing.unsigned)
    assert.is_nil(operations.SendThing.output)
    assert.same({ "Absent", "Broken" }, operations.GetThing.errors)
  end)

  it("writes a Lua file that says the same", function()
    local text = import.render(tiny.facts())
    assert.same(tiny.facts(), load_text(text)())
    assert.truthy(text:find('\n        ClientId = { required = true, '
      .. 'shape = "Text" },\n', 1, true))
    assert.truthy(text:find("max = 128, min = 1", 1, true))
  end)

  it("writes the same bytes whatever the order of the JSON", function()
    local text = import.render(tiny.facts())
    local other = import.facts(reordered(tiny.published()))
    assert.equal(text, import.render(other))
  end)

  it("takes paginators from a file of their own", function()
    local paginators = { pagination = { SendThing = { input_token = "A" } } }
    local imported = import.facts(tiny.published(), paginators)
    assert.same({ SendThing = { input_token = "A" } }, imported.paginators)
  end)

  it("refuses what is no model, or not of a JSON service", function()
    assert.error_matches(function()
      import.facts { metadata = {}, operations = {} }
    end, "not a service model: it has no 'shapes'")
    assert.error_matches(function()
      import.facts(3)
    end, "holds no JSON object")
    local published = tiny.published()
    published.metadata.protocol = "rest-xml"
    assert.error_matches(function()
      import.facts(published)
    end, "rest%-xml")
  end)

  it("tells how to use it", function()
    local out, err = tiny.sink(), tiny.sink()
    assert.equal(2, import.main(out, err))
    assert.truthy(err.text():find("usage: ", 1, true))
    assert.equal("", out.text())
  end)

  it("names the file that is missing, and the one that is no JSON", function()
    local err = tiny.sink()
    assert.equal(1, import.main(tiny.sink(), err, "spec/no-such-file.json"))
    assert.truthy(err.text():find("spec/no-such-file.json", 1, true))
    err = tiny.sink()
    assert.equal(1, import.main(tiny.sink(), err, "model/import.lua"))
    assert.truthy(err.text():find("model/import.lua holds no JSON", 1, true))
  end)
end)
