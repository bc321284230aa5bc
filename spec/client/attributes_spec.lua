-- Attributes of users: as tables from names to values, both ways.

local attributes = require "cognito.attributes"
local cognito = require "cognito"
local core = require "cognito.core"

local CONTEXT = {
  endpoint = "https://service", region = "eu-west-1", user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", time = 0,
  credentials = { access_key_id = "AKID", secret_access_key = "secret" },
}

local function build(given)
  return core.build("admin_update_user_attributes", { username = "u", user_attributes = given }, CONTEXT)
end

-- The attributes of a request, by name.
local function sent(given)
  local body = assert(build(given)).body:gsub('"Name"', '"name"'):gsub('"Value"', '"value"')
  return attributes.values(core.read_json(body).UserAttributes)
end

describe("attributes in a request", function()
  it("may be a table from names to values", function()
    assert.same({ email = "a@b", email_verified = "true", ["custom:x"] = "" },
      sent { email = "a@b", email_verified = "true", ["custom:x"] = "" })
    assert.matches('{"UserAttributes":[{"Name":"email","Value":"a@b"}],', build({ email = "a@b" }).body, 1, true)
  end)

  it("may be a list, as the service has it", function()
    assert.equal(build({ { name = "email", value = "a@b" } }).body, build({ email = "a@b" }).body)
    assert.matches('"UserAttributes":[]', build({}).body, 1, true)
  end)

  for name, row in pairs {
    ["a number"] = { { email = 5 }, "email must be a string, not a number (write it in quotes, or use tostring)" },
    ["a boolean"] = { { email_verified = true },
      "user_attributes.email_verified must be a string, not a boolean (write it in quotes, or use tostring)" },
    ["a text for all"] = { "x",
      "must be a list of { name =, value = }, or a table from names to values, not a string" },
    ["a table"] = { { email = {} }, "user_attributes.email must be a string, not a table" },
    ["a NUL"] = { { email = "a\0" }, "user_attributes.email must not contain a NUL" },
    ["no UTF-8"] = { { email = "\255" }, "user_attributes.email must be valid UTF-8" },
    ["an empty name"] = { { [""] = "x" }, "must not be empty" },
    ["a list with a hole"] = { { [2] = "x" }, "must be a list of { name =, value = }, or a table from names" },
    ["a list with a name besides"] = { { { name = "a", value = "b" }, email = "x" }, "must be a list of { name =" },
    ["a string in a list"] = { { "email" }, "user_attributes[1] must be a table" },
  } do
    it("are refused with " .. name, function()
      local request, err = build(row[1])
      assert.is_nil(request)
      assert.equal("invalid_parameter", err.code)
      assert.equal("user_attributes", err.field)
      assert.matches(row[2], err.message, 1, true)
    end)
  end

  it("of other lists must be lists", function()
    local _, err = core.build("admin_delete_user_attributes",
      { username = "u", user_attribute_names = { email = "x" } }, CONTEXT)
    assert.matches("must be a list: values under", err.message, 1, true)
    _, err = core.build("update_user_pool", { user_pool_id = "eu-west-1_A",
      account_recovery_setting = { recovery_mechanisms = { verified_email = 1 } } }, CONTEXT)
    assert.matches("recovery_mechanisms must be a list: values under", err.message, 1, true)
  end)

  it("are masked by value", function()
    assert.same({ email = "[redacted]" }, cognito.redact("admin_update_user_attributes",
      { username = "u", user_attributes = { email = "a@b" } }).user_attributes)
  end)
end)

describe("cognito.attributes", function()
  local LIST = { { name = "email", value = "a@b" }, { name = "sub", value = "1" }, { value = "no name" } }

  it("takes a user of either reply, or a list", function()
    for _, given in ipairs { LIST, { attributes = LIST }, { user_attributes = LIST, username = "u" } } do
      assert.same({ email = "a@b", sub = "1" }, cognito.attributes(given))
    end
    assert.same({}, cognito.attributes { username = "u" })
  end)

  it("gives what a request takes", function()
    local got = cognito.attributes { attributes = LIST }
    assert.same(got, sent(got))
  end)

  it("refuses anything else at the caller's line", function()
    local ok, err = pcall(function() cognito.attributes(nil) end)
    assert.is_false(ok)
    assert.matches("attributes_spec.*not a nil", err)
  end)

  it("refuses what is no user at the caller's line", function()
    local box = require("cognito.sandbox").new {}
    box:add_user { username = "ada", email = "a@b.example" }
    local pool = cognito.new(box:settings())
    local reply = assert(pool:list_users {})
    for about, f in pairs {
      ["takes one user of a reply"] = function() cognito.attributes(reply) end,
      ["takes one user"] = function() cognito.attributes(reply.users) end,
      ["or a list of attributes"] = function() cognito.attributes { email = "a@b.example" } end,
      ["with a dot: cognito.attributes(user)"] = function() cognito:attributes(reply.users[1]) end,
    } do
      local ok, err = pcall(f)
      assert.is_false(ok, about)
      assert.matches("attributes_spec%.lua:%d+: attributes ", err)
      assert.matches(about, err, 1, true)
    end
    assert.equal("a@b.example", cognito.attributes(reply.users[1]).email)
    assert.equal("a@b.example", cognito.attributes(pool:admin_get_user { username = "ada" }).email)
    assert.same({}, cognito.attributes {})
  end)
end)
