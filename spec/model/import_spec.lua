-- The importer: from the service's published model to facts.
local facts_text = require "model.facts_text"
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
    local text = facts_text(tiny.facts())
    assert.same(tiny.facts(), load_text(text)())
    assert.truthy(text:find('\n        ClientId = { required = true, '
      .. 'shape = "Text" },\n', 1, true))
    assert.truthy(text:find("max = 128, min = 1", 1, true))
  end)

  it("writes the same bytes whatever the order of the JSON", function()
    local text = facts_text(tiny.facts())
    local other = import.facts(reordered(tiny.published()))
    assert.equal(text, facts_text(other))
  end)

  it("takes paginators from a file of their own", function()
    local paginators = { pagination = { SendThing = { input_token = "A" } } }
    local imported = import.facts(tiny.published(), paginators)
    assert.same({ SendThing = { input_token = "A" } }, imported.paginators)
  end)

  it("refuses a file that is no model, or not of a JSON service", function()
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

  it("wants botocore's paginators, and finds them beside the model", function()
    local published = tiny.published()
    published.paginators = nil
    assert.error_matches(function()
      import.facts(published)
    end, "paginators%-1%.json belongs beside it")
  end)

  it("names the file that is missing, and the one that is no JSON", function()
    local err = tiny.sink()
    assert.equal(1, import.main(tiny.sink(), err, "spec/no-such-file.json"))
    assert.truthy(err.text():find("spec/no-such-file.json", 1, true))
    err = tiny.sink()
    assert.equal(1, import.main(tiny.sink(), err, "--output", "-", "model/import.lua"))
    assert.truthy(err.text():find("model/import.lua holds no JSON", 1, true))
  end)
end)

describe("a model that the generator cannot carry", function()
  local function refused(message, change)
    local published = tiny.published()
    change(published)
    assert.error_matches(function()
      import.facts(published)
    end, message, 1, true)
  end

  it("is refused by name", function()
    refused("Count has the type float", function(p) p.shapes.Count.type = "float" end)
    refused("Free has a union", function(p) p.shapes.Free.union = true end)
    refused("Text has the timestamp format iso8601", function(p) p.shapes.Text.timestampFormat = "iso8601" end)
    refused("GetThingRequest.Next has the timestamp format rfc822", function(p)
      p.shapes.GetThingRequest.members.Next.timestampFormat = "rfc822"
    end)
    refused("GetThingRequest.Next has an idempotency token", function(p)
      p.shapes.GetThingRequest.members.Next.idempotencyToken = true
    end)
    refused("GetThingRequest.Next has the name 'next' on the wire", function(p)
      p.shapes.GetThingRequest.members.Next.locationName = "next"
    end)
    refused("GetThingRequest.Next has the location header", function(p)
      p.shapes.GetThingRequest.members.Next.location = "header"
    end)
    refused("Things.member has the name 'item' on the wire", function(p)
      p.shapes.Things.member.locationName = "item"
    end)
    refused("SendThing has a required checksum", function(p) p.operations.SendThing.httpChecksumRequired = true end)
    refused("SendThing has the signature v4-unsigned-body", function(p)
      p.operations.SendThing.authtype = "v4-unsigned-body"
    end)
    refused("SendThing has a host prefix", function(p) p.operations.SendThing.endpoint = { hostPrefix = "data." } end)
    refused("SendThing has request compression", function(p)
      p.operations.SendThing.requestcompression = { encodings = { "gzip" } }
    end)
  end)
end)

describe("a model in Smithy's JSON", function()
  local smithy = tiny.read_json "spec/fixtures/tiny_smithy.json"

  local function refused(message, id, change)
    local published = tiny.read_json "spec/fixtures/tiny_smithy.json"
    change(published.shapes["com.example.tiny#" .. id])
    assert.error_matches(function()
      import.facts(published)
    end, message, 1, true)
  end

  it("gives the same facts as botocore's of the same service", function()
    assert.same(tiny.facts(), import.facts(smithy))
  end)

  it("is refused by name where it holds what cannot be carried", function()
    local member = "smithy.api#"
    refused("Free has a union", "Free", function(s) s.type = "union" end)
    refused("Count has the type bigDecimal", "Count", function(s) s.type = "bigDecimal" end)
    refused("GetThingRequest.Next has the timestamp format date-time", "GetThingRequest", function(s)
      s.members.Next.traits = { [member .. "timestampFormat"] = "date-time" }
    end)
    refused("SendThing has a host prefix", "SendThing", function(s)
      s.traits = { [member .. "endpoint"] = { hostPrefix = "data." } }
    end)
    refused("SendThing has request compression", "SendThing", function(s)
      s.traits = { [member .. "requestCompression"] = { encodings = { "gzip" } } }
    end)
    refused("SendThing has a required checksum", "SendThing", function(s)
      s.traits = { [member .. "httpChecksumRequired"] = {} }
    end)
    refused("Things has a list with nulls", "Things", function(s) s.traits = { [member .. "sparse"] = {} } end)
    for _, id in ipairs { "GetThingRequest", "SendThing", "TinyService" } do
      refused(id .. " has mixins", id, function(s) s.mixins = { { target = "com.example.tiny#Common" } } end)
    end
    refused("another protocol", "TinyService", function(s) s.traits["aws.protocols#awsJson1_1"] = nil end)
    refused("refers to 'com.example.tiny#Nothing'", "Things", function(s)
      s.member.target = "com.example.tiny#Nothing"
    end)
  end)
end)

