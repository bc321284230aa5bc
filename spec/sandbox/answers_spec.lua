--- User states against operations, as the service's documentation and its
-- users tell them: written out here by hand, not read from the sandbox.
local answers = require "cognito.sandbox.answers"
local sandbox = require "cognito.sandbox"
local call = require "spec.support.sandbox_call"

local PASSWORD = "Old-pass1word"

local users = {
  CONFIRMED = { email = "c@example.com" },
  none_verified = { email = "n@example.com", email_verified = false },
  RESET_REQUIRED = { email = "r@example.com", status = "RESET_REQUIRED" },
  reset_without_address = { status = "RESET_REQUIRED" },
  UNCONFIRMED = { email = "u@example.com", status = "UNCONFIRMED" },
  FORCE_CHANGE_PASSWORD = { email = "f@example.com",
    status = "FORCE_CHANGE_PASSWORD" },
  EXTERNAL_PROVIDER = { email = "e@example.com",
    status = "EXTERNAL_PROVIDER" },
  disabled = { email = "d@example.com", enabled = false },
}

local function box_with(state, options)
  local box = sandbox.new(options)
  local user = users[state]
  if user then
    local copy = { username = "ada", password = PASSWORD }
    for key, value in pairs(user) do copy[key] = value end
    box:add_user(copy)
  end
  return box
end

-- "Code: text" of a refusal, "sent" and "simulated" for the two kinds of 200.
local function outcome(box, operation, members)
  local result, reply = call.call(box, operation, members)
  if reply.status ~= 200 then
    return result.__type .. ": " .. result.message
  end
  if result.ChallengeName then return result.ChallengeName end
  if #box.outbox > 0 then return "sent" end
  return result.CodeDeliveryDetails and "simulated" or "ok"
end

