-- The generator: facts and overlay joined and checked, and what it writes.
local generate = require "model.generate"
local names = require "model.names"
local resolve = require "model.resolve"
local tiny = require "spec.support.tiny_model"

local find = tiny.find
local load_text = loadstring or load -- luacheck: ignore 113

local TYPES_HEADER = "---@class cognito.Client\n"

local function text_of(files, path)
  for _, file in ipairs(files) do
    if file.path == path then
      return file.text
    end
  end
end

describe("joining facts and overlay", function()
  local function refused(change, message)
    local the_facts, the_overlay = tiny.facts(), tiny.overlay()
    change(the_overlay, the_facts)
    assert.error_matches(function()
      resolve(the_facts, the_overlay)
    end, message, 1, true)
  end

  it("accepts what fits", function()
    local model = resolve(tiny.facts(), tiny.overlay())
    local get = find(model.operations, "get_thing")
    assert.same({ client_id = true }, get.filled)
    assert.is_true(find(get.input.members, "color").sensitive)
    assert.is_true(find(get.output.members, "next").sensitive)
    assert.is_false(find(get.input.members, "next").sensitive)
    assert.equal("document", find(get.output.members, "old").shape.type)
    assert.is_nil(find(model.shapes, "Broken"))
  end)

  it("asks for a class of every operation", function()
    refused(function(o)
      o.effects.message = {}
    end, "operation 'SendThing' has no effect class")
  end)

  it("asks for a sentence of every operation", function()
    refused(function(o)
      o.sentences.SendThing = nil
    end, "operation 'SendThing' has no sentence: say in model/sentences.lua")
  end)

  it("takes one whole sentence, on one line", function()
    for _, text in ipairs { "", "Sends a thing", "sends a thing.", "Sends\na thing." } do
      refused(function(o)
        o.sentences.SendThing = text
      end, "the sentence for operation 'SendThing' is none")
    end
  end)

  it("allows one class only", function()
    refused(function(o)
      o.effects.read[2] = "SendThing"
    end, "operation 'SendThing' has two effect classes")
  end)

  it("refuses operations that there are not", function()
    for _, change in ipairs {
      function(o) o.effects.read[2] = "GoThing" end,
      function(o) o.rules[1][1] = "GoThing" end,
      function(o) o.secrets.hash[1] = "GoThing" end,
      function(o) o.sentences.GoThing = "Goes." end,
    } do
      refused(change, "names operation 'GoThing', which the model lacks")
    end
  end)

  it("refuses members that there are not", function()
    for _, change in ipairs {
      function(o) o.rules[1][2] = "Smell" end,
      function(o) o.secrets.hash.member = "Smell" end,
      function(o) o.sensitive_members[1][2] = "Smell" end,
    } do
      refused(change, "names member 'Smell' of '")
    end
  end)

  it("refuses shapes that there are not", function()
    refused(function(o)
      o.sensitive_shapes[1] = "Colour"
    end, "names 'Colour', which the model lacks")
    refused(function(_, f)
      f.shapes.Things.element = "Nothing"
    end, "Things refers to shape 'Nothing'")
  end)

  it("refuses a shape that holds itself", function()
    refused(function(_, f)
      f.shapes.Thing.value = "Things"
    end, "holds itself")
  end)

  it("refuses rules that can never hold", function()
    refused(function(o)
      o.rules[1][3] = "GREEN"
    end, "compares Color with 'GREEN'")
    refused(function(o)
      o.rules[1][4] = "never"
    end, "unknown class 'never'")
    refused(function(o)
      o.rules[1] = { "SendThing", "Count", 3, "read" }
    end, "compares Count with '3'")
  end)

  it("refuses two members with one Lua name", function()
    refused(function(_, f)
      f.shapes.GetThingRequest.members.clientId = { shape = "Text" }
    end, "ClientId and clientId of GetThingRequest would both be called "
      .. "'client_id'")
  end)

  it("refuses two operations with one Lua name", function()
    refused(function(o, f)
      f.operations.getThing = f.operations.GetThing
      o.effects.read[2] = "getThing"
      o.sentences.getThing = o.sentences.GetThing
    end, "would both be called 'get_thing'")
  end)
end)

