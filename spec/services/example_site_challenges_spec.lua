--- Challenges of a sign-in at the site of examples/openresty that take a pool of the
-- spec's own: attributes that are required, passkeys, and those without a page.

local cjson = require "cjson"
local scripted = require "spec.support.scripted_site"
local sites = require "spec.support.site"

local SESSION = scripted.SESSION
local TOKENS = { ChallengeParameters = {}, AuthenticationResult = {
  AccessToken = "t", RefreshToken = "r", ExpiresIn = 60, TokenType = "Bearer" } }

local function choice(...)
  return { ChallengeName = "SELECT_CHALLENGE", Session = SESSION, AvailableChallenges = { ... },
    ChallengeParameters = { USERNAME = "u-1" } }
end

local function mail(name)
  return { ChallengeName = name or "EMAIL_OTP", Session = SESSION, ChallengeParameters = {
    USERNAME = "u-1", CODE_DELIVERY_DESTINATION = "a***@e***" } }
end

describe("the account-recovery site's challenges", function()
  local front

  setup(function() front = scripted.start() end)

  teardown(function()
    if front then front:stop() end
  end)

  local function assert_sees(path, reply)
    assert.matches("\r\nLocation: " .. path:gsub("%p", "%%%0") .. "\r\n", reply)
  end

  it("ask for the attributes that a new password has to come with", function()
    local someone, reply, calls = front:begin { ChallengeName = "NEW_PASSWORD_REQUIRED", Session = SESSION,
      ChallengeParameters = { USER_ID_FOR_SRP = "u-1", userAttributes = "{}",
        requiredAttributes = '["userAttributes.given_name","userAttributes.custom:shoe_size"]' } }
    assert.equal("127.0.0.1", calls[1].UserContextData.IpAddress)
    assert_sees("/sign-in/next", reply)
    local page = someone:get("/sign-in/next").body
    assert.matches('<label for="attribute%.given_name">Given name</label>', page)
    assert.matches('<label for="attribute%.custom:shoe_size">shoe size</label>', page)
    local refused = someone:post("/sign-in/next", { password = sites.NEW, ["attribute.given_name"] = " " },
      { Origin = false })
    assert.equal(422, refused.status)
    assert.matches("Fill in: Given name%.", refused.body)
    reply, calls = front:exchange(someone, "/sign-in/next", { password = sites.NEW, ["attribute.given_name"] = " Ada ",
      ["attribute.custom:shoe_size"] = "38", ["attribute.email"] = "not@asked.example" },
      { ChallengeName = "CUSTOM_CHALLENGE", Session = SESSION, ChallengeParameters = cjson.decode "{}" })
    local call = calls[1]
    call.ChallengeResponses.SECRET_HASH = nil
    assert.same({ USERNAME = "u-1", NEW_PASSWORD = sites.NEW, ["userAttributes.given_name"] = "Ada",
      ["userAttributes.custom:shoe_size"] = "38" }, call.ChallengeResponses)
    assert.equal(SESSION, call.Session)
    assert.equal("127.0.0.1", call.UserContextData.IpAddress)
    -- The next one has no page here.
    assert.matches("^HTTP/1.1 422", reply)
    assert.matches("asks for something that this page does not have", reply)
  end)

  it("ask for a code that was sent by mail", function()
    local someone = front:begin(mail())
    assert.matches("by e%-mail to <strong[^>]*>a%*%*%*@e%*%*%*</strong>", someone:get("/sign-in/next").body)
  end)

  it("say that they cannot go on where one has no page", function()
    for _, name in ipairs { "CUSTOM_CHALLENGE", "WEB_AUTHN", "page" } do
      local _, reply = front:begin(mail(name))
      assert.matches("^HTTP/1.1 422", reply)
      assert.matches("does not have", reply)
    end
  end)

  -- ---- passkeys ----

  it("prove the password where it is offered beside a passkey", function()
    local someone, reply, calls = front:begin(choice("WEB_AUTHN", "EMAIL_OTP", "PASSWORD", "PASSWORD_SRP"), TOKENS)
    assert_sees("/signed-in", reply)
    assert.equal("PASSWORD_SRP", calls[2].ChallengeResponses.ANSWER)
    assert.is_string(calls[2].ChallengeResponses.SRP_A)
    assert.is_nil(calls[2].ChallengeResponses.PASSWORD)
    assert.equal(200, someone:get("/signed-in").status)
  end)

  it("go on with a code where the other way is a passkey", function()
    local someone, reply = front:begin(choice("WEB_AUTHN", "EMAIL_OTP"))
    assert_sees("/sign-in/next", reply)
    local page = someone:get("/sign-in/next").body
    assert.matches("This page does not take passkeys%. Please go on in one of these ways%.", page)
    assert.matches('name="choice" type="submit" value="EMAIL_OTP"', page)
    assert.is_nil(page:find("WEB_AUTHN", 1, true))
    -- A choice that the page does not offer asks the pool nothing.
    for _, other in ipairs { "WEB_AUTHN", "PASSWORD", "SMS_OTP", "page" } do
      local refused = someone:post("/sign-in/next", { choice = other }, { Origin = false })
      assert.equal(422, refused.status)
      assert.matches("Choose one of these", refused.body)
    end
    local calls
    reply, calls = front:exchange(someone, "/sign-in/next", { choice = "EMAIL_OTP" }, mail())
    assert_sees("/sign-in/next", reply)
    assert.same({ "SELECT_CHALLENGE", "EMAIL_OTP", "u-1" }, { calls[1].ChallengeName,
      calls[1].ChallengeResponses.ANSWER, calls[1].ChallengeResponses.USERNAME })
    assert.matches("by e%-mail to", someone:get("/sign-in/next").body)
    reply = front:exchange(someone, "/sign-in/next", { code = "123456" }, TOKENS)
    assert_sees("/signed-in", reply)
  end)

  it("offer a choice that comes after a code, and know a passkey among second factors", function()
    local someone = front:begin(mail())
    someone:get "/sign-in/next"
    local reply = front:exchange(someone, "/sign-in/next", { code = "123456" }, choice("SMS_OTP", "WEB_AUTHN"))
    assert_sees("/sign-in/next", reply)
    assert.matches('value="SMS_OTP"', someone:get("/sign-in/next").body)
    someone = front:begin { ChallengeName = "SELECT_MFA_TYPE", Session = SESSION, ChallengeParameters = {
      USER_ID_FOR_SRP = "u-1", MFAS_CAN_CHOOSE = '["WEB_AUTHN","SOFTWARE_TOKEN_MFA"]' } }
    local page = someone:get("/sign-in/next").body
    assert.matches("does not take passkeys", page)
    assert.matches('value="SOFTWARE_TOKEN_MFA"', page)
  end)

  it("say that they cannot go on where all that is offered has no page", function()
    local none = choice "WEB_AUTHN"
    none.AvailableChallenges = nil
    for _, challenge in ipairs { choice "WEB_AUTHN", none, choice("PASSWORD", "NEW_ONE") } do
      local _, reply = front:begin(challenge)
      assert.matches("^HTTP/1.1 422", reply)
      assert.matches("does not have", reply)
    end
  end)
end)
