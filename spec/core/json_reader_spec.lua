-- How replies are read: JSON of every kind, along the model and outside it,
-- in free-form documents, and of other types than the model says.

local cjson = require "cjson"
local core = require "cognito.core"
local noise = require "spec.support.noise"

local math_type = rawget(math, "type") -- Lua 5.3 and later have integers

local function parse(operation, body)
  return core.parse(operation, { status = 200, body = body })
end

-- A value that the model does not know.
local function read(json)
  local result, err = parse("forgot_password", '{"New":' .. json .. "}")
  assert.is_nil(err, json)
  return result.New
end

local function refused(json)
  local result, err = parse("forgot_password", '{"New":' .. json .. "}")
  assert.is_nil(result, json)
  assert.equal("malformed_response", err.code)
  return err
end

describe("text in a reply", function()
  local cases = {
    { [["plain"]], "plain" }, { [[""]], "" }, { [["\"\\\/\b\f\n\r\t"]], "\"\\/\b\f\n\r\t" },
    { [["\u0041\u00e9\u20ac"]], "A\195\169\226\130\172" }, { [["\ud83d\ude00"]], "\240\159\152\128" },
    { [["a\u0000b"]], "a\0b" }, { '"caf\195\169"', "caf\195\169" }, { '"tab\tinside"', "tab\tinside" },
    -- Half a surrogate pair spoils one character, not a page of users.
    { [["x\ud800y"]], "x\239\191\189y" }, { [["\udc00"]], "\239\191\189" },
    { [["\ud800\u0041"]], "\239\191\189A" }, { [["\ud800\ud83d\ude00"]], "\239\191\189\240\159\152\128" },
    { [["\ud83d\ude00\ud83d"]], "\240\159\152\128\239\191\189" }, { [["\ud800\u0000"]], "\239\191\189\0" },
    -- The first and the last of each length.
    { [["\u007f\u0080\u07ff\u0800"]], "\127\194\128\223\191\224\160\128" },
    { [["\uffff\ud800\udc00\udbff\udfff"]], "\239\191\191\240\144\128\128\244\143\191\191" },
    { [["\uabcd\uABCD\uefef\uEFEF"]], "\234\175\141\234\175\141\238\191\175\238\191\175" },
  }
  for _, case in ipairs(cases) do
    it("is read: " .. case[1]:gsub("%c", "?"), function()
      assert.equal(case[2], read(case[1]))
    end)
  end

  it("is longer than the scratch buffer", function()
    local long = ("ä"):rep(5000)
    assert.equal(long .. "\n" .. long, read('"' .. long .. "\\n" .. long .. '"'))
  end)

  it("keeps what came before, however little that is, where it needs more room", function()
    for before = 0, 4 do
      for _, after in ipairs { 510, 511, 512, 513, 2000 } do
        local text = ("\n"):rep(before) .. ("x"):rep(after)
        assert.equal(text, read('"' .. text:gsub("\n", "\\n") .. '"'))
      end
    end
  end)

  it("is refused when it ends nowhere or escapes nothing", function()
    for _, json in ipairs { '"', '"abc', '"\\', '"\\"', '"\\x"', '"\\u12"', '"\\ud800\\u12"', "'a'",
      '"a' .. "\\\0" .. '"' } do
      refused(json)
    end
    -- The neighbours of what is a hexadecimal digit.
    for other in ("/:@G`g"):gmatch "." do refused('"\\u12' .. other .. '4"') end
  end)
end)

describe("numbers in a reply", function()
  it("are exact where Lua has them", function()
    for _, digits in ipairs { "0", "-1", "42", "9007199254740992", "-9007199254740992" } do
      assert.equal(digits, ("%.0f"):format(read(digits)))
    end
    assert.equal(1762940401.123, read "1762940401.123")
    assert.equal(0.1, read "0.1")
    assert.equal(-2.5e-3, read "-2.5E-3")
    assert.equal(5e-324, read "4.9406564584124654e-324")
    assert.equal(1.7976931348623157e308, read "1.7976931348623157e308")
    assert.equal(1e22, read "10000000000000000000000")
    assert.equal(0, read "1e-400")
    assert.equal(123456789012345680000, read "123456789012345678901")
  end)

  it("are integers up to 64 bits on Lua 5.3 and later", function()
    if math_type then
      for _, digits in ipairs { "9007199254740993", "9223372036854775807", "-9223372036854775807",
        "-9223372036854775808" } do
        assert.equal("integer", math_type(read(digits)))
        assert.equal(digits, tostring(read(digits)))
      end
      assert.equal("float", math_type(read "9223372036854775808"))
      assert.equal("integer", math_type(read "1.5e1"))
      assert.equal("integer", math_type(read "-9007199254740992.0"))
    end
  end)

  it("are refused in other forms", function()
    for _, json in ipairs { "01", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity",
      "1e400", "1 2", "--1", "1,5" } do
      refused(json)
    end
  end)

  it("beyond all doubles are refused with the member's name", function()
    for json, place in pairs {
      ['{"UserCreateDate":1e400}'] = "user_create_date", ['{"New":[1,{"b":-1e400}]}'] = "New[2].b",
      ['{"UserAttributes":[{"Name":"a"},{"Name":"b","New":1e999}]}'] = "user_attributes[2].New",
    } do
      local _, err = parse("admin_get_user", json)
      assert.equal("malformed_response", err.code)
      local told = ": " .. place .. " is a number beyond all that a double holds"
      assert.truthy(err.message:find(told, 1, true), err.message)
    end
  end)

  it("read the same digits as lua-cjson does", function()
    local source = noise.new(20261127)
    local function random(n) return source:upto(n) end
    for _ = 1, 500 do
      local digits = ("%s%d.%de%d"):format(random(2) == 1 and "-" or "", random(1e9) - 1, random(1e9), random(60) - 30)
      assert.equal(cjson.decode("[" .. digits .. "]")[1], read(digits), digits)
    end
  end)
end)