describe("the generator", function()
  local function tiny_files(change)
    local the_facts, the_overlay = tiny.facts(), tiny.overlay()
    if change then
      change(the_overlay, the_facts)
    end
    return generate.files(the_facts, the_overlay, TYPES_HEADER)
  end

  local function temporary_tree()
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir -p " .. folder .. "/src " .. folder .. "/docs "
      .. folder .. "/lua/cognito"))
    return folder .. "/"
  end

  local ALL = { "src/model.c", "lua/cognito/types.lua", "docs/operations.md" }

  it("sees missing, stale and fresh files", function()
    local folder = temporary_tree()
    local files = tiny_files()
    assert.same(ALL, generate.stale(files, folder))
    generate.write(files, folder)
    assert.same({}, generate.stale(files, folder))
    local changed = tiny_files(function(_, f)
      f.shapes.SendThingRequest.members.Note = { shape = "Text" }
    end)
    assert.same(ALL, generate.stale(changed, folder))
    os.execute("rm -r " .. folder)
  end)

  it("sees a byte that was edited by hand", function()
    local folder = temporary_tree()
    local files = tiny_files()
    generate.write(files, folder)
    local file = io.open(folder .. "src/model.c", "ab")
    file:write(" ")
    file:close()
    assert.same({ "src/model.c" }, generate.stale(files, folder))
    os.execute("rm -r " .. folder)
  end)

  it("refuses an option that it does not know", function()
    local err = tiny.sink()
    assert.equal(1, generate.main(err, "", "--chekc"))
    assert.truthy(err.text():find("usage: ", 1, true))
  end)

  it("writes C that refers by index and offset", function()
    local text = text_of(tiny_files(), "src/model.c")
    local index = text:match("/%* (%d+) Hash %*/")
    assert.truthy(text:find("{COG_STRING, 1, 0, 0, COG_NO_MIN}, /* " .. index
      .. " Hash */", 1, true))
    assert.truthy(text:find("cog_operation_count = 2;", 1, true))
    assert.truthy(text:find('cog_target_prefix[] = "TinyService";', 1, true))
    assert.truthy(text:find('cog_signing_name[] = "tiny";', 1, true))
    assert.truthy(text:find("COG_READ, COG_SECRET_NONE}, /* get_thing */", 1,
      true))
  end)

  it("finds every name of the C data in its pool", function()
    local text = text_of(tiny_files(), "src/model.c")
    local pool = {}
    for name in text:gmatch('    "([%w_]+)\\0"') do
      pool[#pool + 1] = name .. "\0"
    end
    pool = table.concat(pool)
    local function at(offset)
      return pool:match("^%Z+", offset + 1)
    end
    local seen = 0
    for name, wire, comment in
      text:gmatch("\n  {(%d+), (%d+), %d+, [01], [01]}, /%* ([%w_]+)")
    do
      assert.equal(comment, at(name))
      assert.equal(comment, names.snake(at(wire)))
      seen = seen + 1
    end
    assert.equal(8, seen)
  end)

  it("names what is filled in, where the model has it", function()
    local function filled_in(text)
      local pool, filled = {}, {}
      for name in text:gmatch '    "([%w_]+)\\0"' do
        pool[#pool + 1] = name .. "\0"
      end
      pool = table.concat(pool)
      for offset in text:match("cog_filled = {(.-)};"):gmatch "[%w_]+" do
        filled[#filled + 1] = offset == "COG_NONE" and "none" or pool:match("^%Z+", offset + 1)
      end
      return table.concat(filled, " ")
    end
    assert.equal("client_id none none secret_hash none none none none",
      filled_in(text_of(tiny_files(), "src/model.c")))
    local file = assert(io.open "src/model.c")
    assert.equal("client_id user_pool_id analytics_metadata secret_hash client_secret secret auth_parameters"
      .. " challenge_responses", filled_in(file:read "*a"))
    file:close()
  end)

  it("refuses a minimum that does not fit", function()
    assert.error_matches(function()
      tiny_files(function(_, f)
        f.shapes.Count.min = 40000
      end)
    end, "minimum of 'Count'")
  end)

  it("writes types that an editor understands", function()
    local text = text_of(tiny_files(), "lua/cognito/types.lua")
    assert.truthy(load_text(text))
    for _, line in ipairs {
      "---Shows a thing, when you look for one.\n"
        .. "---@field get_thing fun(self: cognito.Client, params: "
        .. "cognito.GetThingRequest, options?: cognito.Options): "
        .. "cognito.GetThingResponse?, cognito.Error, cognito.Meta",
      "---@field send_thing fun(self: cognito.Client, params: "
        .. "cognito.SendThingRequest, options?: cognito.Options): table?, "
        .. "cognito.Error, cognito.Meta",
      "---@field client_id? string|false",
      "---@field secret_hash? string|false sensitive",
      "---@field color cognito.Color sensitive",
      "---@field things? table<string, string>[]",
      "---@field old? any deprecated",
      "---@alias cognito.Color string",
      '---| "BLUE"',
    } do
      assert.truthy(text:find("\n" .. line .. "\n", 1, true), line)
    end
  end)

  it("refuses a shape that has the name of a hand-written type", function()
    assert.error_matches(function()
      generate.files(tiny.facts(), tiny.overlay(), "---@class cognito.Color\n")
    end, "shape 'Color' has the name of a hand-written type", 1, true)
  end)

  it("writes a page that tells all of an operation", function()
    local text = text_of(tiny_files(), "docs/operations.md")
    for _, piece in ipairs {
      "| [get_thing](#get_thing) | read | public |",
      "\n### get_thing\n\nShows a thing, when you look for one.\n"
        .. "The service's page: [GetThing](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"
        .. "API_GetThing.html).\n",
      "\nPublic, class *read*.\nWith `color` = `RED` the class is *message*.",
      "| `client_id` | string | filled in | length 1 to 128 |",
      "| `color` | string | required, sensitive | `BLUE`, `RED` |",
      "| `things` | list of map of string |  |  |",
      "\nPages: `things` holds one page; give its `next` back as `next`",
      "Errors: `Absent`, `Broken`.",
      "\nSigned, class *message*.",
      "| `count` | integer |  | 1 to 60 |",
      "\nThe reply is an empty table.",
    } do
      assert.truthy(text:find(piece, 1, true), piece)
    end
  end)
end)
