--- The cookies of the site of examples/openresty: under their very names, and sealed.
-- nginx looks names up in any case, so it took `__host-recovery` for `__Host-recovery`,
-- which older browsers let a neighbouring host set.

local sites = require "spec.support.site"

local ORIGIN = "https://account.example.com"

local site

setup(function() site = sites.start { SITE_ORIGIN = ORIGIN } end)

teardown(function() if site then site:stop() end end)

-- A cookie with a name in it, as the site sends it: its name and its value.
local function cookie_of(username)
  local someone = site:visitor "127.0.0.81"
  someone.origin = ORIGIN
  someone:fill_in("/", { username = username })
  return someone.cookie:match "^([^=]+)=(.*)$"
end

-- Whether the site takes cookies for the visitor's.
local function takes(cookies, username)
  local someone = site:visitor "127.0.0.82"
  someone.cookie = cookies
  local reply = someone:get "/code"
  assert.equal(200, reply.status)
  return reply.body:find('value="' .. username .. '"', 1, true) ~= nil
end

describe("the site's cookie", function()
  it("is taken under its very name, among others", function()
    local name, value = cookie_of "ada"
    local pair = name .. "=" .. value
    for _, cookies in ipairs { pair, "a=b; " .. pair, pair .. ";c=d", "a; " .. pair .. "; " .. name .. "=x" } do
      assert.is_true(takes(cookies, "ada"), cookies)
    end
  end)

  it("is not taken under a name that a neighbouring host may set", function()
    local _, value = cookie_of "ada"
    for _, name in ipairs { "__host-recovery", "__HOST-recovery", "__Host-Recovery", "recovery", "x__Host-recovery" } do
      assert.is_false(takes(name .. "=" .. value, "ada"), name)
    end
  end)

  it("is not taken cut, changed or quoted", function()
    local name, value = cookie_of "ada"
    for place = 1, #value, 7 do
      assert.is_false(takes(name .. "=" .. value:sub(1, place - 1), "ada"), place)
      local other = value:sub(place, place) == "A" and "B" or "A"
      assert.is_false(takes(name .. "=" .. value:sub(1, place - 1) .. other .. value:sub(place + 1), "ada"), place)
    end
    for _, odd in ipairs { '"' .. value .. '"', value .. "\1", value .. ",x=1", ("x"):rep(7000), "" } do
      assert.is_false(takes(name .. "=" .. odd, "ada"), odd)
    end
  end)
end)

describe("a head with more cookies than nginx reads", function()
  it("is answered by the site's own page", function()
    local someone = site:visitor "127.0.0.83"
    someone.cookie = "a=" .. ("x"):rep(9000)
    local reply = someone:get "/code"
    assert.equal(400, reply.status)
    assert.matches("We could not read this", reply.body)
    assert.matches("default%-src 'none'", reply.headers["content-security-policy"])
  end)
end)

describe("the site's secret", function()
  it("is not short enough to guess", function()
    local ok, message = pcall(sites.start, { SITE_SECRET = ("x"):rep(31) })
    assert.is_false(ok)
    assert.matches("SITE_SECRET must have 32 characters or more", message)
    assert.is_nil(message:find(("x"):rep(31), 1, true))
  end)
end)
