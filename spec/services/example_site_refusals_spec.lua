--- What the account-recovery site of examples/openresty refuses, and what it does
-- when something is wrong. Forms are limited by address, so each group of
-- visitors comes from one of its own.

local c_locale = require "cognito.c_locale"
local cjson = require "cjson"
local noise = require "spec.support.noise"
local process = require "spec.support.process"
local sites = require "spec.support.site"
local socket = require "socket"
local visitors = require "spec.support.visitor"

describe("the account-recovery site", function()
  local site

  setup(function()
    site = sites.start({ SITE_SECRET = "the same after a reload, and long" }, "--existence-errors LEGACY")
  end)

  teardown(function()
    if site then site:stop() end
  end)

  it("works without scripts", function()
    site:add_user "edsger"
    local someone = site:visitor "127.0.0.2"
    local reply = someone:fill_in("/", { username = "edsger" })
    assert.same({ 303, "/code" }, { reply.status, reply.headers.location })
    local code = site:code "edsger"
    assert.matches("edsger", someone:get("/code").body)
    reply = someone:post("/code", { username = "edsger", code = code, password = sites.NEW })
    assert.same({ 303, "/done" }, { reply.status, reply.headers.location })
    assert.matches("Your new password is set", someone:get("/done").body)
    assert.equal("signed in", site:sign_in("edsger", sites.NEW))
  end)

  for _, seed in ipairs { 1, 2 } do
    it(("bears noise, seed %d"):format(seed), function()
      local source = noise.new(seed)
      local address, port = site.url:match "^http://([^:/]+):(%d+)"
      local form = "username=ada&code=1&password=x%41+y&token=t&again=yes"
      for round = 1, 60 do
        local client = assert(socket.connect(address, port))
        client:settimeout(10)
        local body = source:damage(form)
        client:send(source:upto(2) == 1 and source:damaged_head() or ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
          .. "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s")
          :format(source:one { "/", "/code", "/sign-up", "/sign-up/code", "/done" }, #body, body))
        client:shutdown "send"
        local reply = client:receive "*a" or ""
        client:close()
        assert.is_nil(reply:find "^HTTP/1%.1 500", ("seed %d, round %d: %s"):format(seed, round, body))
      end
      assert.equal(200, site:visitor("127.0.0.9"):get("/").status)
      assert.equal(0, site:logged "stack traceback")
    end)
  end

  it("takes forms of its own pages only", function()
    local someone, other = site:visitor "127.0.0.5", site:visitor "127.0.0.5"
    other:get "/"
    someone:get "/"
    local own, asked = someone.token, site:executions "forgot_password"
    local forged = {
      { {}, { token = "" } },
      { {}, { token = other.token } },
      { {}, { token = own:gsub("^.", "~") } },
      { { Origin = "https://evil.example" } },
      { { Origin = "null" } },
      { { ["Sec-Fetch-Site"] = "same-site" } },
      { { ["Sec-Fetch-Site"] = "cross-site" } },
      { { Cookie = "none=here" } },
      { { Cookie = other.cookie } },
      { { Cookie = someone.cookie:gsub("%.%d+%.", ".9999999999.") } },
    }
    for i, case in ipairs(forged) do
      local form = { username = "mallory" .. i, token = case[2] and case[2].token or own }
      local reply = someone:post("/", form, case[1])
      assert.equal(403, reply.status, i)
      assert.matches("Nothing was sent or changed", reply.body)
    end
    local same = { ["Sec-Fetch-Site"] = "same-origin" }
    assert.equal(303, someone:post("/", { username = "mallory", token = own }, same).status)
    site:wait("the only call", function() return site:logged "code=UserNotFoundException" > 0 end)
    assert.equal(asked, site:executions "forgot_password") -- of nobody
  end)

  it("keeps its session from scripts and other sites", function()
    local cookie = site:visitor("127.0.0.5"):get("/").headers["set-cookie"]
    for _, attribute in ipairs { "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=3600" } do
      assert.truthy(cookie:find("; " .. attribute, 1, true), attribute)
    end
  end)

  it("takes no other methods, kinds and sizes", function()
    local someone = site:visitor "127.0.0.9"
    local reply = someone:send("PUT", "/", nil, "x")
    assert.same({ 405, "GET, HEAD, POST" }, { reply.status, reply.headers.allow })
    reply = someone:send("POST", "/done", nil, "x")
    assert.same({ 405, "GET, HEAD" }, { reply.status, reply.headers.allow })
    assert.equal(405, someone:send("POST", "/static/site.css", nil, "x").status)
    assert.same({ 200, "" }, { someone:send("HEAD", "/").status, someone:send("HEAD", "/").body })
    assert.equal(413, someone:fill_in("/", { username = ("x"):rep(5000) }).status)
    assert.equal(400, someone:post("/", { username = "x" }, { ["Content-Type"] = "application/json" }).status)
    assert.equal(400, someone:send("POST", "/", nil, ("a=b&"):rep(20)).status)
    assert.equal(404, someone:get("/nowhere").status)
    assert.equal(404, someone:get("/static/../nginx.conf").status)
    assert.equal(404, someone:get("/static/..%2fnginx.conf").status)
    assert.equal(404, someone:get("/problem").status)
  end)

  it("answers a broken request with a styled page, too", function()
    local port = site.url:match ":(%d+)$"
    for request, status in pairs {
      ["GET / HTTP/1.1\r\n\r\n"] = "400 Bad Request", ["GET /%zz HTTP/1.0\r\n\r\n"] = "400 Bad Request",
      ["GET /" .. ("x"):rep(10000) .. " HTTP/1.0\r\n\r\n"] = "414 Request-URI Too Large",
    } do
      local connection = assert(socket.connect("127.0.0.1", port))
      connection:settimeout(30)
      connection:send(request)
      local reply = connection:receive "*a"
      connection:close()
      assert.equal("HTTP/1.1 " .. status, reply:match "^[^\r]*")
      assert.matches("Content%-Security%-Policy: default%-src 'none'", reply)
      assert.matches("We could not read this", reply)
    end
  end)

  it("names missing and overlong fields, without asking the pool", function()
    local before = site:executions "confirm_forgot_password"
    local someone = site:visitor "127.0.0.10"
    local reply = someone:fill_in("/", { username = " \t " })
    assert.equal(422, reply.status)
    assert.matches("Enter your username or e%-mail address", reply.body)
    assert.matches("This is too long", someone:post("/", { username = ("x"):rep(600) }).body)
    reply = someone:fill_in("/code", { username = "a", code = " ", password = "" })
    assert.matches("Enter the code", reply.body)
    assert.matches("Enter a new password", reply.body)
    reply = someone:send("POST", "/code", nil, "username=a&username=b&code&token=" .. someone.token)
    assert.equal(422, reply.status)
    assert.matches("Enter your username", reply.body)
    assert.equal(before, site:executions "confirm_forgot_password")
  end)

  it("sends headers that keep browsers from mischief, with every answer", function()
    local someone = site:visitor "127.0.0.11"
    for _, path in ipairs { "/", "/code", "/done", "/nowhere", "/static/site.css", "/static/site.js" } do
      local headers = someone:get(path).headers
      local policy = headers["content-security-policy"]
      for _, directive in ipairs { "default-src 'none'", "frame-ancestors 'none'", "form-action 'self'",
        "base-uri 'none'", "script-src 'self'", "style-src 'self'" } do
        assert.truthy(policy:find(directive, 1, true), path)
      end
      assert.is_nil(policy:find("unsafe", 1, true))
      assert.equal("same-origin", headers["referrer-policy"])
      assert.equal("nosniff", headers["x-content-type-options"])
      assert.equal(path:find "static" and "public, max-age=3600" or "no-store", headers["cache-control"])
      assert.truthy(headers["permissions-policy"])
      assert.equal("nginx", c_locale.lower(headers.server):match "^[^/]*$" and "nginx")
    end
    assert.equal("no-store", someone:post("/", { username = "x", token = "" }).headers["cache-control"])
  end)

  -- ---- faults ----

  it("says when something is wrong on its side, and what may have happened", function()
    site:add_user "frances"
    local someone = site:visitor "127.0.0.12"
    someone:fill_in("/", { username = "frances" })
    local form = { username = "frances", code = site:code "frances", password = sites.NEW }
    site:box("/misbehave", { operation = "confirm_forgot_password", what = "drop", phase = "after" })
    local reply = someone:post("/code", form)
    assert.equal(503, reply.status)
    assert.matches("Your new password may be set already", reply.body)
    assert.equal("signed in", site:sign_in("frances", sites.NEW))
    site:box("/misbehave", { operation = "confirm_forgot_password", what = "error", code = "ResourceNotFoundException",
      message = "no client" })
    reply = someone:post("/code", form)
    assert.equal(503, reply.status)
    assert.equal(1, site:logged "outcome=broken code=ResourceNotFoundException")
  end)

  it("logs no visitor's address where the pool resets connections", function()
    local before = site:executions "confirm_forgot_password"
    for _ = 1, 3 do
      site:box("/misbehave", { operation = "confirm_forgot_password", what = "reset", phase = "before" })
      local reply = site:visitor("127.0.0.12"):fill_in("/code", { username = "any", code = "1", password = sites.NEW })
      assert.equal(503, reply.status)
    end
    assert.equal(before, site:executions "confirm_forgot_password")
    assert.equal(0, site:logged "recv%(%) failed")
    assert.same({}, site:traces {})
  end)

  it("logs an error of its own without the visitor's address", function()
    local path = site.logs:gsub("logs$", "nginx.conf")
    local before = process.read(path)
    process.write(before:gsub("location = /done {", [[
      location = /faulty { content_by_lua_block { require("site.guard")(function() error "a fault" end)() } }
      %0]], 1), path)
    site:reload()
    local reply = site:wait("workers of the new configuration", function()
      local page = site:visitor("127.0.0.12"):get "/faulty"
      return page.status ~= 404 and page
    end)
    process.write(before, path)
    site:reload()
    assert.equal(500, reply.status)
    assert.matches("Something is wrong on our side", reply.body)
    assert.equal(1, site:logged "recovery visit=%w+ %S* a fault; stack traceback:")
    assert.same({}, site:traces {})
  end)

  it("shows a password that only the pool refuses", function()
    site:box("/misbehave", { operation = "confirm_forgot_password", what = "error", code = "InvalidPasswordException",
      message = "it is on a list" })
    local reply = site:visitor("127.0.0.12"):fill_in("/code", { username = "any", code = "1", password = sites.NEW })
    assert.equal(422, reply.status)
    assert.matches("This password cannot be used", reply.body)
    assert.is_nil(reply.body:find("on a list", 1, true))
  end)

  it("finishes its work across a reload, and keeps forms that are open", function()
    site:add_user "margaret"
    local someone = site:visitor "127.0.0.13"
    someone:get "/"
    site:box("/misbehave", { operation = "forgot_password", what = "delay", seconds = 1, phase = "before" })
    local before = site:logged "outcome=accepted status=200"
    assert.equal(303, someone:post("/", { username = "margaret" }).status)
    site:reload()
    assert.equal(303, someone:post("/", { username = "margaret hamilton" }).status)
    site:code "margaret"
    site:wait("the old worker's line", function() return site:logged "outcome=accepted status=200" > before end)
  end)

  it("does not take on more than it can do, and loses nothing", function()
    local lines = "operation=resend_confirmation_code"
    local before, taken, full = site:logged(lines), 0, nil
    site:box("/misbehave", { operation = "resend_confirmation_code", what = "stall", times = 1000 })
    local someone = site:visitor "127.0.0.1"
    someone:get "/sign-up"
    for i = 1, 5000 do -- 550 wait in each worker
      local reply = someone:post("/sign-up", { username = "many" .. i }, {
        ["X-Forwarded-For"] = ("10.%d.%d.1"):format(math.floor(i / 250), i % 250),
      })
      full = reply.status == 503 and reply
      if full then break end
      taken = taken + 1
    end
    site:box("/behave", {})
    assert.truthy(full)
    assert.equal("60", full.headers["retry-after"])
    assert.matches("no code was sent", full.body)
    assert.is_true(taken >= 500)
    assert.equal(200, someone:get("/").status)
    site:wait("all calls", function() return site:logged(lines) >= before + taken end)
    assert.equal(before + taken, site:logged(lines))
  end)

  -- ---- other settings ----

  describe("behind TLS, with a pool of its own", function()
    local listener, front

    setup(function()
      listener = assert(socket.bind("127.0.0.1", 0))
      listener:settimeout(30)
      local _, port = listener:getsockname()
      front = sites.start {
        SITE_ORIGIN = "https://account.example.com", SITE_NAME = "Acme & Sons",
        EXAMPLE_ENDPOINT = "http://127.0.0.1:" .. port,
      }
    end)

    teardown(function()
      if front then front:stop() end
      listener:close()
    end)

    -- The call that arrives at the pool next; it is answered with nothing.
    local function next_call()
      local connection = assert(listener:accept())
      connection:settimeout(30)
      local length
      repeat
        local line = assert(connection:receive "*l")
        length = tonumber(c_locale.lower(line):match "^content%-length: (%d+)") or length
      until line == ""
      local params = cjson.decode((connection:receive(length)))
      connection:send "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
      connection:close()
      return params
    end

    local function someone_from(address)
      local someone = visitors.new(front.url, address)
      someone.origin = "https://account.example.com"
      return someone
    end

    it("locks its cookie to the host and to TLS", function()
      local someone = someone_from "127.0.0.2"
      local reply = someone:get "/"
      assert.matches("^__Host%-recovery=.*; Secure$", reply.headers["set-cookie"])
      assert.matches("Acme &amp; Sons", reply.body)
      assert.equal(303, someone:post("/", { username = "ada" }).status)
      assert.equal("ada", next_call().Username)
      assert.equal(403, someone:post("/", { username = "ada" }, { Origin = front.url }).status)
    end)

    it("passes the visitor's address to the pool, trusting its proxy only", function()
      local forwarded = { ["X-Forwarded-For"] = "203.0.113.9" }
      for peer, expected in pairs { ["127.0.0.1"] = "203.0.113.9", ["127.0.0.2"] = "127.0.0.2" } do
        local someone = someone_from(peer)
        someone:get "/"
        assert.equal(303, someone:post("/", { username = "from " .. peer }, forwarded).status)
        local params = next_call()
        assert.equal("from " .. peer, params.Username)
        assert.equal(expected, params.UserContextData.IpAddress)
      end
    end)
  end)

  it("does not start with settings that cannot be right", function()
    local ok, message = pcall(sites.start, { SITE_ORIGIN = "https://account.example.com/recover" })
    assert.is_false(ok)
    assert.matches("SITE_ORIGIN must be a scheme and a host without a path", message)
  end)

end)
