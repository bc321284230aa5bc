--- The sandbox over several requests: codes, clocks, limits.
local call = require "spec.support.sandbox_call"
local steps = require "spec.support.sandbox_steps"

local HOUR = 3600
local PASSWORD, OTHER = steps.PASSWORD, steps.OTHER
local must, refusal = call.must, call.refusal
local new, sign_up, confirm_sign_up =
  steps.new, steps.sign_up, steps.confirm_sign_up
local sign_in = steps.sign_in

local function confirm_forgot(name, code, password)
  return { Username = name, ConfirmationCode = code,
    Password = password or OTHER }
end

describe("signing up in the sandbox", function()
  it("sends a code that confirms the user and the address", function()
    local box = new()
    local result = sign_up(box, "ada")
    assert.is_false(result.UserConfirmed)
    assert.same({ AttributeName = "email", DeliveryMedium = "EMAIL",
      Destination = "a***@e***.com" }, result.CodeDeliveryDetails)
    assert.equal("UNCONFIRMED", box:user "ada".status)
    confirm_sign_up(box, "ada")
    assert.equal("CONFIRMED", box:user "ada".status)
    assert.equal("true", box:user "ada".attributes.email_verified)
  end)

  it("prefers the phone, and masks it", function()
    local box = new()
    local result = sign_up(box, "ada", { email = "ada@example.com",
      phone_number = "+4915112341234" })
    assert.same({ AttributeName = "phone_number", DeliveryMedium = "SMS",
      Destination = "+*******1234" }, result.CodeDeliveryDetails)
    assert.equal("+4915112341234", box.outbox[1].destination)
  end)

  it("refuses a taken name, a weak password, a bad address", function()
    local box = new()
    sign_up(box, "ada")
    local function code_of(name, password, email)
      return (refusal(box, "SignUp", { Username = name, Password = password,
        UserAttributes = { { Name = "email", Value = email } } }))
    end
    assert.equal("UsernameExistsException",
      code_of("ada", PASSWORD, "x@example.com"))
    assert.equal("InvalidParameterException",
      code_of("bob", PASSWORD, "nowhere"))
    for password, text in pairs {
      ["Sh0rt!"] = "Password not long enough",
      ["lower-case1"] = "Password must have uppercase characters",
      ["UPPER-CASE1"] = "Password must have lowercase characters",
      ["No-numbers"] = "Password must have numeric characters",
      ["NoSymbols1"] = "Password must have symbol characters" } do
      local code, message = refusal(box, "SignUp",
        { Username = "bob", Password = password })
      assert.equal("InvalidPasswordException", code)
      assert.equal("Password did not conform with policy: " .. text, message)
    end
    assert.is_nil(box:user "bob")
  end)

  it("keeps the code for a day", function()
    local box = new()
    sign_up(box, "ada")
    local code = box:code "ada"
    box:advance(24 * HOUR)
    assert.equal("ExpiredCodeException", (refusal(box, "ConfirmSignUp",
      { Username = "ada", ConfirmationCode = code })))
    must(box, "ResendConfirmationCode", { Username = "ada" })
    confirm_sign_up(box, "ada")
  end)

  it("sends nothing where there is nowhere to send it", function()
    local box = new()
    assert.is_nil(sign_up(box, "ada", {}).CodeDeliveryDetails)
    assert.same({}, box.outbox)
    assert.equal("InvalidParameterException",
      (refusal(box, "ResendConfirmationCode", { Username = "ada" })))
  end)

  it("leaves the address unverified when an administrator confirms", function()
    local box = new()
    sign_up(box, "ada")
    must(box, "AdminConfirmSignUp", { Username = "ada" })
    assert.equal("CONFIRMED", box:user "ada".status)
    assert.is_nil(box:user "ada".attributes.email_verified)
    box = new { assumptions = { admin_confirm_verifies = true } }
    sign_up(box, "ada")
    must(box, "AdminConfirmSignUp", { Username = "ada" })
    assert.equal("true", box:user "ada".attributes.email_verified)
  end)
end)