describe("lists and objects in a reply", function()
  it("are read", function()
    assert.same({ 1, "a", { b = true } }, read ' [ 1 , "a" , { "b" : true } ] ')
    assert.same({ a = { b = {} }, c = false }, read '{"a":{"b":{}},"c":false}')
    assert.same({ b = 2 }, read '{"a":1,"a":null,"b":1,"b":2}') -- the last one holds
  end)

  it("are refused when they are not closed, or hold no valid value", function()
    for _, json in ipairs { "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
      "{\"a\":1,}", "{1:2}", '{"a" 1}', "[1}", '{"a":1]', "tru", "nul", "undefined", "]", "" } do
      refused(json)
    end
  end)

  it("are bounded in depth", function()
    assert.is_table(read(("["):rep(63) .. ("]"):rep(63)))
    refused(("["):rep(64) .. ("]"):rep(64))
    refused(("["):rep(100000))
  end)

  it("may follow a byte order mark, and nothing else", function()
    assert.same({ session = "s" }, (parse("initiate_auth", '\239\187\191 {"Session":"s"}\r\n')))
    assert.is_nil((parse("initiate_auth", '{"Session":"s"}x')))
    assert.is_nil((parse("initiate_auth", '\239\187{"Session":"s"}')))
  end)

  it("have names with escapes", function()
    assert.same({ session = "s" }, (parse("initiate_auth", '{"Ses\\u0073ion":"s"}')))
    assert.same({ ["a\"b"] = 1 }, read '{"a\\"b":1}')
  end)
end)

describe("a free-form document", function()
  local HEAD = '{"ManagedLoginBranding":{"ManagedLoginBrandingId":"7ce1b2e7-5dd0-4a5d-9d6f-9a8c1a3c9d11","Settings":'

  local function settings_of(json)
    local result, err = parse("describe_managed_login_branding", HEAD .. json .. "}}")
    assert.is_nil(err)
    return result.managed_login_branding.settings
  end

  local function update(settings)
    return core.build("update_managed_login_branding", { settings = settings }, {
      region = "eu-west-1", time = 0, credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "x" } })
  end

  -- What the update sends of the same settings.
  local function sent(settings)
    return assert(update(settings)).body:match '^{"Settings":(.*)}$'
  end

  it("goes back as it came", function()
    for _, json in ipairs { '{"order":[]}', '{"order":{}}', '{"a":null}', "[]", "{}", '{"a":[[],{},null,[null]]}',
      '{"a":[1,2.5,"x",true,false]}', '{"a\\u0000":"\\u0000b"}', '{"a":{"b":{"c":[{"d":[]}]}}}' } do
      assert.equal(json, sent(settings_of(json)))
    end
  end)

  local function refused_branding(json)
    local result, err = parse("describe_managed_login_branding", HEAD .. json .. "}}")
    assert.is_nil(result)
    return err
  end

  it("is as deep as one that can be sent", function()
    for _, depth in ipairs { 1, 62, 63 } do
      local json = '{"d":' .. ("["):rep(depth) .. ("]"):rep(depth) .. "}"
      assert.equal(json, sent(settings_of(json)))
    end
    for _, depth in ipairs { 64, 70, 5000 } do
      local err = refused_branding('{"d":' .. ("["):rep(depth) .. ("]"):rep(depth) .. "}")
      assert.matches(": managed_login_branding.settings.d is nested more than 64 deep$", err.message)
    end
  end)

  it("keeps whole numbers of 64 bits", function()
    if math_type then
      assert.equal('{"n":9223372036854775807}', sent(settings_of '{"n":9223372036854775807}'))
    end
    assert.equal('{"n":9007199254740992}', sent(settings_of '{"n":9007199254740992}'))
  end)

  it("has empty lists where the program says so", function()
    assert.equal('{"order":[]}', sent { order = core.list() })
    assert.equal('{"order":[]}', sent { order = core.list {} })
    assert.equal('{"order":["a"]}', sent { order = core.list { "a" } })
    assert.equal('{"order":[]}', sent { order = setmetatable({}, { __jsontype = "array" }) })
    assert.equal('{"order":{}}', sent { order = setmetatable({}, { __jsontype = "object" }) })
    assert.equal('{"order":{}}', sent { order = setmetatable({}, { __jsontype = 1 }) })
    local _, err = update { order = setmetatable({ "a" }, { __jsontype = "object" }) }
    assert.matches("every key must be a string", err.message)
    assert.equal('{"order":null}', sent { order = core.null })
  end)

  it("is refused when a list has other keys", function()
    local request, err = core.build("update_managed_login_branding", { settings = { order = core.list { a = 1 } } }, {
      region = "eu-west-1", time = 0, credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "x" } })
    assert.is_nil(request)
    assert.truthy(err.message:find("must be a list", 1, true), err.message)
    assert.error(function() core.list "a" end)
  end)

  it("of any form goes back as lua-cjson reads it", function()
    local source = noise.new(11)
    local function random(n) return source:upto(n) end
    local function value(depth)
      local kind = random(depth > 3 and 4 or 6)
      if kind == 1 then return random(1000) end
      if kind == 2 then return random(2) == 1 end
      if kind == 3 then return ("\\é\n%d"):format(random(100)) end
      if kind == 4 then return random(1000) / 8 end
      local t = {}
      for i = 1, random(4) do
        t[kind == 5 and i or "k" .. i] = value(depth + 1)
      end
      return t
    end
    for _ = 1, 200 do
      local json = cjson.encode { top = value(1) }
      assert.same(cjson.decode(json), cjson.decode(sent(settings_of(json))))
    end
  end)