describe("a model in another version of Smithy's JSON", function()
  local function fails(message, change)
    local published = tiny.read_json "spec/fixtures/tiny_smithy.json"
    change(published)
    assert.error_matches(function() import.facts(published) end, message, 1, true)
  end

  it("is refused, and so is one of two services", function()
    for _, version in ipairs { "3.0", "20.0", "two", 3 } do
      fails(("a model of Smithy %s: only 1.0 and 2.0"):format(version), function(p) p.smithy = version end)
    end
    fails("it has no 'shapes'", function(p) p.shapes = nil end)
    fails("several services", function(p)
      p.shapes["com.example.tiny#Other"] = p.shapes["com.example.tiny#TinyService"]
    end)
    for _, version in ipairs { "1.0", "2", "2.0" } do
      local published = tiny.read_json "spec/fixtures/tiny_smithy.json"
      published.smithy = version
      assert.same(tiny.facts(), import.facts(published))
    end
  end)
end)

describe("the importer's output", function()
  local folder, path

  local function content()
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
  end

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(require("lfs").mkdir(folder))
    path = folder .. "/facts.lua"
    local file = assert(io.open(path, "wb"))
    file:write "return 1"
    file:close()
  end)

  after_each(function()
    for name in require("lfs").dir(folder) do
      os.remove(folder .. "/" .. name)
    end
    os.remove(folder)
  end)

  it("replaces the file", function()
    assert.equal(0, import.main(tiny.sink(), tiny.sink(), "--output", path, "spec/fixtures/tiny_service.json"))
    assert.equal(facts_text(tiny.facts()), content())
    assert.is_nil(io.open(path .. ".new"))
  end)

  it("leaves the file as it was when the model is bad", function()
    for _, bad in ipairs { "model/import.lua", "spec/no-such-file.json" } do
      assert.equal(1, import.main(tiny.sink(), tiny.sink(), "--output", path, bad))
      assert.equal("return 1", content())
    end
  end)

  it("keeps operations and members that the model lacks, unless their loss is allowed", function()
    local facts = tiny.facts()
    facts.operations.OldThing, facts.operations.AnotherThing = { errors = {} }, { errors = {} }
    facts.shapes.GetThingRequest.members.Gone = { shape = "Text" }
    local file = assert(io.open(path, "wb"))
    local before = facts_text(facts)
    file:write(before)
    file:close()
    local err = tiny.sink()
    assert.equal(1, import.main(tiny.sink(), err, "--output", path, "spec/fixtures/tiny_service.json"))
    assert.truthy(err.text():find("lacks the operations AnotherThing, OldThing and the members GetThingRequest.Gone", 1,
      true), err.text())
    assert.truthy(err.text():find("--allow-losses", 1, true))
    assert.equal(before, content())
    assert.equal(0, import.main(tiny.sink(), tiny.sink(), "--output", path, "--allow-losses",
      "spec/fixtures/tiny_service.json"))
    assert.equal(facts_text(tiny.facts()), content())
  end)

  it("is not written after wrong words", function()
    for _, words in ipairs {
      {}, { "--allow" }, { "--output" }, { "--output", path }, { "a", "b" }, { "--allow-losses" },
    } do
      assert.equal(2, import.main(tiny.sink(), tiny.sink(), (table.unpack or unpack)(words)))
    end
  end)

  it("says so when the file cannot be written", function()
    local err = tiny.sink()
    assert.equal(1, import.main(tiny.sink(), err, "--output", folder .. "/no/facts.lua",
      "spec/fixtures/tiny_service.json"))
    assert.truthy(err.text():find("facts.lua", 1, true))
  end)
end)
