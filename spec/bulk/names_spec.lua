-- Names as the pool compares them, and names that the service refuses: found or
-- not, whichever way they are looked up, and no plan aborted without its line.
local bulk = require "cognito.bulk"
local c_locale = require "cognito.c_locale"
local helper = require "spec.support.bulk"

local outcomes = helper.outcomes

-- The same names alone, and among so many that the whole pool is read.
local function both_ways(pool, names)
  local alone, many = {}, {}
  for _, name in ipairs(names) do
    for found, outcome in pairs(outcomes(helper.plan(pool, { users = { name }, action = "lock" }))) do
      alone[found] = outcome
    end
  end
  for i, name in ipairs(names) do many[i] = name end
  for i = 1, 20 do many[#many + 1] = "filler" .. i end
  local company = outcomes(helper.plan(pool, { users = many, action = "lock" }))
  for i = 1, 20 do
    assert.equal("unknown_user", company["filler" .. i])
    company["filler" .. i] = nil
  end
  assert.same(alone, company)
  return alone
end

describe("a name", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("in capitals with an accent is found alone and in company", function()
    local box, pool = helper.world(100, { case_sensitive = false })
    box:add_user { username = "\195\169mile", email = "emile@example.com" }
    assert.same({ ["\195\169mile"] = "planned" }, both_ways(pool, { "\195\137MILE" }))
    assert.same({ ["\195\169mile"] = "planned" }, both_ways(pool, { "E\204\129MILE" }))
  end)

  it("in another case leads to no user where the pool tells cases apart, though filters do not", function()
    local _, pool = helper.world(100)
    local list_users = pool.list_users
    rawset(pool, "list_users", function(self, params)
      params.filter = params.filter and c_locale.lower(params.filter)
      return list_users(self, params)
    end)
    assert.same({ U1 = "unknown_user", ["U2@example.com"] = "unknown_user", u3 = "planned" },
      both_ways(pool, { "U1", "U2@example.com", "u3" }))
  end)

  it("by which a user likes to be called leads to no user, unless the pool keeps it unique", function()
    for aliases, expected in pairs { [{}] = { countess = "unknown_user" },
      [{ "preferred_username" }] = { ada = "planned" } } do
      local box, pool = helper.world(100, { alias_attributes = aliases })
      box:add_user { username = "ada", email = "a@example.com", attributes = { preferred_username = "countess" } }
      assert.same(expected, both_ways(pool, { "countess" }))
    end
  end)

  it("means the user whose verified address it is before others with that address, and none where several have it",
    function()
    local box, pool = helper.world(100)
    for i, verified in ipairs { false, true, false } do
      box:add_user { username = "shared" .. i, email = "shared@example.com", email_verified = verified }
    end
    for i = 1, 12 do box:add_user { username = "many" .. i, email = "many@example.com", email_verified = false } end
    for i = 1, 2 do box:add_user { username = "both" .. i, email = "both@example.com", email_verified = true } end
    assert.same({ shared2 = "planned", ["many@example.com"] = "ambiguous", ["both@example.com"] = "ambiguous" },
      both_ways(pool, { "shared@example.com", "many@example.com", "both@example.com" }))
  end)

  it("is looked for in the whole pool once, for both lists", function()
    local box, pool = helper.world(100)
    local exclude = helper.file("left-out.txt", "u3\nx1\nx2\nx3\nx4\n")
    local job = helper.plan(pool, { users = { "u1", "u2", "u3", "y1" }, exclude = exclude, allow_unmatched = true })
    assert.same({ u1 = "planned", u2 = "planned", u3 = "excluded", y1 = "unknown_user" }, outcomes(job))
    assert.equal(2, box:executions "list_users")
  end)

  it("that no user can have is an unknown user", function()
    for _, case_sensitive in ipairs { true, false } do
      local options = { case_sensitive = case_sensitive, alias_attributes = { "preferred_username" } }
      local _, pool = helper.world(100, options)
      local odd = { "c d", ("x"):rep(129), ("x"):rep(257), ("\195\169"):rep(200), ("y"):rep(250) .. "@example.com",
        "a\194\160b", "a\227\128\128b", '"', "\\", "'", "%", "username", "-rf", ('"'):rep(120) }
      local found = both_ways(pool, odd)
      for _, name in ipairs(odd) do
        assert.equal("unknown_user", found[name], name)
      end
    end
  end)

  it("that AdminGetUser refuses is an unknown user", function()
    local box, pool = helper.world(3, { case_sensitive = false })
    local asked, odd = 0, "zw\226\128\141j"
    box:misbehave { operation = "admin_get_user", what = "error", code = "InvalidParameterException",
      message = "Value at 'username' failed to satisfy constraint" }
    pool = pool:with { on_attempt = function(attempt)
      asked = asked + (attempt.operation == "admin_get_user" and 1 or 0)
    end }
    assert.equal("unknown_user", outcomes(helper.plan(pool, { users = { odd } }))[odd])
    assert.equal(1, asked)
  end)

  it("that ListUsers refuses ends the plan with its line", function()
    local box, pool = helper.world(300)
    box:misbehave { operation = "list_users", what = "error", code = "InvalidParameterException", message = "no" }
    local job, err = bulk.plan { pool = pool, journal = helper.path(), action = "lock", users =
      helper.file("a.csv", "username\n\nodd\n") }
    assert.is_nil(job)
    assert.same({ "invalid_input", 3 }, { err.code, err.line })
    assert.matches("line 3: the service refuses to look this user up: ", err.message, 1, true)
  end)

  it("with control characters, or none at all, is refused with file and line", function()
    local _, pool = helper.world(3)
    for name, text in pairs {
      ["a.txt"] = "u1\nu\0072\n", ["a.csv"] = 'username,x\nu1,1\n"",2\n', ["a.jsonl"] = '"u1"\n"\\u0001"\n',
    } do
      local path = helper.file(name, text)
      local job, err = bulk.plan { pool = pool, journal = helper.path(), action = "lock", users = path }
      assert.is_nil(job)
      assert.equal("invalid_input", err.code)
      assert.equal(path, err.file)
      assert.equal(name == "a.csv" and 3 or 2, err.line)
      assert.matches(path .. ", line " .. err.line .. ": ", err.message, 1, true)
    end
  end)
end)
