--- A client's source of credentials: what it was given, the answers of a function, and others than those refused.
local credentials = require "cognito.credentials"

local function source(given)
  return credentials.source({ credentials = given })
end

describe("a client's source of credentials", function()
  it("is what the settings hold, of which it says no more", function()
    local keys = { access_key_id = "AK", secret_access_key = "s" }
    local find, describe_them = source(keys)
    assert.equal(keys, find())
    assert.equal(keys, find { access_key_id = "AK" })
    assert.same({ source = "settings" }, describe_them())
  end)

  it("is a function that is passed those refused", function()
    local passed = {}
    local find, describe_them = source(function(refused)
      passed[#passed + 1] = refused or "none"
      return { access_key_id = "AK" .. #passed }
    end)
    local refused = find()
    assert.same({ access_key_id = "AK2" }, find(refused))
    assert.same({ "none", { access_key_id = "AK1" } }, passed)
    assert.same({ source = "a function of the program" }, describe_them())
  end)

  it("ends with a function's error where that says why: a copy, since the call completes it", function()
    for _, err in ipairs { { kind = "credentials", code = "expired", message = "log in" },
      { kind = "network", code = "aborted", message = "the task was cancelled" } } do
      local found, got = source(function() return nil, err end)()
      assert.same({ nil, err }, { found, got })
      assert.is_false(err == got)
    end
  end)

  it("ends with an error of its own where a function returns none", function()
    local words = "the credentials function returned no table"
    for text, answer in pairs { [words] = {}, [words .. ": locked"] = { nil, "locked" },
      [words .. ": nothing"] = { false, setmetatable({ code = "connect", kind = "network" },
        { __tostring = function() return "nothing" end }) } } do
      local found, err = source(function() return answer[1], answer[2] end)()
      assert.same({ nil, "no_credentials", "credentials", text }, { found, err.code, err.kind, err.message })
    end
  end)

  it("is a provider, which finds others than those refused", function()
    local key = "AK1"
    local provider = credentials.chain { profile = nil, read_file = function() end, env = function(name)
      return ({ AWS_ACCESS_KEY_ID = key, AWS_SECRET_ACCESS_KEY = "s" })[name]
    end }
    local find, describe_them = source(provider)
    assert.same({}, describe_them())
    local first = find()
    assert.equal("AK1", first.access_key_id)
    assert.equal(provider:describe().source, describe_them().source)
    assert.is_string(describe_them().source)
    key = "AK2"
    assert.equal("AK1", find().access_key_id)
    assert.equal("AK2", find(first).access_key_id)
    assert.equal("AK2", find().access_key_id)
  end)
end)
