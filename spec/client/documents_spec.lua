-- Documents of any form, as programs read and write them: nothing of them is
-- lost on the way from text to text, to a call, and back.

local cjson = require "cjson"
local cognito = require "cognito"
local core = require "cognito.core"

local math_type = rawget(math, "type") -- Lua 5.3 and later have integers

local ID = "7ce1b2e7-5dd0-4a5d-9d6f-9a8c1a3c9d11"

-- The settings as a call sends them.
local function sent(settings)
  local body
  local pool = cognito.new {
    user_pool_id = "eu-west-1_Ab12Cd34E", credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "x" },
    env = function() end, max_attempts = 1,
    runtime = function(request)
      body = request.body
      return { status = 200, headers = {}, body = "{}" }
    end,
  }
  assert(pool:update_managed_login_branding { managed_login_branding_id = ID, settings = settings })
  return body:match '"Settings":(.*)}$'
end

local texts = {
  '{"order":[]}', '{"o":{}}', '{"a":[[],[[]],{}]}', '{"n":null}', '{"l":[null,null,1,null]}', '{"l":[{}]}', "[]", "[1]",
  '[true,false]', '{"s":"\\u0000b"}', '{"x":0.30000000000000004}', '{"UserPoolId":{"ClientId":[]}}',
  '{"n":9007199254740992}', '{"n":-9007199254740992}', '{"1":"a"}',
}
if math_type then
  texts[#texts + 1] = '{"max":9223372036854775807}'
  texts[#texts + 1] = '{"min":-9223372036854775808}'
  texts[#texts + 1] = '{"n":9007199254740993}'
end

describe("cognito.read_json", function()
  it("raises at the caller's line for what is no text", function()
    local ok, message = pcall(function() cognito.read_json(nil) end)
    assert.is_false(ok)
    assert.matches("documents_spec%.lua:%d+: read_json takes a text, not a nil", message)
  end)

  for _, text in ipairs(texts) do
    it("reads " .. text .. " so that it is written and sent as it was", function()
      local value = assert(cognito.read_json(text))
      assert.equal(text, cognito.write_json(value))
      assert.equal(text, sent(value))
    end)
  end

  it("marks lists, and has one null", function()
    local value = cognito.read_json '{"l":[],"o":{},"n":null}'
    assert.equal(getmetatable(cognito.list()), getmetatable(value.l))
    assert.is_nil(getmetatable(value.o))
    assert.equal(cognito.null, value.n)
    assert.equal(cjson.null, value.n)
    assert.equal(cognito.null, cognito.read_json "null")
    assert.is_false(cognito.read_json "false")
  end)

  it("says where a text stops being JSON, and nothing of the text", function()
    for text, at in pairs { ['{"password":"hunter2",}'] = 23, [""] = 1, ["{}{}"] = 3, ['{"n":1e400}'] = 11,
      [("["):rep(65) .. ("]"):rep(65)] = 65 } do
      local value, problem = cognito.read_json(text)
      assert.is_nil(value)
      assert.truthy(problem:find(("from byte %d on"):format(at), 1, true), problem)
      assert.is_nil(problem:find("hunter2", 1, true))
    end
    assert.equal(64, #assert(cognito.write_json(cognito.read_json(("["):rep(64) .. ("]"):rep(64)))) / 2)
    assert.has_error(function() cognito.read_json() end)
  end)
end)

describe("cognito.write_json", function()
  it("refuses what JSON cannot say", function()
    local loop = {}
    loop.loop = loop
    for _, value in ipairs { 0 / 0, 1 / 0, print, { [1.5] = 1 }, cognito.list { x = 1 }, loop, { a = 1, [1] = 2 } } do
      local text, problem = cognito.write_json(value)
      assert.is_nil(text)
      assert.is_string(problem)
      assert.equal("value", problem:match "^%w*")
    end
    assert.equal("value.a[2].b must be a value that JSON knows, not a function",
      (select(2, cognito.write_json { a = { 1, { b = print } } })))
    assert.equal("value[1] must be a finite number", (select(2, cognito.write_json { 0 / 0 })))
  end)
end)

-- The page names every member of the kind.
describe("docs/documents.md", function()
  it("names every member that holds a document", function()
    local file = assert(io.open "docs/documents.md")
    local page, found = file:read "*a", 0
    file:close()
    local function look(members)
      for _, member in ipairs(members or {}) do
        if member.type == "document" then
          found = found + 1
          assert.truthy(page:find("`" .. member.name .. "`", 1, true), member.name)
        end
        look(member.members)
      end
    end
    for _, operation in ipairs(core.operations()) do
      local described = core.describe(operation)
      look(described.input)
      look(described.output)
    end
    assert.equal(8, found)
  end)
end)
