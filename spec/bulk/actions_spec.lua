--- The actions of a bulk job: the marks that its other parts go by, and the parameters of each call.
local actions = require "cognito.bulk.actions"

local MARKS = { "sends", "keeps_out", "locks", "disables", "sign_out", "ends_tokens" }

local function marks(action)
  local found = {}
  for _, mark in ipairs(MARKS) do
    if action[mark] then found[#found + 1] = mark end
  end
  return table.concat(found, " ")
end

describe("an action", function()
  it("says what it is to the user, and how its unknown outcome is found out", function()
    local expected = {
      reset = { "sends sign_out", "look", "RESET_REQUIRED" }, lock = { "keeps_out locks sign_out", "repeat" },
      ["set-password"] = { "sign_out", "repeat" }, resend = { "sends", "uncertain" }, invite = { "sends", "uncertain" },
      disable = { "keeps_out disables sign_out", "repeat" }, enable = { "", "repeat" },
      ["sign-out"] = { "keeps_out ends_tokens", "repeat" }, secure = { "keeps_out disables", "repeat" },
    }
    for _, name in ipairs(actions.names()) do
      local action = actions.of { action = name, close = "disable" }
      assert.same(expected[name], { marks(action), action.unknown, action.becomes }, name)
    end
    assert.equal("keeps_out locks", marks(actions.of { action = "secure", close = "lock" }))
    assert.is_nil(actions.of { action = "delete" })
  end)

  it("is for users of some states, and gives the reason to skip the others", function()
    local statuses = { "CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED", "FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER" }
    local expected = {
      reset = { true, "already_reset", "unconfirmed", "never_signed_in", "external_provider" },
      lock = { true, true, "unconfirmed", true, "external_provider" },
      ["set-password"] = { true, true, "unconfirmed", true, "external_provider" },
      resend = { "confirmed", "confirmed", true, "invited", "external_provider" },
      invite = { "confirmed", "confirmed", "unconfirmed", true, "external_provider" },
      disable = { true, true, true, true, true }, enable = { true, true, true, true, true },
      ["sign-out"] = { true, true, "unconfirmed", true, true }, secure = { true, true, true, true, true },
    }
    for _, name in ipairs(actions.names()) do
      local found = {}
      local states = actions.of({ action = name, close = "disable" }).states
      for i, status in ipairs(statuses) do found[i] = states[status] end
      assert.same(expected[name], found, name)
    end
    local secure = actions.of { action = "secure", close = "lock" }
    assert.same({ "unconfirmed", "external_provider" }, { secure.states.UNCONFIRMED, secure.states.EXTERNAL_PROVIDER })
    for _, status in ipairs { "ARCHIVED", "COMPROMISED", "UNKNOWN" } do
      assert.is_true(actions.all.enable.states[status])
    end
    assert.same({ "disabled", "already_disabled", "already_enabled" }, { actions.all.reset.disabled,
      actions.all.disable.disabled, actions.all.enable.enabled })
  end)

  it("that secures an account has a step for each factor, after those of the account", function()
    local function names(close, factors)
      local list = {}
      for i, step in ipairs(actions.of({ action = "secure", close = close, factors = factors }).steps) do
        list[i] = step.name
      end
      return table.concat(list, " ")
    end
    assert.equal("disable sign_out sessions devices", names "disable")
    assert.equal("lock sign_out sessions devices remove_factor:SMS_MFA remove_factor:EMAIL_OTP",
      names("lock", "SMS_MFA EMAIL_OTP"))
  end)

  it("calls a user by the id that is never given twice, one of another provider by name", function()
    assert.equal("id", actions.person { username = "u", sub = "id", status_before = "CONFIRMED" })
    assert.equal("u", actions.person { username = "u", status_before = "CONFIRMED" })
    assert.equal("u", actions.person { username = "u", sub = "id", status_before = "EXTERNAL_PROVIDER" })
  end)

  it("has the parameters of its call", function()
    local user = { username = "u", sub = "id", status_before = "CONFIRMED", medium = "EMAIL" }
    local data = { a = "b" }
    local options = { client_metadata = data, permanent = false, password = function() return "Secret-1" end }
    for name, params in pairs {
      reset = { username = "id", client_metadata = data }, resend = { username = "id", client_metadata = data },
      ["set-password"] = { username = "id", password = "Secret-1", permanent = false },
      invite = { username = "u", message_action = "RESEND", desired_delivery_mediums = { "EMAIL" },
        client_metadata = data },
      disable = { username = "id" }, enable = { username = "id" }, ["sign-out"] = { username = "id" },
    } do
      assert.same(params, actions.all[name].params(user, options), name)
    end
    user.medium = nil
    assert.is_nil(actions.all.invite.params(user, options).desired_delivery_mediums)
    local locked, other = actions.all.lock.params(user), actions.all.lock.params(user)
    assert.same({ "id", true, "string" }, { locked.username, locked.permanent, type(locked.password) })
    assert.is_false(locked.password == other.password)
  end)

  it("that sets passwords has none for a user of whom the program knows none", function()
    for _, answer in ipairs { {}, { "" }, { 5 } } do
      assert.same({ nil, "no_password", "fault" }, { actions.all["set-password"].params({ username = "u" },
        { password = function() return answer[1], "not shown", "fault" end }) })
    end
  end)
end)
