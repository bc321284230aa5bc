--- Setting an authenticator app up on the way in, at the site of
-- examples/openresty: its pool asks every user for a second factor.

local npm = require "spec.support.npm"
local process = require "spec.support.process"
local sites = require "spec.support.site"
local totp = require "cognito.sandbox.totp"

local JSQR_VERSION = "1.4.0"

describe("the account-recovery site, in a pool where everyone needs a second factor,", function()
  local site

  setup(function()
    site = sites.start({ SITE_NAME = "Größe: Söhne", SITE_HELP_URL = "/help" }, "--mfa ON")
  end)

  teardown(function()
    if site then site:stop() end
  end)

  local function assert_seen(path, reply)
    assert.same({ 303, path }, { reply.status, reply.headers.location })
  end

  local function begun(address, name)
    site:add_user(name)
    local someone = site:visitor(address)
    assert_seen("/sign-in/next", someone:fill_in("/sign-in", { username = name, current_password = sites.OLD }))
    local page = someone:get("/sign-in/next").body
    return someone, page, (page:match "<code>([A-Z2-7 ]+)</code>")
  end

  -- The pool's clock is the machine's.
  local function code_of(groups, off)
    return totp.code(totp.from_base32((groups:gsub(" ", ""))), totp.step(os.time()) + (off or 0))
  end

  local function wrong_code(groups)
    local right = {}
    for off = -2, 2 do right[code_of(groups, off)] = true end
    for i = 0, 9 do
      local code = ("%06d"):format(i)
      if not right[code] then return code end
    end
  end

  it("shows the key as text in groups of four, as a link and as a picture", function()
    local _, page, groups = begun("127.0.0.30", "ada+x")
    assert.matches("Set up your authenticator app", page)
    assert.matches("^[A-Z2-7][A-Z2-7 ]+$", groups)
    for group in groups:gmatch "%S+" do assert.is_true(#group == 4 or groups:sub(-#group) == group) end
    local link = "otpauth://totp/Gr%C3%B6%C3%9Fe%20%20S%C3%B6hne:ada%2Bx?secret=" .. groups:gsub(" ", "")
      .. "&amp;issuer=Gr%C3%B6%C3%9Fe%20%20S%C3%B6hne"
    assert.truthy(page:find('<a href="' .. link .. '">', 1, true), page)
    assert.matches('<svg aria%-label="QR code that holds the key"', page)
    assert.matches('inputmode="numeric"', page)
  end)

  it("has a picture that holds the link", function()
    local _, page = begun("127.0.0.30", "pictured")
    local size, bars = page:match '<svg [^>]-viewBox="0 0 (%d+) %d+".-<path d="([^"]*)"'
    local link = page:match('<a href="(otpauth:[^"]*)"'):gsub("&amp;", "&")
    local script = ([[
      const jsqr = require(process.argv[1]), size = Number(process.argv[2]), scale = 4
      const pixels = new Uint8ClampedArray(size * size * scale * scale * 4).fill(255)
      for (const [, x, y, width] of process.argv[3].matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
        for (let row = y * scale; row < (Number(y) + 1) * scale; row++)
          for (let column = x * scale; column < (Number(x) + Number(width)) * scale; column++)
            pixels.fill(0, (row * size * scale + column) * 4, (row * size * scale + column) * 4 + 3)
      console.log(jsqr(pixels, size * scale, size * scale).data)
    ]]):gsub("'", "'\\''")
    assert.equal(link .. "\n", process.output_of(("node -e '%s' %s %s '%s'"):format(script,
      process.output_of "pwd":match "%C+" .. "/" .. npm.folder("jsqr", JSQR_VERSION), size, bars)))
  end)

  it("has no picture where the library that draws it is not installed", function()
    assert.equal("false\tnil\n", process.output_of("luajit -e '" .. [[package.path = "examples/openresty/lua/?.lua"
      require("ffi").load = function() error "no such library" end
      local qr = require "site.qr"
      print(qr.available, qr.draw("otpauth://", "label"))]] .. "'"))
  end)

  it("verifies the app's code, and goes on to signed in; the next sign-in asks for a code", function()
    local someone, _, groups = begun("127.0.0.31", "hedy")
    local before = site:executions "associate_software_token"
    assert.matches(groups, someone:get("/sign-in/next").body) -- the same key again
    assert.equal(before, site:executions "associate_software_token")
    local code = code_of(groups)
    assert_seen("/signed-in", someone:post("/sign-in/next", { code = code:sub(1, 3) .. " " .. code:sub(4) }))
    assert.equal(200, someone:get("/signed-in").status)
    assert_seen("/signed-in", someone:get "/sign-in/next")
    local later = site:visitor "127.0.0.31"
    assert_seen("/sign-in/next", later:fill_in("/sign-in", { username = "hedy", current_password = sites.OLD }))
    assert.matches("authenticator app shows", later:get("/sign-in/next").body)
    assert_seen("/signed-in", later:post("/sign-in/next", { code = code_of(groups, 1) }))
  end)

  it("says what to do about a wrong code, an empty one, and one that is none, and keeps the key", function()
    local someone, _, groups = begun("127.0.0.32", "wrong")
    for code, text in pairs { [wrong_code(groups)] = "Check that the app has", ["12345"] = "Check that the app",
      ["12345x"] = "Check that the app", [""] = "Enter the code that the app shows%." } do
      local reply = someone:post("/sign-in/next", { code = code })
      assert.equal(422, reply.status)
      assert.matches(text, reply.body)
      assert.matches(groups, reply.body)
    end
    assert_seen("/signed-in", someone:post("/sign-in/next", { code = code_of(groups) }))
  end)

  it("verifies once where the answer to the challenge fails", function()
    local someone, _, groups = begun("127.0.0.33", "halfway")
    site:box("/misbehave", { operation = "respond_to_auth_challenge", what = "status_500", times = 9 })
    local reply = someone:post("/sign-in/next", { code = code_of(groups) })
    assert.equal(503, reply.status)
    assert.matches("Please try again in a few minutes", reply.body)
    site:box("/behave", {})
    assert_seen("/signed-in", someone:post("/sign-in/next", { code = code_of(groups) }))
  end)

  it("begins again where the session ran out", function()
    local someone, _, groups = begun("127.0.0.33", "late")
    site:box("/misbehave", { operation = "verify_software_token", what = "error", code = "NotAuthorizedException",
      message = "Invalid session for the user, session is expired." })
    local reply = someone:post("/sign-in/next", { code = code_of(groups) })
    assert.equal(422, reply.status)
    assert.matches("Please sign in again", reply.body)
    assert_seen("/sign-in", someone:get "/sign-in/next")
  end)

  it("says so where no key can be had, and makes no call twice", function()
    site:add_user "keyless"
    local before = site:executions "associate_software_token"
    site:box("/misbehave", { operation = "associate_software_token", what = "drop", phase = "after", times = 9 })
    local someone = site:visitor "127.0.0.34"
    local reply = someone:fill_in("/sign-in", { username = "keyless", current_password = sites.OLD })
    site:box("/behave", {})
    assert.equal(503, reply.status)
    assert.matches("Please try again in a few minutes", reply.body)
    assert.equal(before + 1, site:executions "associate_software_token")
  end)

  it("asks for the key's app after a temporary password, too", function()
    site:add_user("invited", { status = "FORCE_CHANGE_PASSWORD" })
    local someone = site:visitor "127.0.0.34"
    assert_seen("/sign-in/next", someone:fill_in("/sign-in", { username = "invited", current_password = sites.OLD }))
    assert_seen("/sign-in/next", someone:fill_in("/sign-in/next", { password = sites.NEW }))
    local page = someone:get("/sign-in/next").body
    assert.matches("totp/[^:]*:invited%?", page)
    assert_seen("/signed-in", someone:post("/sign-in/next", { code = code_of(page:match "<code>([A-Z2-7 ]+)</code>") }))
  end)

  it("has left no key, code, session or name in the logs", function()
    local _, _, groups = begun("127.0.0.35", "unlogged")
    local logs = site:log "access" .. site:log "error"
    assert.is_nil(logs:find(groups:gsub(" ", ""), 1, true))
    assert.is_nil(logs:find("sandbox-session", 1, true))
    assert.same({}, site:traces { "hedy", "halfway", "invited", "unlogged" })
  end)
end)
