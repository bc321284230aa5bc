-- The description of an operation, and of one that does not exist.

local cognito = require "cognito"

local function raises(pattern, f)
  local ok, message = pcall(f)
  assert.is_false(ok)
  assert.matches("describe_spec%.lua:%d+: " .. pattern, message)
end

describe("cognito.describe", function()
  it("describes an operation", function()
    local described, problem = cognito.describe "forgot_password"
    assert.same({ "forgot_password", "ForgotPassword" }, { described.name, described.wire_name })
    assert.is_nil(problem)
  end)

  for wrong, right in pairs {
    ForgotPassword = "forgot_password", forgot_pasword = "forgot_password", ["forgot_password\0x"] = "forgot_password",
    ["forgot_password\0"] = "forgot_password", ["admin-get-user"] = "admin_get_user",
  } do
    it(("returns nil and the nearest name for %q"):format(wrong), function()
      local described, problem = cognito.describe(wrong)
      assert.is_nil(described)
      local shown = wrong:gsub("%c", "?")
      assert.equal(("no operation '%s'; did you mean '%s'?"):format(shown, right), problem)
    end)
  end

  it("returns nil and a sentence where no name is near", function()
    for _, wrong in ipairs { "", "something_else_altogether" } do
      local described, problem = cognito.describe(wrong)
      assert.is_nil(described)
      assert.equal(("no operation '%s'"):format(wrong), problem)
    end
  end)

  it("raises at the caller's line for what is no string", function()
    local says = "describe takes the name of an operation, like 'list_users', not a "
    raises(says .. "nil", function() cognito.describe() end)
    raises(says .. "number", function() cognito.describe(3) end)
    raises(says .. "table", function() cognito:describe "list_users" end)
  end)
end)

describe("a client", function()
  local pool = cognito.new { user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", env = function() end }

  it("takes no name that goes on behind a NUL", function()
    raises("no operation .*did you mean 'list_users'", function() pool:each("list_users\0x", {}) end)
    raises("no operation .*did you mean 'list_users'", function() pool:build("list_users\0x", {}) end)
    raises("no operation .*did you mean 'list_users'", function() local _ = pool["list_users\0x"] end)
  end)

  it("describes itself, not an operation", function()
    assert.is_table(pool:describe().settings)
    raises("pool:describe describes the client and takes nothing; cognito.describe describes an operation",
      function() pool:describe "forgot_password" end)
  end)
end)
