--- Ways that visitors take through the site of examples/openresty and that no page
-- foresees: back, twice, in two tabs, without cookies, too often.

local sites = require "spec.support.site"
local socket = require "socket"
local totp = require "cognito.sandbox.totp"
local visitors = require "spec.support.visitor"

local SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
local PHONE = "+441234567890"

describe("the account-recovery site", function()
  local site

  setup(function() site = sites.start() end)

  teardown(function()
    if site then site:stop() end
  end)

  local function assert_seen(path, reply)
    assert.same({ 303, path }, { reply.status, reply.headers.location })
  end

  local function code_now() return totp.code(totp.from_base32(SECRET), totp.step(os.time())) end

  -- Sends a form twice before either is answered. Returns both replies' heads.
  local function twice(someone, path, fields)
    local all = { token = someone.token }
    for name, value in pairs(fields) do all[name] = value end
    local body, address, port = visitors.encode(all), site.url:match "^http://([^:/]+):(%d+)"
    local clients, heads = {}, {}
    for i = 1, 2 do
      clients[i] = assert(socket.tcp())
      assert(clients[i]:bind(someone.address, 0))
      assert(clients[i]:connect(address, port))
      clients[i]:settimeout(30)
      assert(clients[i]:send(("POST %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nOrigin: %s\r\nConnection: close\r\n"
        .. "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"):format(path,
        someone:cookies(), site.url, #body, body)))
    end
    for i = 1, 2 do
      heads[i] = clients[i]:receive "*a"
      clients[i]:close()
    end
    return heads
  end

  -- The browser shows the later reply only, whichever that is.
  local function assert_alike(heads, path)
    local cookies = {}
    for i, head in ipairs(heads) do
      assert.equal("303", head:match "^HTTP/1.1 (%d+)")
      assert.equal(path, head:match "\r\nLocation: (%S+)")
      cookies[i] = head:match "\r\nSet%-Cookie: ([^;]*)"
    end
    return cookies
  end

  it("goes from a step that is done to the next one", function()
    site:add_user("back", { totp_secret = SECRET })
    local someone = site:visitor "127.0.0.50"
    someone:fill_in("/sign-in", { username = "back", current_password = sites.OLD })
    someone:get "/sign-in/next"
    assert_seen("/signed-in", someone:post("/sign-in/next", { code = code_now() }))
    assert_seen("/signed-in", someone:get "/sign-in/next")
  end)

  it("sets a password once that is sent twice", function()
    site:add_user "doubled"
    local someone = site:visitor "127.0.0.51"
    someone:fill_in("/", { username = "doubled" })
    someone:get "/code"
    assert_alike(twice(someone, "/code", { username = "doubled", code = site:code "doubled", password = sites.NEW }),
      "/done")
    assert.equal(1, site:executions "confirm_forgot_password")
  end)

  it("begins a sign-in once that is sent twice, and sends one code", function()
    site:add_user("texted", { phone_number = PHONE, sms_mfa = true })
    local someone = site:visitor "127.0.0.52"
    someone:get "/sign-in"
    local cookies = assert_alike(twice(someone, "/sign-in", { username = "texted", current_password = sites.OLD }),
      "/sign-in/next")
    assert.equal(cookies[1], cookies[2])
    assert.equal(1, #site:messages "texted")
    someone.cookie = cookies[2]
    someone:get "/sign-in/next"
    cookies = assert_alike(twice(someone, "/sign-in/next", { code = site:code "texted" }), "/signed-in")
    someone.cookie = cookies[1]
    assert.equal(200, someone:get("/signed-in").status)
  end)

  it("counts one wrong code where it is sent twice, and says the same", function()
    site:add_user("slipped", { totp_secret = SECRET })
    local someone = site:visitor "127.0.0.53"
    someone:fill_in("/sign-in", { username = "slipped", current_password = sites.OLD })
    someone:get "/sign-in/next"
    local before = site:executions "respond_to_auth_challenge"
    local wrong = code_now() == "000000" and "000001" or "000000"
    for _, head in ipairs(twice(someone, "/sign-in/next", { code = wrong })) do
      assert.matches("^HTTP/1.1 422", head)
      assert.matches("That code did not work", head)
    end
    assert.equal(before, site:executions "respond_to_auth_challenge") -- refusals are not executions
    assert.equal(1, site:logged "code=CodeMismatchException")
    assert_seen("/signed-in", someone:post("/sign-in/next", { code = code_now() }))
  end)

  it("takes forms of two tabs of one recovery, and names what to do in two of a sign-in", function()
    site:add_user "here"
    site:add_user "there"
    local someone = site:visitor "127.0.0.54"
    someone:fill_in("/", { username = "here" })
    someone:fill_in("/", { username = "there" })
    assert.matches('value="there"', someone:get("/code").body)
    assert_seen("/done", someone:post("/code", { username = "here", code = site:code "here", password = sites.NEW }))
    someone:get "/sign-in"
    local other_tab = someone.token
    someone:post("/sign-in", { username = "here", current_password = sites.NEW })
    local reply = someone:post("/sign-in", { username = "here", current_password = sites.NEW, token = other_tab })
    assert.equal(403, reply.status)
    assert.matches("This form is no longer valid", reply.body)
    assert.matches('<a class="button" href="/sign%-in">Try again</a>', reply.body)
  end)

  it("names cookies where none come back", function()
    for _, path in ipairs { "/", "/code", "/sign-in", "/sign-up/code" } do
      local someone = site:visitor "127.0.0.55"
      someone:get(path)
      someone.cookie = nil
      local reply = someone:post(path, { username = "ada" })
      assert.equal(403, reply.status)
      assert.matches("allow this site to set cookies", reply.body)
      assert.matches('class="button" href="' .. path:gsub("%p", "%%%0") .. '"', reply.body)
    end
  end)

  it("leads back to the form after too many wrong codes, and sends no other code", function()
    site:add_user "guessing"
    local someone = site:visitor "127.0.0.56"
    someone:fill_in("/", { username = "guessing" })
    site:code "guessing"
    local reply
    for _ = 1, 7 do
      someone:get "/code"
      reply = someone:post("/code", { username = "guessing", code = "", password = sites.NEW })
    end
    assert.equal(429, reply.status)
    assert.matches('href="/code">Try again', reply.body)
    assert.equal(1, #site:messages "guessing")
  end)
end)
