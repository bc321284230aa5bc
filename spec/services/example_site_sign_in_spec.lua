--- Signing in at the site of examples/openresty over several requests: second
-- factors, temporary passwords, signing out; and the tries that strangers make.
-- Forms are limited by address, so each group of visitors has one of its own.

local noise = require "spec.support.noise"
local sites = require "spec.support.site"
local socket = require "socket"
local totp = require "cognito.sandbox.totp"

local SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
local PHONE = "+441234567890"

describe("the account-recovery site's sign-in", function()
  local site

  setup(function()
    site = sites.start({ SITE_HOME_URL = "https://shop.example/", SITE_HELP_URL = "/help" },
      "--existence-errors LEGACY")
  end)

  teardown(function()
    if site then site:stop() end
  end)

  local function signing_in(address, name, password)
    local someone = site:visitor(address)
    return someone, someone:fill_in("/sign-in", { username = name, current_password = password or sites.OLD })
  end

  local function answered(someone, fields)
    someone:get "/sign-in/next"
    return someone:post("/sign-in/next", fields)
  end

  local function assert_seen(path, reply)
    assert.same({ 303, path }, { reply.status, reply.headers.location })
  end

  local function code_now() return totp.code(totp.from_base32(SECRET), totp.step(os.time())) end

  -- ---- the ways in ----

  it("takes name and password, and ends at the visitor's own page", function()
    site:add_user "edsger"
    local someone, reply = signing_in("127.0.0.20", "edsger")
    assert_seen("/signed-in", reply)
    local page = someone:get("/signed-in").body
    assert.matches("You are signed in", page)
    assert.matches('href="https://shop%.example/"', page)
    reply = someone:post("/sign-out", {})
    assert_seen("/sign-in", reply)
    assert_seen("/sign-in", someone:get "/signed-in")
    assert.equal(1, site:executions "revoke_token")
  end)

  it("signs out on all devices", function()
    site:add_user "tony"
    local someone = signing_in("127.0.0.20", "tony")
    someone:get "/signed-in"
    assert_seen("/sign-in", someone:post("/sign-out", { everywhere = "yes" }))
    assert.equal(1, site:executions "global_sign_out")
    assert_seen("/sign-in", someone:get "/signed-in")
  end)

  it("says when signing out fails, and stays", function()
    site:add_user "robin"
    local someone = signing_in("127.0.0.20", "robin")
    someone:get "/signed-in"
    site:box("/misbehave", { operation = "revoke_token", what = "status_500", times = 9 })
    assert.equal(503, someone:post("/sign-out", {}).status)
    site:box("/behave", {})
    assert.equal(200, someone:get("/signed-in").status)
    assert_seen("/sign-in", someone:post("/sign-out", {}))
  end)

  it("asks for the code of a text message, in a request of its own", function()
    site:add_user("grete", { phone_number = PHONE, sms_mfa = true })
    local someone, reply = signing_in("127.0.0.20", "grete")
    assert_seen("/sign-in/next", reply)
    local page = someone:get("/sign-in/next").body
    assert.matches("by text message to <strong[^>]*>%+%*+7890</strong>", page)
    assert.matches('href="/help"', page)
    assert_seen("/sign-in", someone:get "/signed-in")
    assert_seen("/signed-in", answered(someone, { code = site:code "grete" }))
    assert.equal(200, someone:get("/signed-in").status)
    assert_seen("/signed-in", someone:get "/sign-in/next")
    assert.equal(1, #site:messages "grete")
  end)

  it("takes wide digits and spaces for digits", function()
    site:add_user("hiroshi", { totp_secret = SECRET })
    local someone = signing_in("127.0.0.20", "\227\128\128hiroshi ")
    local wide = code_now():gsub("%d", function(digit) return "\239\188" .. string.char(144 + digit) end)
    assert_seen("/signed-in", answered(someone, { code = wide:sub(1, 9) .. "\227\128\128" .. wide:sub(10) }))
  end)

  it("lets a visitor choose between factors", function()
    site:add_user("leslie", { phone_number = PHONE, sms_mfa = true, totp_secret = SECRET })
    local someone, reply = signing_in("127.0.0.20", "leslie")
    assert_seen("/sign-in/next", reply)
    local page = someone:get("/sign-in/next").body
    assert.matches('name="choice" type="submit" value="SMS_MFA"', page)
    assert.matches('name="choice" type="submit" value="SOFTWARE_TOKEN_MFA"', page)
    reply = answered(someone, {})
    assert.equal(422, reply.status)
    assert.matches("Choose one of these", reply.body)
    assert_seen("/sign-in/next", answered(someone, { choice = "SOFTWARE_TOKEN_MFA" }))
    assert.matches("authenticator app shows", someone:get("/sign-in/next").body)
    assert_seen("/signed-in", answered(someone, { code = code_now() }))
  end)

  it("replaces a temporary password by one that keeps the rules, and goes on to the second factor", function()
    site:add_user("barbara", { status = "FORCE_CHANGE_PASSWORD", totp_secret = SECRET })
    local someone, reply = signing_in("127.0.0.21", "barbara")
    assert_seen("/sign-in/next", reply)
    assert.matches("Choose a new password", someone:get("/sign-in/next").body)
    local before = site:executions "respond_to_auth_challenge"
    reply = answered(someone, { password = "difference" })
    assert.equal(422, reply.status)
    assert.matches("Your new password still needs: an upper%-case letter %(A–Z%), a digit %(0–9%), a symbol",
      reply.body)
    assert.equal(before, site:executions "respond_to_auth_challenge")
    assert_seen("/sign-in/next", answered(someone, { password = sites.NEW }))
    assert_seen("/signed-in", answered(someone, { code = code_now() }))
    assert.equal("signed in", site:sign_in("barbara", sites.NEW))
  end)

  it("carries a recovered account to its end", function()
    site:add_user "margaret"
    local someone = site:visitor "127.0.0.21"
    someone:fill_in("/", { username = "margaret" })
    assert_seen("/done", someone:fill_in("/code", { username = "margaret", code = site:code "margaret",
      password = sites.NEW }))
    assert.matches('class="button" href="/sign%-in"', someone:get("/done").body)
    assert_seen("/signed-in", someone:fill_in("/sign-in", { username = "margaret", current_password = sites.NEW }))
  end)

  -- ---- wrong answers ----

  it("says once that a code is wrong", function()
    site:add_user("wrong", { totp_secret = SECRET })
    local someone = signing_in("127.0.0.22", "wrong")
    local reply = answered(someone, { code = code_now() == "000000" and "000001" or "000000" })
    assert.equal(422, reply.status)
    assert.equal(1, select(2, reply.body:gsub("That code did not work", "")))
    assert.matches('aria%-describedby="code%-hint code%-error"', reply.body)
  end)

  it("begins again where the service has closed the session", function()
    site:add_user("late", { phone_number = PHONE, sms_mfa = true })
    local someone = signing_in("127.0.0.22", "late")
    site:box("/misbehave", { operation = "respond_to_auth_challenge", what = "error", code = "NotAuthorizedException",
      message = "Invalid session for the user, session is expired." })
    local reply = answered(someone, { code = "123456" })
    assert.equal(422, reply.status)
    assert.matches("Please sign in again", reply.body)
    assert_seen("/sign-in", someone:get "/sign-in/next")
  end)

  it("keeps the challenge where nothing was answered", function()
    site:add_user("patient", { totp_secret = SECRET })
    local someone = signing_in("127.0.0.22", "patient")
    site:box("/misbehave", { operation = "respond_to_auth_challenge", what = "status_500", times = 9 })
    assert.equal(503, answered(someone, { code = "123456" }).status)
    site:box("/behave", {})
    assert_seen("/signed-in", answered(someone, { code = code_now() }))
  end)

  it("makes no call twice that may have been carried out", function()
    site:add_user("once", { phone_number = PHONE, sms_mfa = true })
    site:box("/misbehave", { operation = "respond_to_auth_challenge", what = "drop", phase = "after", times = 9 })
    local _, reply = signing_in("127.0.0.22", "once")
    site:box("/behave", {})
    assert.equal(503, reply.status)
    assert.equal(1, #site:messages "once")
  end)

  it("names missing fields without asking the pool", function()
    local someone, before = site:visitor "127.0.0.22", site:executions "initiate_auth"
    local reply = someone:fill_in("/sign-in", { username = "", current_password = "" })
    assert.equal(422, reply.status)
    assert.matches("Enter your username", reply.body)
    assert.matches("Enter your password", reply.body)
    assert.equal(422, someone:fill_in("/sign-in", { username = "a", current_password = ("x"):rep(300) }).status)
    assert.equal(before, site:executions "initiate_auth")
  end)

  -- ---- strangers ----

  it("says the same about every refusal, at full seconds", function()
    site:add_user("zq1")
    site:add_user("zq3", { enabled = false })
    site:add_user("zq4", { status = "UNCONFIRMED" })
    site:add_user("zq5", { status = "RESET_REQUIRED" })
    site:add_user("zq6", { status = "EXTERNAL_PROVIDER" })
    local function refused(name)
      local someone, reply = signing_in("127.0.0.23", name, name == "zq1" and sites.NEW)
      local body = reply.body:gsub(someone.token:gsub("%p", "%%%0"), "TOKEN"):gsub(name, "NAME")
      return { reply.status, body, #someone.cookie, reply.headers["set-cookie"] }
    end
    local expected = refused "zq2" -- there is none
    assert.equal(422, expected[1])
    for _, name in ipairs { "zq1", "zq3", "zq4", "zq5", "zq6" } do assert.same(expected, refused(name), name) end
    local seconds = site:wait("its line", function()
      return site:log("access"):match "POST /sign%-in 422 ([1-9]%S+)"
    end)
    assert.is_true(tonumber(seconds) >= 1)
  end)

  it("limits guesses by user, whether there is one or not, and those of codes by visitor", function()
    site:add_user("guarded", { totp_secret = SECRET })
    for _, name in ipairs { "guarded", "unguarded" } do
      local someone = site:visitor "127.0.0.24"
      someone:get "/sign-in"
      for i = 1, 6 do
        assert.equal(422, someone:post("/sign-in", { username = name, current_password = "" }).status, i)
      end
      assert.equal(429, someone:post("/sign-in", { username = name:upper(), current_password = "x" }).status)
    end
    site:add_user("coded", { totp_secret = SECRET })
    local someone = signing_in("127.0.0.25", "coded")
    someone:get "/sign-in/next"
    for i = 1, 6 do assert.equal(422, someone:post("/sign-in/next", { code = "" }).status, i) end
    assert.equal(429, someone:post("/sign-in/next", { code = "1" }).status)
  end)

  -- ---- the session ----

  it("takes forms of its own pages only", function()
    site:add_user "forged"
    local before, someone = site:executions "initiate_auth", signing_in("127.0.0.26", "nobody", "x")
    for _, path in ipairs { "/sign-in", "/sign-in/next", "/sign-out" } do
      local form = { username = "forged", current_password = sites.OLD, code = "1", token = "" }
      assert.equal(403, someone:post(path, form).status, path)
      form.token = someone.token
      assert.equal(403, someone:post(path, form, { Origin = "https://evil.example" }).status, path)
    end
    local reply = someone:send("GET", "/sign-out")
    assert.same({ 405, "POST" }, { reply.status, reply.headers.allow })
    assert.equal(before, site:executions "initiate_auth")
  end)

  it("shows a challenge to the browser that began it, under a new id", function()
    site:add_user("fixed", { totp_secret = SECRET })
    local someone, other = site:visitor "127.0.0.26", site:visitor "127.0.0.26"
    someone:get "/sign-in"
    local planted = someone.cookie
    someone:post("/sign-in", { username = "fixed", current_password = sites.OLD })
    assert.are_not.equal(planted, someone.cookie)
    other.cookie = planted
    assert_seen("/sign-in", other:get "/sign-in/next")
    local half = someone.cookie
    assert_seen("/signed-in", answered(someone, { code = code_now() }))
    other.cookie = half
    assert_seen("/sign-in", other:get "/signed-in")
    assert_seen("/sign-in", other:get "/sign-in/next")
    assert.equal(200, someone:get("/signed-in").status)
  end)

  it("puts no token, session or password into cookies, pages and addresses", function()
    site:add_user("secretive", { totp_secret = SECRET })
    local someone, reply = signing_in("127.0.0.26", "secretive")
    local seen = { reply.headers["set-cookie"], reply.headers.location, someone:get("/sign-in/next").body }
    reply = answered(someone, { code = code_now() })
    seen[#seen + 1], seen[#seen + 2] = reply.headers["set-cookie"], reply.headers.location
    seen[#seen + 1] = someone:get("/signed-in").body
    local text = table.concat(seen, "\n")
    assert.is_nil(text:find("sandbox-session", 1, true))
    assert.is_nil(text:find("eyJ", 1, true)) -- tokens are JSON in base64
    assert.is_nil(text:find(sites.OLD, 1, true))
  end)

  for _, seed in ipairs { 1, 2 } do
    it(("bears noise, seed %d"):format(seed), function()
      local source = noise.new(seed)
      local form = "username=ada&current_password=%41&code=1&choice=SMS_MFA&attribute.name=x&everywhere=yes&token=t"
      for round = 1, 40 do
        local client = assert(socket.connect(site.url:match "^http://([^:/]+):(%d+)"))
        client:settimeout(10)
        local body = source:damage(form)
        client:send(("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: %s\r\nConnection: close\r\n"
          .. "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s")
          :format(source:one { "/sign-in", "/sign-in/next", "/sign-out" }, source:one { "de;q=x", ",,;", "ja" }, #body,
          body))
        local reply = client:receive "*a" or ""
        client:close()
        assert.is_nil(reply:find "^HTTP/1%.1 500", ("seed %d, round %d: %s"):format(seed, round, body))
      end
      assert.equal(0, site:logged "lua entry thread aborted")
    end)
  end

  -- ---- while the client's secret is replaced ----

  it("goes on while the app client has two secrets, whichever of them the pool takes", function()
    local usual, secret = site, site:settings().client_secret
    local function restore()
      if site ~= usual then site:stop() end
      site = usual
    end
    finally(restore)
    for _, both in ipairs { "not-there-yet " .. secret, secret .. " gone-already" } do
      site = sites.start { EXAMPLE_CLIENT_SECRET = both }
      site:add_user("rotated", { totp_secret = SECRET })
      local someone = site:visitor "127.0.0.27"
      someone:fill_in("/", { username = "rotated" })
      assert_seen("/done", someone:fill_in("/code", { username = "rotated", code = site:code "rotated",
        password = sites.NEW }))
      assert.equal(1, #site:messages "rotated")
      assert_seen("/sign-in/next", someone:fill_in("/sign-in", { username = "rotated", current_password = sites.NEW }))
      assert_seen("/signed-in", answered(someone, { code = code_now() }))
      local logs = site:log "error" .. site:log "access"
      restore()
      for word in both:gmatch "%S+" do assert.is_nil(logs:find(word, 1, true)) end
    end
  end)

  it("has left nothing personal in the logs", function()
    assert.truthy(#site:log "access" > 1000 and #site:log "error" > 100)
    assert.same({}, site:traces { "edsger", "grete", "barbara", "leslie", "zq1", "zq4", "guarded", SECRET, "7890" })
    assert.is_nil((site:log "error" .. site:log "access"):find("sandbox-session", 1, true))
  end)
end)
