-- The model of the service: names, classes, secrets, sensitive members.
local c_locale = require "cognito.c_locale"
local facts = require "model.facts"
local generate = require "model.generate"
local names = require "model.names"
local overlay = require "model.overlay"
local resolve = require "model.resolve"
local tiny = require "spec.support.tiny_model"

local find = tiny.find
local load_text = loadstring or load -- luacheck: ignore 113

describe("names", function()
  -- All names of the service with runs of capitals, digits or small starts:
  -- a new one makes the next test fail, so that it is looked at.
  local odd = {
    AWSAccountId = "aws_account_id",
    AdminSetUserMFAPreference = "admin_set_user_mfa_preference",
    AllowedOAuthFlows = "allowed_oauth_flows",
    AllowedOAuthFlowsUserPoolClient = "allowed_oauth_flows_user_pool_client",
    AllowedOAuthScopes = "allowed_oauth_scopes",
    BlockedIPRangeList = "blocked_ip_range_list",
    CSS = "css",
    CSSVersion = "css_version",
    CSVHeader = "csv_header",
    CallbackURLs = "callback_urls",
    CustomSMSSender = "custom_sms_sender",
    DefaultRedirectURI = "default_redirect_uri",
    GetCSVHeader = "get_csv_header",
    GetUICustomization = "get_ui_customization",
    KMSKeyID = "kms_key_id",
    LastIPAddress = "last_ip_address",
    LogoutURLs = "logout_urls",
    MFAOptions = "mfa_options",
    PrimaryRoute53HealthCheckId = "primary_route53_health_check_id",
    S3Bucket = "s3_bucket",
    S3Configuration = "s3_configuration",
    SMSMessage = "sms_message",
    SMSMfaSettings = "sms_mfa_settings",
    SSOSession = "sso_session",
    SetUICustomization = "set_ui_customization",
    SetUserMFAPreference = "set_user_mfa_preference",
    SkippedIPRangeList = "skipped_ip_range_list",
    UICustomization = "ui_customization",
    UserMFASettingList = "user_mfa_setting_list",
    headerName = "header_name",
    headerValue = "header_value",
  }

  local function each_name(f)
    for name in pairs(facts.operations) do
      f(name)
    end
    for _, shape in pairs(facts.shapes) do
      for name in pairs(not shape.exception and shape.members or {}) do
        f(name)
      end
    end
  end

  it("cuts the odd ones well", function()
    for wire, name in pairs(odd) do
      assert.equal(name, names.snake(wire))
    end
  end)

  it("has no odd one that is not listed", function()
    local found = {}
    each_name(function(name)
      if name:find("%u%u") or name:find("%d") or name:find("^%l") then
        found[name] = names.snake(name)
      end
    end)
    assert.same(odd, found)
  end)

  it("cuts the rest at every capital", function()
    assert.equal("user_pool_id", names.snake("UserPoolId"))
    assert.equal("token_validity_units", names.snake("TokenValidityUnits"))
    assert.equal("start_web_authn_registration",
      names.snake("StartWebAuthnRegistration"))
    assert.equal("username", names.snake("Username"))
  end)

  it("makes names that Lua code can write after a dot", function()
    each_name(function(name)
      assert.truthy(load_text("local t = {} return t." .. names.snake(name)))
    end)
  end)
end)

