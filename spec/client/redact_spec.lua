local cognito = require "cognito"

describe("cognito.redact", function()
  it("masks sensitive values and shows the rest", function()
    assert.same({
      username = "[redacted]", client_id = "[redacted]", confirmation_code = "[redacted]", password = "[redacted]",
      secret_hash = "[redacted]", client_metadata = "[redacted]", user_context_data = "[redacted]",
      analytics_metadata = { analytics_endpoint_id = "e" },
    }, cognito.redact("confirm_forgot_password", {
      username = "ada", client_id = "c", confirmation_code = "123456", password = "p", secret_hash = "h",
      client_metadata = { a = "b" }, user_context_data = { ip_address = "192.0.2.1" },
      analytics_metadata = { analytics_endpoint_id = "e" },
    }))
  end)

  it("shows the entries of lists by what they are", function()
    assert.same({ users = { { username = "[redacted]", enabled = true }, { user_status = "CONFIRMED" } } },
      cognito.redact("list_users", { users = { { username = "ada", enabled = true }, { user_status = "CONFIRMED" } } }))
  end)

  it("masks a number where a structure, a list or a map belongs, and shows it elsewhere", function()
    local native, seen = require "cognito.native", {}
    for _, operation in ipairs(native.operations()) do
      local described, replied = native.describe(operation), {}
      for _, member in ipairs(described.output or {}) do replied[member.name] = true end
      for _, member in ipairs(described.input or {}) do
        if not member.sensitive and member.type ~= "document" and not replied[member.name] then
          local is_structured = member.type == "structure" or member.type == "list" or member.type == "map"
          seen[member.type] = true
          local is_text = member.type == "string" or member.type == "blob"
          local function shown(value) return cognito.redact(operation, { [member.name] = value })[member.name] end
          assert.equal(is_structured and "[redacted]" or 5, shown(5))
          assert.equal(is_text and "t" or "[redacted]", shown "t")
        end
      end
    end
    for _, kind in ipairs { "structure", "list", "map", "string", "boolean" } do assert.is_true(seen[kind], kind) end
  end)

  it("takes a table, or the line of the call is to blame", function()
    local mistake = function() cognito.redact("forgot_password", "ada") end
    local made_at = debug.getinfo(mistake, "S")
    local _, message = pcall(mistake)
    assert.equal(("%s:%d: redact takes a table, not a string"):format(made_at.short_src, made_at.linedefined), message)
  end)

  it("works for replies too", function()
    assert.same({ code_delivery_details = {
      attribute_name = "email", delivery_medium = "EMAIL", destination = "[redacted]",
    } }, cognito.redact("forgot_password", { code_delivery_details = {
      attribute_name = "email", delivery_medium = "EMAIL", destination = "a***@e***",
    } }))
  end)

  it("masks unknown members", function()
    assert.same({ brand_new = "[redacted]" }, cognito.redact("forgot_password", { brand_new = { "x" } }))
    assert.same({ code_delivery_details = "[redacted]" },
      cognito.redact("forgot_password", { code_delivery_details = "oops" }))
  end)

  it("shows maps by their values, and masks a table where a text belongs", function()
    assert.same({ user_pool_tags = { team = "billing", odd = "[redacted]" } },
      cognito.redact("create_user_pool", { user_pool_tags = { team = "billing", odd = { "Secret-1" } } }))
    assert.same({ analytics_metadata = { analytics_endpoint_id = "[redacted]" } },
      cognito.redact("forgot_password", { analytics_metadata = { analytics_endpoint_id = { "Secret-1" } } }))
  end)

  it("masks a text where a number, a time or a flag belongs", function()
    assert.same({ authentication_result = { expires_in = "[redacted]" } },
      cognito.redact("initiate_auth", { authentication_result = { expires_in = "Secret-1" } }))
    assert.same({ authentication_result = { expires_in = 3600 } },
      cognito.redact("initiate_auth", { authentication_result = { expires_in = 3600 } }))
    assert.same({ user_confirmation_necessary = "[redacted]" },
      cognito.redact("confirm_device", { user_confirmation_necessary = "Secret-1" }))
    assert.same({ user_confirmation_necessary = false },
      cognito.redact("confirm_device", { user_confirmation_necessary = false }))
  end)

  it("leaves its argument unchanged", function()
    local params = { username = "ada" }
    cognito.redact("forgot_password", params)
    assert.same({ username = "ada" }, params)
  end)

  it("raises for wrong arguments", function()
    assert.has_error(function() cognito.redact("forgot_pass", {}) end)
    assert.has_error(function() cognito.redact("forgot_password", "x") end)
  end)

  -- No marks are to be trusted blindly: names that smell of secrets.
  it("covers every member that sounds like a secret", function()
    local smells = { "password", "secret", "token", "confirmation_code", "user_code", "session$", "destination",
      "email_address", "phone_number", "secret_hash" }
    local harmless = {
      -- settings and names, not the things themselves
      token_type = true, client_secret_id = true, password_hashing_algorithm = true, pre_token_generation = true,
      token_validity_units = true,
    }
    local bare = {}
    local function look(operation, members, path)
      for _, member in ipairs(members or {}) do
        local here = path .. "." .. member.name
        if not member.sensitive and not harmless[member.name] then
          for _, smell in ipairs(smells) do
            if member.name:find(smell) and member.type == "string" then
              bare[#bare + 1] = operation .. here
            end
          end
          look(operation, member.members, here)
          look(operation, member.element and member.element.members, here)
        end
      end
    end
    for _, name in ipairs(require("cognito.native").operations()) do
      local described = cognito.describe(name)
      look(name, described.input, "")
      look(name, described.output, "")
    end
    assert.same({}, bare)
  end)
end)