describe("recovering in the sandbox", function()
  local box

  before_each(function()
    box = new()
    box:add_user { username = "ada", password = PASSWORD,
      email = "ada@example.com" }
  end)

  it("leaves the old password until the code comes back", function()
    must(box, "ForgotPassword", { Username = "ada" })
    assert.is_table(sign_in(box, "ada", PASSWORD).AuthenticationResult)
    must(box, "ConfirmForgotPassword",
      confirm_forgot("ada", box:code "ada"))
    assert.equal("NotAuthorizedException",
      sign_in(box, "ada", PASSWORD).__type)
    assert.is_table(sign_in(box, "ada", OTHER).AuthenticationResult)
  end)

  it("takes a code once, within its hour, and only the right one", function()
    must(box, "ForgotPassword", { Username = "ada" })
    local code = box:code "ada"
    assert.equal("CodeMismatchException", (refusal(box,
      "ConfirmForgotPassword", confirm_forgot("ada", "x" .. code))))
    must(box, "ConfirmForgotPassword", confirm_forgot("ada", code))
    assert.equal("ExpiredCodeException", (refusal(box,
      "ConfirmForgotPassword", confirm_forgot("ada", code))))
    must(box, "ForgotPassword", { Username = "ada" })
    box:advance(HOUR - 1)
    box:advance(1)
    assert.equal("ExpiredCodeException", (refusal(box,
      "ConfirmForgotPassword", confirm_forgot("ada", box:code "ada"))))
  end)

  it("keeps the code when the password is too weak", function()
    must(box, "ForgotPassword", { Username = "ada" })
    local code = box:code "ada"
    assert.equal("InvalidPasswordException", (refusal(box,
      "ConfirmForgotPassword", confirm_forgot("ada", code, "weak"))))
    must(box, "ConfirmForgotPassword", confirm_forgot("ada", code))
  end)

  it("does not reveal by a weak password who exists", function()
    for _, name in ipairs { "ada", "nobody" } do
      assert.equal("InvalidPasswordException", (refusal(box,
        "ConfirmForgotPassword", confirm_forgot(name, "1", "weak"))))
    end
  end)

  it("spends the code first where that is assumed", function()
    box = new { assumptions = { weak_password_first = false } }
    box:add_user { username = "ada", email = "ada@example.com" }
    must(box, "ForgotPassword", { Username = "ada" })
    local code = box:code "ada"
    assert.equal("InvalidPasswordException", (refusal(box,
      "ConfirmForgotPassword", confirm_forgot("ada", code, "weak"))))
    assert.equal("ExpiredCodeException", (refusal(box,
      "ConfirmForgotPassword", confirm_forgot("ada", code))))
  end)

  it("takes the latest of two codes, or any where that is assumed", function()
    for _, valid in ipairs { "latest", "any" } do
      box = new { assumptions = { valid_code = valid } }
      box:add_user { username = "ada", email = "ada@example.com" }
      must(box, "ForgotPassword", { Username = "ada" })
      local first = box:code "ada"
      must(box, "ForgotPassword", { Username = "ada" })
      local _, reply = call.call(box, "ConfirmForgotPassword",
        confirm_forgot("ada", first))
      assert.equal(valid == "any" and 200 or 400, reply.status)
    end
  end)

  it("locks the user out when an administrator resets", function()
    assert.is_table(sign_in(box, "ada", PASSWORD).AuthenticationResult)
    assert.same({}, (must(box, "AdminResetUserPassword",
      { Username = "ada" })))
    assert.equal("PasswordResetRequiredException",
      sign_in(box, "ada", PASSWORD).__type)
    must(box, "ConfirmForgotPassword",
      confirm_forgot("ada", box:code "ada"))
    assert.is_table(sign_in(box, "ada", OTHER).AuthenticationResult)
    -- A reset does not end sessions; signing out everywhere does.
    assert.equal(2, box:user "ada".sessions)
    must(box, "AdminUserGlobalSignOut", { Username = "ada" })
    assert.equal(0, box:user "ada".sessions)
  end)

  it("resets without a message where that kind is not verified", function()
    box = new { auto_verified_attributes = {} }
    box:add_user { username = "ada", email = "ada@example.com" }
    must(box, "AdminResetUserPassword", { Username = "ada" })
    assert.equal("RESET_REQUIRED", box:user "ada".status)
    assert.equal(0, #box.outbox)
  end)

  it("puts its messages into the outbox", function()
    must(box, "ForgotPassword", { Username = "ada",
      ClientMetadata = { locale = "de", empty = "" } })
    local message = box.outbox[1]
    assert.matches("^%d%d%d%d%d%d$", message.code)
    assert.equal("Your verification code is " .. message.code .. ". ",
      message.text)
    message.code, message.time, message.text = nil, nil, nil
    assert.same({ operation = "forgot_password",
      trigger = "CustomMessage_ForgotPassword", username = "ada",
      medium = "EMAIL", destination = "ada@example.com",
      subject = "Your verification code",
      client_metadata = { locale = "de", empty = "" } }, message)
  end)

  it("follows the pool's recovery setting", function()
    local both = { username = "ada", email = "ada@example.com",
      phone_number = "+491511234" }
    for setting, attribute in pairs { legacy = "phone_number",
      verified_phone_first = "phone_number", verified_email_first = "email",
      verified_phone_number = "phone_number", verified_email = "email" } do
      box = new { recovery = setting }
      box:add_user(both)
      local result = must(box, "ForgotPassword", { Username = "ada" })
      assert.equal(attribute, result.CodeDeliveryDetails.AttributeName)
    end
  end)

  it("does not send to the phone that is a factor already", function()
    for setting, expected in pairs { legacy = "phone_number",
      verified_phone_first = "email" } do
      box = new { recovery = setting }
      box:add_user { username = "ada", email = "ada@example.com",
        phone_number = "+491511234", sms_mfa = true }
      assert.equal(expected, box:user "ada".recovery)
    end
  end)

  it("makes up the same destination for the same name", function()
    box = new { assumptions = { unknown_alternates = false } }
    local function details(name)
      return must(box, "ForgotPassword",
        { Username = name }).CodeDeliveryDetails
    end
    assert.same(details "nobody", details "nobody")
    assert.not_same(details "nobody", details "noone")
    assert.equal(0, #box.outbox)
  end)

  it("makes up a medium by the form of the name and the settings", function()
    for _, each in ipairs {
      { {}, "nobody", "SMS" },
      { {}, "nobody@example.com", "EMAIL" },
      { {}, "+491511234", "SMS" },
      { { recovery = "verified_email_first" }, "nobody", "EMAIL" },
      { { recovery = "verified_email_first" }, "+491511234", "SMS" },
      { { auto_verified_attributes = { "email" } }, "nobody", "EMAIL" },
      { { auto_verified_attributes = { "email" } }, "+491511234", "EMAIL" },
      { { auto_verified_attributes = { "phone_number" } }, "a@b.example",
        "SMS" } } do
      local details = must(new(each[1]), "ForgotPassword",
        { Username = each[2] }).CodeDeliveryDetails
      assert.equal(each[3], details.DeliveryMedium, each[2])
      assert.equal(each[3] == "SMS" and "phone_number" or "email",
        details.AttributeName)
      assert.matches(each[3] == "SMS" and "^%+%*%*%*%*%*%*%*%d%d%d%d$"
        or "^%l%*%*%*@%l%*%*%*$", details.Destination)
    end
  end)
end)

describe("the sandbox's hourly limits", function()
  local function use_up(box, operation, members, count)
    for _ = 1, count do
      local result = call.call(box, operation, members)
      assert.not_equal("LimitExceededException", result.__type)
    end
    local code, message = refusal(box, operation, members)
    assert.equal("LimitExceededException", code)
    assert.equal("Attempt limit exceeded, please try after some time.",
      message)
  end

  local attempts = {
    ForgotPassword = 5, ResendConfirmationCode = 5,
    ConfirmForgotPassword = 5, ConfirmSignUp = 15,
    AdminResetUserPassword = 5,
  }

  for operation, count in pairs(attempts) do
    it("hold for " .. operation .. " and pass", function()
      local box = new()
      box:add_user { username = "ada", email = "ada@example.com",
        status = operation:find("Sign") and "UNCONFIRMED" or "CONFIRMED" }
      local members = { Username = "ada", ConfirmationCode = "0",
        Password = OTHER }
      use_up(box, operation, members, count)
      box:advance(HOUR - 1)
      assert.equal("LimitExceededException",
        (refusal(box, operation, members)))
      box:advance(1)
      use_up(box, operation, members, count)
    end)
  end

  it("do not reveal who exists, and count by user, not by spelling", function()
    local box = new { alias_attributes = { "email" } }
    box:add_user { username = "ada", email = "ada@example.com" }
    use_up(box, "ForgotPassword", { Username = "nobody" }, 5)
    use_up(box, "ForgotPassword", { Username = "ada" }, 5)
    assert.equal("LimitExceededException", (refusal(box, "ForgotPassword",
      { Username = "ada@example.com" })))
  end)

  it("can be set", function()
    local box = new { limits = { forgot_password = 1 } }
    use_up(box, "ForgotPassword", { Username = "nobody" }, 1)
  end)
end)

describe("wrong passwords in the sandbox", function()
  local EXCEEDED = "Password attempts exceeded"
  local INCORRECT = "Incorrect username or password."

  local function lock_out(box, name)
    for _ = 1, 5 do
      assert.equal(INCORRECT, sign_in(box, name, "Wrong-pass1").message)
    end
    assert.equal(EXCEEDED, sign_in(box, name, PASSWORD).message)
  end

  local box

  before_each(function()
    box = new()
    box:add_user { username = "ada", password = PASSWORD }
  end)

  it("lock a user out, each time for twice as long", function()
    lock_out(box, "ada")
    for i = 0, 12 do
      local seconds = math.min(2 ^ i, 900)
      box:advance(seconds - 0.5)
      assert.equal(EXCEEDED, sign_in(box, "ada", PASSWORD).message, i)
      if seconds == 900 then break end
      box:advance(0.5)
      assert.equal(INCORRECT, sign_in(box, "ada", "Wrong-pass1").message, i)
    end
  end)

  it("are forgotten after a right one, or a quarter of an hour", function()
    lock_out(box, "ada")
    box:advance(1)
    assert.is_table(sign_in(box, "ada", PASSWORD).AuthenticationResult)
    lock_out(box, "ada")
    box:advance(900)
    lock_out(box, "ada")
  end)

  it("do not reveal who exists", function()
    lock_out(box, "nobody")
    assert.is_table(sign_in(box, "ada", PASSWORD).AuthenticationResult)
  end)
end)