end)

-- Stand-ins of the service write what their language has at hand.
describe("a value of another type than the model's", function()
  local function user(json)
    local result, err = parse("admin_get_user", json)
    assert.is_nil(err)
    return result
  end

  it("is converted where its text says the same", function()
    assert.same({ username = "12345", enabled = true, user_create_date = 1762940401.5 },
      user '{"Username":12345,"Enabled":"true","UserCreateDate":"1762940401.5"}')
    assert.same({ username = "true", enabled = false }, user '{"Username":true,"Enabled":"false"}')
    local booleans = { ["1"] = true, ["0"] = false, ["1.0"] = true, ['"True"'] = true, ['"FALSE"'] = false }
    for json, enabled in pairs(booleans) do
      assert.same({ enabled = enabled }, user('{"Enabled":' .. json .. "}"))
    end
    assert.equal(3600, (parse("initiate_auth", '{"AuthenticationResult":{"ExpiresIn":"3600"}}'))
      .authentication_result.expires_in)
  end)

  it("is left as it is otherwise", function()
    assert.same({ user_create_date = "2026-11-27T08:00:00Z", enabled = "yes" },
      user '{"UserCreateDate":"2026-11-27T08:00:00Z","Enabled":"yes"}')
    assert.same({ user_create_date = 1762940401123, user_last_modified_date = 1e18 },
      user '{"UserCreateDate":1762940401123,"UserLastModifiedDate":1e18}')
    assert.same({ enabled = 2 }, user '{"Enabled":2}')
  end)

  it("may be an empty list for an empty object, or the other way round", function()
    assert.same({ user_attributes = {} }, user '{"UserAttributes":{}}')
    assert.same({ challenge_parameters = {} }, (parse("initiate_auth", '{"ChallengeParameters":[]}')))
    assert.same({ code_delivery_details = {} }, (parse("forgot_password", '{"CodeDeliveryDetails":[]}')))
  end)

  it("is a malformed reply that names the member where nothing can be made of it", function()
    for json, place in pairs {
      ['{"UserAttributes":"x"}'] = "user_attributes is a string, not a list",
      ['{"UserAttributes":{"a":1}}'] = "user_attributes is an object, not a list",
      ['{"UserAttributes":[1]}'] = "user_attributes[1] is a single value, not an object",
      ['{"UserAttributes":[{"Name":"a"},[1]]}'] = "user_attributes[2] is a list, not an object",
      ['{"Username":{"a":1}}'] = "username is an object, not a single value",
      ['{"Username":[1]}'] = "username is a list, not a single value",
      ['{"UserAttributes":true}'] = "user_attributes is a single value, not a list",
    } do
      local result, err = parse("admin_get_user", json)
      assert.is_nil(result)
      assert.equal("malformed_response", err.code)
      assert.truthy(err.message:find(place, 1, true), err.message)
    end
  end)
end)