describe("the model of the service", function()
  local model = resolve(facts, overlay)

  local function operation(name)
    return assert(find(model.operations, name), name)
  end

  it("has 140 operations, 35 of them unsigned", function()
    local unsigned = 0
    for _, one in ipairs(model.operations) do
      unsigned = unsigned + (one.signed and 0 or 1)
    end
    assert.equal(140, #model.operations)
    assert.equal(35, unsigned)
    assert.is_false(operation("forgot_password").signed)
    assert.is_false(operation("get_client_token").signed)
    assert.is_true(operation("admin_reset_user_password").signed)
  end)

  it("is sorted the way the core searches it", function()
    for i = 2, #model.operations do
      assert.is_true(c_locale.before(model.operations[i - 1].name, model.operations[i].name))
    end
    for _, shape in ipairs(model.shapes) do
      for i = 2, #(shape.members or {}) do
        assert.is_true(c_locale.before(shape.members[i - 1].wire, shape.members[i].wire))
      end
    end
  end)

  it("knows what twice would do", function()
    local expected = {
      admin_get_user = "read",
      list_users = "read",
      describe_user_pool = "read",
      admin_user_global_sign_out = "repeat",
      admin_set_user_password = "repeat",
      admin_enable_user = "repeat",
      admin_disable_user = "repeat",
      confirm_forgot_password = "once",
      confirm_sign_up = "once",
      admin_confirm_sign_up = "once",
      get_tokens_from_refresh_token = "once",
      global_sign_out = "once",
      forgot_password = "message",
      resend_confirmation_code = "message",
      admin_reset_user_password = "message",
      sign_up = "message",
      admin_create_user = "message",
      initiate_auth = "message",
      respond_to_auth_challenge = "message",
      update_user_attributes = "message",
      get_user_attribute_verification_code = "message",
    }
    for name, effect in pairs(expected) do
      assert.equal(effect, operation(name).effect, name)
    end
  end)

  it("counts nothing as a reading that is not called one", function()
    for _, one in ipairs(model.operations) do
      if one.effect == "read" then
        local word = one.wire:match("^Admin(%u%l+)") or one.wire:match("^%u%l+")
        assert.truthy(word == "Get" or word == "List" or word == "Describe",
          one.name)
      end
    end
  end)

  it("knows the parameters that decide", function()
    assert.same(
      { { member = "message_action", value = "SUPPRESS", effect = "once" } },
      operation("admin_create_user").rules)
    for _, name in ipairs { "initiate_auth", "admin_initiate_auth" } do
      local rules = operation(name).rules
      assert.equal(2, #rules)
      for _, rule in ipairs(rules) do
        assert.equal("auth_flow", rule.member)
        assert.truthy(rule.value:find("^REFRESH_TOKEN"))
        assert.equal("once", rule.effect)
      end
    end
  end)

  it("knows where the client's secret goes, and nowhere else", function()
    local found = {}
    for _, one in ipairs(model.operations) do
      found[one.name] = one.secret and one.secret.kind
    end
    assert.same({
      forgot_password = "hash",
      confirm_forgot_password = "hash",
      resend_confirmation_code = "hash",
      sign_up = "hash",
      confirm_sign_up = "hash",
      initiate_auth = "auth",
      admin_initiate_auth = "auth",
      respond_to_auth_challenge = "challenge",
      admin_respond_to_auth_challenge = "challenge",
      revoke_token = "plain",
      get_tokens_from_refresh_token = "plain",
      get_client_token = "machine",
    }, found)
  end)

  it("has a place for every SecretHash that the service takes", function()
    for _, one in ipairs(model.operations) do
      if find(one.input.members, "secret_hash") then
        assert.equal("hash", one.secret and one.secret.kind, one.name)
      end
    end
  end)

  it("lets nothing sensitive through by its name", function()
    local telling = { "password$", "secret$", "^secret_", "_token$",
      "^token$", "code$", "^session$", "^destination$", "^username$",
      "_hash$", "ip_address$", "^client_metadata$", "email_address$",
      "^challenge_", "^credential$" }
    -- Their names tell of a code, but what they hold is a setting or a word.
    local harmless = { reason_code = true, challenge_name = true,
      challenge_response = true, challenge_required_on_new_device = true,
      generate_secret = true }
    for _, shape in ipairs(model.shapes) do
      for _, member in ipairs(shape.members or {}) do
        local type = member.shape.type
        local shown = not (member.sensitive or shape.sensitive)
          and not harmless[member.name] and not member.shape.enum and type ~= "structure" and type ~= "list"
        for _, pattern in ipairs(telling) do
          assert.is_false(shown and member.name:find(pattern) ~= nil,
            shape.name .. "." .. member.name)
        end
      end
    end
  end)

  it("is the source of the generated files", function()
    local err = tiny.sink()
    assert.equal(0, generate.main(err, "", "--check"), err.text())
  end)
end)