local function check(operation, state, options, members, expected)
  local box = box_with(state, options)
  local found = outcome(box, operation, members)
  if found:sub(1, #expected) ~= expected then
    error(("%s, %s, %s: expected %s, found %s"):format(operation, state,
      options.prevent_user_existence_errors, expected, found))
  end
end

-- Short names for what the service says.
local UNKNOWN = "UserNotFoundException: Username/client id combination"
  .. " not found."
local NO_USER = "UserNotFoundException: User does not exist."
local STATE = "NotAuthorizedException: User password cannot be reset in the"
  .. " current state."
local CONTACT = "InvalidParameterException: Cannot reset password for the user"
  .. " as there is no registered/verified email or phone_number"
local DISABLED = "NotAuthorizedException: User is disabled."
local ALREADY = "InvalidParameterException: User is already confirmed."
local INCORRECT = "NotAuthorizedException: Incorrect username or password."
local RESET = "PasswordResetRequiredException: "

-- Each row: LEGACY, and ENABLED where it differs.
local recovery = {
  ForgotPassword = {
    unknown = { UNKNOWN, "simulated" },
    CONFIRMED = { "sent" },
    none_verified = { CONTACT, "simulated" },
    reset_without_address = { CONTACT, "simulated" },
    RESET_REQUIRED = { "sent" },
    UNCONFIRMED = { CONTACT, "simulated" },
    FORCE_CHANGE_PASSWORD = { STATE, "simulated" },
    EXTERNAL_PROVIDER = { STATE, "simulated" },
    disabled = { DISABLED, "simulated" },
  },
  AdminResetUserPassword = {
    unknown = { NO_USER },
    CONFIRMED = { "sent" },
    none_verified = { CONTACT },
    reset_without_address = { CONTACT },
    RESET_REQUIRED = { "sent" },
    UNCONFIRMED = { STATE },
    FORCE_CHANGE_PASSWORD = { STATE },
    EXTERNAL_PROVIDER = { STATE },
    disabled = { DISABLED },
  },
  ResendConfirmationCode = {
    unknown = { UNKNOWN, "simulated" },
    CONFIRMED = { ALREADY, "simulated" },
    none_verified = { ALREADY, "simulated" },
    reset_without_address = { ALREADY, "simulated" },
    RESET_REQUIRED = { ALREADY, "simulated" },
    UNCONFIRMED = { "sent" },
    FORCE_CHANGE_PASSWORD = { ALREADY, "simulated" },
    EXTERNAL_PROVIDER = { ALREADY, "simulated" },
    disabled = { DISABLED, "simulated" },
  },
}

local sign_in = {
  unknown = { NO_USER, INCORRECT },
  CONFIRMED = { "ok" },
  none_verified = { "ok" },
  RESET_REQUIRED = { RESET },
  reset_without_address = { RESET },
  UNCONFIRMED = { "UserNotConfirmedException: User is not confirmed." },
  FORCE_CHANGE_PASSWORD = { "NEW_PASSWORD_REQUIRED" },
  EXTERNAL_PROVIDER = { INCORRECT },
  disabled = { DISABLED, INCORRECT },
}

local function both(operation, state, row, members)
  for column, setting in ipairs { "LEGACY", "ENABLED" } do
    check(operation, state, { prevent_user_existence_errors = setting,
      client_secret = false }, members, row[column] or row[1])
  end
end

describe("the sandbox's table of answers:", function()
  for operation, states in pairs(recovery) do
    for state, row in pairs(states) do
      it(operation .. " and a user who is " .. state, function()
        both(operation, state, row, { Username = "ada" })
      end)
    end
  end

  for state, row in pairs(sign_in) do
    it("signing in as a user who is " .. state, function()
      both("InitiateAuth", state, row, { AuthFlow = "USER_PASSWORD_AUTH",
        AuthParameters = { USERNAME = "ada", PASSWORD = PASSWORD } })
    end)
  end

  it("ConfirmForgotPassword by state", function()
    local members = { Username = "ada", ConfirmationCode = "123456",
      Password = "New-pass1word" }
    local mismatch = "CodeMismatchException: Invalid verification code"
      .. " provided, please try again."
    local expired = "ExpiredCodeException: Invalid code provided, please"
      .. " request a code again."
    both("ConfirmForgotPassword", "unknown", { UNKNOWN, mismatch }, members)
    both("ConfirmForgotPassword", "disabled", { DISABLED, mismatch }, members)
    both("ConfirmForgotPassword", "UNCONFIRMED",
      { "UserNotConfirmedException: " }, members)
    for _, state in ipairs { "CONFIRMED", "RESET_REQUIRED",
      "FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER" } do
      both("ConfirmForgotPassword", state, { expired }, members)
    end
  end)

  it("a state that takes no sign-up code names itself", function()
    for _, state in ipairs { "CONFIRMED", "RESET_REQUIRED",
      "FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER" } do
      local expected = "NotAuthorizedException: User cannot be confirmed."
        .. " Current status is " .. state
      both("ConfirmSignUp", state, { expected },
        { Username = "ada", ConfirmationCode = "123456" })
      both("AdminConfirmSignUp", state, { expected }, { Username = "ada" })
    end
  end)

  it("a pool whose administrators recover users refuses the rest", function()
    for _, operation in ipairs { "ForgotPassword", "AdminResetUserPassword" }
    do
      for _, state in ipairs { "CONFIRMED", "unknown" } do
        check(operation, state, { recovery = "admin_only" },
          { Username = "ada" }, "NotAuthorizedException: ")
      end
    end
    check("ResendConfirmationCode", "UNCONFIRMED", { recovery = "admin_only" },
      { Username = "ada" }, "sent")
    check("ResendConfirmationCode", "CONFIRMED", { recovery = "admin_only" },
      { Username = "ada" }, "simulated")
  end)

  it("AdminSetUserPassword works in every state and sends nothing", function()
    for state in pairs(users) do
      for _, permanent in ipairs { true, false } do
        local box = box_with(state)
        call.must(box, "AdminSetUserPassword", { Username = "ada",
          Password = "New-pass1word", Permanent = permanent })
        assert.equal(permanent and "CONFIRMED" or "FORCE_CHANGE_PASSWORD",
          box:user "ada".status)
        assert.equal(0, #box.outbox)
      end
    end
  end)

  it("RESEND of an invitation wants FORCE_CHANGE_PASSWORD", function()
    local members = { Username = "ada", MessageAction = "RESEND",
      DesiredDeliveryMediums = { "EMAIL" } }
    both("AdminCreateUser", "FORCE_CHANGE_PASSWORD", { "sent" }, members)
    both("AdminCreateUser", "unknown", { NO_USER }, members)
    check("AdminCreateUser", "CONFIRMED",
      { prevent_user_existence_errors = "LEGACY" }, members,
      "UnsupportedUserStateException: Resend not possible."
      .. " ada status is not FORCE_CHANGE_PASSWORD")
    for _, state in ipairs { "CONFIRMED", "UNCONFIRMED", "RESET_REQUIRED",
      "EXTERNAL_PROVIDER", "none_verified" } do
      both("AdminCreateUser", state, { "UnsupportedUserStateException: " },
        members)
    end
  end)
end)

describe("a name that is unknown in the sandbox", function()
  local refusals = { ForgotPassword = CONTACT,
    ResendConfirmationCode = ALREADY }

  for operation, refused in pairs(refusals) do
    it("is answered in turn by " .. operation, function()
      local members = { Username = "ghost" }
      local box = box_with("CONFIRMED", { client_secret = false })
      for _ = 1, 2 do
        assert.equal("simulated", outcome(box, operation, members))
        assert.equal(refused, outcome(box, operation, members))
      end
      assert.equal("simulated",
        outcome(box, operation, { Username = "another" }))
      box = box_with("CONFIRMED", { client_secret = false,
        assumptions = { unknown_alternates = false } })
      for _ = 1, 3 do
        assert.equal("simulated", outcome(box, operation, members))
      end
    end)
  end
end)

describe("the sandbox's behaviour", function()
  local function documented()
    local file = assert(io.open("docs/sandbox.md"))
    local text = file:read "*a"
    file:close()
    return text
  end

  it("has a source, each piece, or is documented as assumed", function()
    local text, seen = documented(), 0
    for _, each in ipairs(answers.sources()) do
      assert.is_string(each.source, each.name)
      local operation, state = each.name:match "^([^.]+)%.?(.*)$"
      if each.assumed then
        local row = text:match("\n| `" .. operation .. "`[^\n]+")
        assert.is_string(row, each.name)
        assert.truthy(row:find(state, 1, true), each.name)
      else
        assert.truthy(text:find(each.source, 1, true), each.source)
      end
      seen = seen + 1
    end
    assert.is_true(seen > 40)
  end)
end)

describe("the sandbox's assumptions", function()
  it("can be changed, cell by cell", function()
    check("AdminResetUserPassword", "UNCONFIRMED", { assumptions = {
      admin_reset_user_password = { UNCONFIRMED = "accepted" } } },
      { Username = "ada" }, "ok")
    check("InitiateAuth", "RESET_REQUIRED", { client_secret = false,
      assumptions = { initiate_auth = { RESET_REQUIRED = {
        LEGACY = "reset_required", ENABLED = "bad_password" } } } },
      { AuthFlow = "USER_PASSWORD_AUTH", AuthParameters = {
        USERNAME = "ada", PASSWORD = PASSWORD } }, INCORRECT)
  end)

  it("are not documented behaviour", function()
    local function new(assumptions)
      return function() sandbox.new { assumptions = assumptions } end
    end
    assert.error_matches(new { forgot_password = { unknown = "accepted" } },
      "forgot_password.unknown is no assumption")
    assert.error_matches(new { forgot_password = { disabled = {
      LEGACY = "accepted", ENABLED = { "simulated", "maybe" } } } },
      "forgot_password.disabled must be an answer")
    assert.error_matches(new { forgot_password = { disabled = "maybe" } },
      "forgot_password.disabled must be an answer")
    assert.error_matches(new { forgot_passwort = {} },
      "unknown assumption 'forgot_passwort'")
    assert.error_matches(new { valid_code = "first" },
      "valid_code must be latest or any")
  end)
end)
