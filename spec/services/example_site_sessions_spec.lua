--- The session cookie of the site of examples/openresty: changed, cut, exchanged, and
-- used again by another browser once the visitor has left the session.

local sites = require "spec.support.site"

local SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

describe("the account-recovery site's session", function()
  local site, count = nil, 0

  setup(function()
    site = sites.start({}, "--existence-errors LEGACY")
  end)

  teardown(function()
    if site then site:stop() end
  end)

  -- Each from an address of its own: forms are limited by it.
  local function visitor()
    count = count + 1
    return site:visitor("127.0.1." .. count)
  end

  local function signed_in(someone, name)
    local reply = someone:fill_in("/sign-in", { username = name, current_password = sites.OLD })
    assert.same({ 303, "/signed-in" }, { reply.status, reply.headers.location })
    return someone.cookie
  end

  -- A browser with this cookie sees no page that wants a sign-in.
  local function assert_worthless(cookie, what)
    local other = visitor()
    for _, path in ipairs { "/signed-in", "/sign-in/next" } do
      other.cookie = cookie
      local reply = other:get(path)
      assert.same({ 303, "/sign-in" }, { reply.status, reply.headers.location }, what)
    end
  end

  it("is worth nothing in any other form", function()
    site:add_user "barbara"
    site:add_user "frances"
    local name, value = signed_in(visitor(), "barbara"):match "^([^=]*)=(.*)$"
    local other = signed_in(visitor(), "frances"):match "=(.*)$"
    local someone = visitor()
    local function try(changed)
      someone.cookie = name .. "=" .. changed
      local reply = someone:get "/signed-in"
      assert.is_true(reply.status == 303 and reply.headers.location == "/sign-in" or reply.status == 400, changed)
    end
    for i = 1, #value do
      try(value:sub(1, i - 1) .. (value:sub(i, i) == "A" and "B" or "A") .. value:sub(i + 1))
      try(value:sub(1, i - 1))
      try(value:sub(i + 1))
    end
    local own, parts = {}, {}
    for part in value:gmatch "[^.]*" do own[#own + 1] = part end
    for part in other:gmatch "[^.]*" do parts[#parts + 1] = part end
    for i = 1, #own do
      local mixed = { own[1], own[2], own[3], own[4] }
      mixed[i] = parts[i]
      if mixed[i] ~= own[i] then try(table.concat(mixed, ".")) end
    end
    for _, more in ipairs { "=", ".", "A", "\1", "\127", "\255", "%00", ("A"):rep(3000), ("A"):rep(9000) } do
      try(value .. more)
      try(more .. value)
    end
    someone.cookie = name .. "=" .. value
    assert.equal(200, someone:get("/signed-in").status)
    assert.equal(0, site:logged "stack traceback")
  end)

  it("ends with a sign-out, another sign-in and a new password", function()
    site:add_user "edsger"
    site:add_user("tony", { totp_secret = SECRET })
    local someone = visitor()
    local first = signed_in(someone, "edsger")
    local second = signed_in(someone, "edsger")
    assert_worthless(first, "signed in again")
    someone:get "/signed-in"
    someone:post("/sign-out", {})
    assert_worthless(second, "signed out")
    someone = visitor()
    someone:fill_in("/sign-in", { username = "tony", current_password = sites.OLD })
    local half = someone.cookie
    local full = signed_in(someone, "edsger")
    assert_worthless(half, "another user after half a sign-in")
    someone:fill_in("/", { username = "edsger" })
    someone:get "/code"
    local recovering = someone.cookie
    local reply = someone:post("/code", { username = "edsger", code = site:code "edsger", password = sites.NEW })
    assert.equal("/done", reply.headers.location)
    assert_worthless(full, "a new password")
    assert_worthless(recovering, "a new password, just before")
  end)
end)
