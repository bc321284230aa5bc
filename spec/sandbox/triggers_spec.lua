--- Lambda triggers of the sandbox as Lua functions, through the client.
local cjson = require "cjson"
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"

local PASSWORD = "Old-pass1word"

local box, pool, events

-- A trigger that keeps its events and fills in a response.
local function on(name, response)
  box:on(name, function(event)
    events[#events + 1] = event
    for key, value in pairs(response or {}) do event.response[key] = value end
    return event
  end)
end

local function start(options)
  box, events = sandbox.new(options), {}
  pool = cognito.new(box:settings())
end

before_each(function()
  start { code = "135790" }
  box:add_user { username = "ada", password = PASSWORD, email = "ada@example.com" }
end)

local function sign_in(name, password)
  return pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH", client_metadata = { from = "web" },
    auth_parameters = { USERNAME = name or "ada", PASSWORD = password or PASSWORD } }
end

local function refused(result, err)
  assert.is_nil(result)
  return { err.code, err.message }
end

local function claims_of(token)
  local body = token:match "%.([^.]+)%.":gsub("-", "+"):gsub("_", "/")
  local pipe = assert(io.popen(("printf %%s '%s' | base64 -d"):format(body .. ("="):rep(-#body % 4))))
  local text = pipe:read "*a"
  pipe:close()
  return cjson.decode(text)
end

describe("the custom message trigger", function()
  it("words the message, by the event's fields", function()
    on("custom_message", { emailMessage = "Code {####} for %1", emailSubject = "For you", smsMessage = "not by mail" })
    assert(pool:forgot_password { username = "ada", client_metadata = { locale = "de" } })
    local event, message = events[1], box.outbox[1]
    assert.same({ "Code 135790 for %1", "For you" }, { message.text, message.subject })
    assert.same({ "1", "CustomMessage_ForgotPassword", "ada", box:settings().user_pool_id, "eu-west-1" },
      { event.version, event.triggerSource, event.userName, event.userPoolId, event.region })
    assert.equal(box:settings().client_id, event.callerContext.clientId)
    assert.same({ "ada@example.com", "{####}", "de" }, { event.request.userAttributes.email,
      event.request.codeParameter, event.request.clientMetadata.locale })
  end)

  it("sees every message, and invitations with a name", function()
    on("custom_message")
    assert(pool:admin_create_user { username = "bob", desired_delivery_mediums = { "SMS" },
      user_attributes = { { name = "phone_number", value = "+4930" } }, temporary_password = "Aa1!aaaa" })
    assert.equal("{username}", events[1].request.usernameParameter)
    assert.equal("Your username is bob and temporary password is Aa1!aaaa. ", box.outbox[1].text)
    assert.is_nil(box.outbox[1].subject)
    assert(pool:admin_reset_user_password { username = "ada" })
    assert.equal("CustomMessage_ForgotPassword", events[2].triggerSource)
  end)

  it("cannot change the user through the event", function()
    box:on("custom_message", function(event) event.request.userAttributes.email = "eve@example.com" end)
    assert(pool:forgot_password { username = "ada" })
    assert.equal("ada@example.com", box:user "ada".attributes.email)
    assert.equal("ada@example.com", box.outbox[1].destination)
  end)

  it("fails the call with the errors of Lambda functions", function()
    local failures = {
      { function() error "no mail today" end, "UserLambdaValidationException",
        "CustomMessage failed with error no mail today." },
      { function() error({ code = "UnexpectedLambdaException", message = "timed out" }) end,
        "UnexpectedLambdaException", "timed out" },
      { function() error({ code = "Other", message = "x" }) end, "UserLambdaValidationException" },
      { function() return "text" end, "InvalidLambdaResponseException", "Unrecognizable lambda output" },
      { function() return { response = 1 } end, "InvalidLambdaResponseException" },
    }
    for _, each in ipairs(failures) do
      start()
      box:add_user { username = "ada", email = "ada@example.com" }
      box:on("custom_message", each[1])
      local found = refused(pool:forgot_password { username = "ada" })
      assert.equal(each[2], found[1])
      if each[3] then assert.equal(each[3], found[2]) end
      assert.equal(0, #box.outbox)
    end
  end)
end)

describe("the pre sign-up trigger", function()
  local function sign_up()
    return pool:sign_up { username = "bob", password = PASSWORD, validation_data = { { name = "invite", value = "7" } },
      user_attributes = { { name = "email", value = "bob@example.com" } } }
  end

  it("refuses a user, who then does not exist", function()
    box:on("pre_sign_up", function() error("Not invited", 0) end)
    assert.same({ "UserLambdaValidationException", "PreSignUp failed with error Not invited." }, refused(sign_up()))
    assert.same("UserLambdaValidationException", refused(pool:admin_create_user { username = "bob" })[1])
    assert.is_nil(box:user "bob")
  end)

  it("confirms and verifies without a code", function()
    on("pre_sign_up", { autoConfirmUser = true, autoVerifyEmail = true })
    on("post_confirmation")
    assert.is_true(assert(sign_up()).user_confirmed)
    assert.same({ "CONFIRMED", "true" }, { box:user "bob".status, box:user "bob".attributes.email_verified })
    assert.equal(0, #box.outbox)
    assert.same({ "PreSignUp_SignUp", "7", "PostConfirmation_ConfirmSignUp" },
      { events[1].triggerSource, events[1].request.validationData.invite, events[2].triggerSource })
  end)
end)

describe("the post confirmation trigger", function()
  it("comes after both kinds of confirmation, and cannot prevent them", function()
    on("post_confirmation")
    assert(pool:sign_up { username = "bob", password = PASSWORD,
      user_attributes = { { name = "email", value = "bob@example.com" } } })
    assert(pool:confirm_sign_up { username = "bob", confirmation_code = "135790" })
    box:on("post_confirmation", function(event)
      events[#events + 1] = event
      error("no", 0)
    end)
    assert(pool:forgot_password { username = "ada" })
    assert.equal("UserLambdaValidationException", refused(pool:confirm_forgot_password { username = "ada",
      confirmation_code = "135790", password = "New-pass1word" })[1])
    assert.same({ "PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword" },
      { events[1].triggerSource, events[2].triggerSource })
    box:on("post_confirmation", nil)
    assert(sign_in("ada", "New-pass1word"))
  end)
end)

describe("the triggers around a sign-in", function()
  it("come before the password and after the tokens are due", function()
    on("pre_authentication")
    on("post_authentication")
    assert.is_nil((sign_in("ada", "wrong")))
    assert(sign_in())
    assert.same({ "PreAuthentication_Authentication", "PreAuthentication_Authentication",
      "PostAuthentication_Authentication" },
      { events[1].triggerSource, events[2].triggerSource, events[3].triggerSource })
    assert.equal("web", events[1].request.validationData.from)
    box:on("pre_authentication", function() error("not on Sundays", 0) end)
    assert.equal("PreAuthentication failed with error not on Sundays.", refused(sign_in())[2])
  end)

  it("change the claims of the id token", function()
    on("pre_token_generation", { claimsOverrideDetails = { claimsToAddOrOverride = { tenant = "t1" },
      claimsToSuppress = { "email" }, groupOverrideDetails = { groupsToOverride = { "g" } } } })
    local claims = claims_of(assert(sign_in()).authentication_result.id_token)
    assert.same({ "t1", "g" }, { claims.tenant, claims["cognito:groups"][1] })
    assert.is_nil(claims.email)
    assert.equal("TokenGeneration_Authentication", events[1].triggerSource)
  end)
end)

describe("the user migration trigger", function()
  it("brings a user in at the sign-in, with the password that was typed", function()
    on("user_migration", { userAttributes = { email = "old@example.com", email_verified = true },
      finalUserStatus = "CONFIRMED" })
    assert(sign_in("old", "From-before1"))
    assert.same({ "UserMigration_Authentication", "From-before1", "web" },
      { events[1].triggerSource, events[1].request.password, events[1].request.clientMetadata.from })
    assert.equal("CONFIRMED", box:user "old".status)
    assert(sign_in("old", "From-before1"))
    assert.equal(1, #events)
  end)

  it("brings one in who has forgotten the password", function()
    on("user_migration", { userAttributes = { email = "old@example.com", email_verified = "true" } })
    assert(pool:forgot_password { username = "old" })
    assert.is_nil(events[1].request.password)
    assert.equal("RESET_REQUIRED", box:user "old".status)
    assert(pool:confirm_forgot_password { username = "old", confirmation_code = "135790", password = PASSWORD })
    assert(sign_in "old")
  end)

  it("leaves the user unknown where it fails or knows none", function()
    box:on("user_migration", function() error "no such user there" end)
    assert.equal("NotAuthorizedException", refused(sign_in("ghost", "x"))[1])
    box:on("user_migration", function() end)
    assert(pool:forgot_password { username = "ghost" })
    assert.is_nil(box:user "ghost")
  end)
end)

describe("triggers", function()
  it("are functions, by the names there are", function()
    assert.error_matches(function() box:on("pre_signup", print) end, "there is no trigger 'pre_signup'")
    assert.error_matches(function() box:on("pre_sign_up", "x") end, "must be a function")
    assert.error_matches(function() start { triggers = { nonsense = print } } end, "there is no trigger")
  end)

  it("given to the box stay at a reset, others go", function()
    local count = 0
    start { triggers = { pre_sign_up = function() count = count + 1 end } }
    on("custom_message")
    box:reset()
    assert(pool:sign_up { username = "bob", password = PASSWORD,
      user_attributes = { { name = "email", value = "bob@example.com" } } })
    assert.same({ 1, 0, 1 }, { count, #events, #box.outbox })
  end)
end)
