--- Browsers that the pool remembers in place of a second factor, at the site of
-- examples/openresty: off unless the site asks for it, and the visitor.

local scripted = require "spec.support.scripted_site"
local sites = require "spec.support.site"

local ORIGIN = "https://account.example.com"
local PHONE = "+441234567890"

describe("the account-recovery site", function()
  local site

  setup(function()
    site = sites.start({ SITE_ORIGIN = ORIGIN, SITE_REMEMBER_DEVICES = "30" }, "--devices user_opt_in")
  end)

  teardown(function()
    if site then site:stop() end
  end)

  local function assert_seen(path, reply)
    assert.same({ 303, path }, { reply.status, reply.headers.location })
  end

  local function add_user(name)
    site:add_user(name, { phone_number = PHONE, sms_mfa = true })
  end

  local function visitor(address)
    local someone = site:visitor(address)
    someone.origin = ORIGIN
    return someone
  end

  local function sign_in(someone, name, password)
    return someone:fill_in("/sign-in", { username = name, current_password = password or sites.OLD })
  end

  -- Returns the last reply.
  local function answer(someone, name, count, remember)
    someone:get "/sign-in/next"
    return someone:post("/sign-in/next", { code = site:code(name, count), remember = remember })
  end

  local function remembered(address, name)
    add_user(name)
    local someone = visitor(address)
    assert_seen("/sign-in/next", sign_in(someone, name))
    local reply = answer(someone, name, 1, "yes")
    assert_seen("/signed-in", reply)
    assert.is_string(someone.device)
    return someone, reply
  end

  it("remembers no browser whose visitor does not ask for it", function()
    add_user "modest"
    local someone = visitor "127.0.0.40"
    sign_in(someone, "modest")
    local page = someone:get("/sign-in/next").body
    assert.matches('<input id="remember" name="remember" type="checkbox" value="yes">', page)
    assert.matches('<label for="remember">Do not ask for a code in this browser for 30 days</label>', page)
    assert_seen("/signed-in", answer(someone, "modest"))
    assert.is_nil(someone.device)
    assert.equal(0, site:executions "confirm_device")
  end)

  it("keeps the tick with a wrong code", function()
    add_user "ticked"
    local someone = visitor "127.0.0.40"
    sign_in(someone, "ticked")
    someone:get "/sign-in/next"
    local page = someone:post("/sign-in/next", { code = "", remember = "yes" }).body
    assert.matches('<input checked id="remember"', page)
  end)

  it("remembers a browser in a cookie of its own, and asks it for no code", function()
    local someone, reply = remembered("127.0.0.41", "kept")
    local cookie = reply.headers["set-cookie"]:match "__Host%-device=[^,]*"
    assert.matches("; Path=/; Max%-Age=2592000; HttpOnly; SameSite=Strict; Secure$", cookie)
    assert.is_nil(cookie:find("kept", 1, true))
    assert.matches("__Host%-recovery=[^,]*; Secure", reply.headers["set-cookie"])
    someone:get "/signed-in"
    assert_seen("/sign-in", someone:post("/sign-out", {}))
    for _ = 1, 2 do
      assert_seen("/signed-in", sign_in(someone, "kept"))
      assert.equal(200, someone:get("/signed-in").status)
    end
    assert.equal(1, #site:messages "kept")
    -- A wrong password says nothing about the browser.
    local before = someone.device
    assert.equal(422, sign_in(someone, "kept", sites.NEW).status)
    assert.equal(before, someone.device)
    assert_seen("/signed-in", sign_in(someone, "kept"))
  end)

  it("asks other users of a remembered browser, and other browsers", function()
    local someone = remembered("127.0.0.42", "first")
    add_user "second"
    local before = someone.device
    assert_seen("/sign-in/next", sign_in(someone, "second"))
    assert.equal(before, someone.device)
    assert_seen("/signed-in", sign_in(someone, "first"))
    assert_seen("/sign-in/next", sign_in(visitor "127.0.0.42", "first"))
  end)

  it("takes no cookie that it has not sealed", function()
    local someone = remembered("127.0.0.43", "sealed")
    local sealed = someone.device
    local forged = { sealed:gsub("=%d", "=9", 1), sealed .. "x", sealed:gsub("%.", "-", 1), "__Host-device=x" }
    for _, other in ipairs { forged[1], forged[3], forged[4], forged[5] } do
      someone.device = other
      assert_seen("/sign-in/next", sign_in(someone, "sealed"))
    end
    someone.device = sealed
    assert_seen("/signed-in", sign_in(someone, "sealed"))
  end)

  it("drops a browser that the service has forgotten, and asks for a code", function()
    local someone = remembered("127.0.0.44", "forgotten")
    local pool = site:pool()
    local devices = assert(pool:admin_list_devices { username = "forgotten" }).devices
    assert(pool:admin_forget_device { username = "forgotten", device_key = devices[1].device_key })
    assert_seen("/sign-in/next", sign_in(someone, "forgotten"))
    assert.is_nil(someone.device)
    assert_seen("/signed-in", answer(someone, "forgotten", 2, "yes"))
    assert_seen("/signed-in", sign_in(someone, "forgotten"))
  end)

  it("drops a browser that the service refuses, and lets the visitor sign in again", function()
    local front = scripted.start { SITE_REMEMBER_DEVICES = "1" }
    finally(function() front:stop() end)
    local session = scripted.SESSION
    local function asks(name, parameters)
      parameters.USER_ID_FOR_SRP = "u-1"
      return { ChallengeName = name, Session = session, ChallengeParameters = parameters }
    end
    local function proof(name)
      return asks(name, { SRP_B = ("2"):rep(768), SALT = "1a", SECRET_BLOCK = "c2VjcmV0" })
    end
    local someone = front:begin(asks("SMS_MFA", {}))
    someone:get "/sign-in/next"
    local reply, calls = front:exchange(someone, "/sign-in/next", { code = "123456", remember = "yes" }, {
      AuthenticationResult = { AccessToken = "t", RefreshToken = "r", NewDeviceMetadata = { DeviceKey = "eu-west-1_x",
        DeviceGroupKey = "-group" } } }, { UserConfirmationNecessary = false })
    assert.matches("\r\nLocation: /signed%-in\r\n", reply)
    assert.equal("ConfirmDevice", calls[2].operation)
    assert.is_string(someone.device)
    someone:get "/sign-in"
    reply, calls = front:exchange(someone, "/sign-in", { username = "user-1", current_password = "x" },
      proof "PASSWORD_VERIFIER", asks("DEVICE_SRP_AUTH", {}), proof "DEVICE_PASSWORD_VERIFIER",
      { __type = "NotAuthorizedException", message = "Incorrect username or password." })
    assert.equal("eu-west-1_x", calls[1].AuthParameters.DEVICE_KEY)
    assert.matches("^HTTP/1.1 422", reply)
    assert.matches("Please sign in again", reply)
    assert.is_nil(someone.device)
  end)

  it("forgets the browser with a sign-out on all devices", function()
    local someone = remembered("127.0.0.46", "leaving")
    someone:get "/signed-in"
    assert_seen("/sign-in", someone:post("/sign-out", { everywhere = "yes" }))
    assert.is_nil(someone.device)
    assert_seen("/sign-in/next", sign_in(someone, "leaving"))
  end)

  it("signs in where the browser cannot be remembered", function()
    add_user "unlucky"
    local someone = visitor "127.0.0.47"
    sign_in(someone, "unlucky")
    site:box("/misbehave", { operation = "confirm_device", what = "error", code = "InvalidParameterException" })
    assert_seen("/signed-in", answer(someone, "unlucky", 1, "yes"))
    site:box("/behave", {})
    assert.is_nil(someone.device)
    assert.equal(200, someone:get("/signed-in").status)
    site:wait("its line", function() return site:logged "device not remembered" > 0 end)
  end)

  it("remembers nothing unless its settings say so", function()
    local usual = site
    site = sites.start({}, "--devices always")
    finally(function()
      site:stop()
      site = usual
    end)
    add_user "plain"
    local someone = site:visitor "127.0.0.48"
    assert_seen("/sign-in/next", sign_in(someone, "plain"))
    assert.is_nil(someone:get("/sign-in/next").body:find("remember", 1, true))
    assert_seen("/signed-in", answer(someone, "plain", 1, "yes"))
    assert.is_nil(someone.device)
    assert.equal(0, site:executions "confirm_device")
  end)

  it("remembers no browser over a network in the clear, and for no odd time", function()
    for value, message in pairs { ["soon"] = "must be a number of days", ["0"] = "must be a number of days",
      ["1.5"] = "must be a number of days", ["30"] = "needs a SITE_ORIGIN that begins with https://" } do
      local ok, text = pcall(sites.start, { SITE_ORIGIN = "http://account.example.com", SITE_REMEMBER_DEVICES = value })
      assert.is_false(ok)
      assert.truthy(text:find("SITE_REMEMBER_DEVICES " .. message, 1, true), text)
    end
  end)

  it("has left nothing of devices and their users in the logs", function()
    assert.same({}, site:traces { "modest", "kept", "forgotten", "unlucky" })
  end)
end)
