--- What strangers can tell from the account-recovery site of examples/openresty:
-- nothing, though its pool tells them who exists (LEGACY). Forms are limited by
-- address, so each group of visitors comes from one of its own.

local c_locale = require "cognito.c_locale"
local sites = require "spec.support.site"

describe("the account-recovery site, to strangers", function()
  local site

  -- All of one length, and no words of the pages.
  local names = {
    known = "zq1", unknown = "zq2", without = "zq3", disabled = "zq4", unconfirmed = "zq5", limited = "zq6",
  }

  setup(function()
    site = sites.start({}, "--existence-errors LEGACY")
    site:add_user(names.known)
    site:add_user(names.limited)
    site:add_user(names.disabled, { enabled = false })
    site:add_user(names.unconfirmed, { status = "UNCONFIRMED" })
    site:add_user(names.without, { email_verified = false })
    local sent, err
    repeat
      sent, err = site:pool():forgot_password { username = names.limited }
    until not sent
    assert.equal("hourly_limit", err.reason)
  end)

  teardown(function()
    if site then site:stop() end
  end)

  -- A reply without what is the visitor's own: name, token, cookie, date.
  local function plain(reply, someone, name)
    local headers = {}
    for key, value in pairs(reply.headers) do
      headers[key] = key ~= "date" and key ~= "set-cookie" and value or nil
    end
    local body = reply.body:gsub(someone.token:gsub("%p", "%%%0"), "TOKEN"):gsub(name, "NAME")
    return { status = reply.status, headers = headers, body = body, cookie = #someone.cookie }
  end

  local function asked(path, name)
    local someone = site:visitor "127.0.0.3"
    local reply = someone:fill_in(path, { username = name })
    local after = someone:get(reply.headers.location)
    return { plain(reply, someone, name), plain(after, someone, name) }
  end

  for path, operation in pairs { ["/"] = "forgot_password", ["/sign-up"] = "resend_confirmation_code" } do
    it("says the same about every name after " .. operation, function()
      local accepted = "operation=" .. operation .. " outcome=accepted"
      local before = site:logged(accepted)
      local expected = asked(path, names.known)
      for _, name in pairs(names) do
        if name ~= names.known then assert.same(expected, asked(path, name)) end
      end
      site:wait("all calls", function() return site:logged(accepted) >= before + 6 end)
    end)
  end

  it("asked the pool nevertheless, and its operators know", function()
    for _, code in ipairs { "UserNotFoundException", "LimitExceededException reason=hourly_limit",
      "InvalidParameterException reason=no_verified_contact", "NotAuthorizedException reason=user_disabled" } do
      site:wait(code, function() return site:log("error"):find("outcome=accepted code=" .. code, 1, true) end)
    end
    assert.equal(1, #site:messages(names.known))
    assert.equal(0, #site:messages(names.without))
  end)

  it("says the same about every name after a wrong code", function()
    local function tried(name)
      local someone = site:visitor "127.0.0.4"
      local reply = someone:fill_in("/code", { username = name, code = "nonsense", password = sites.NEW })
      return plain(reply, someone, name)
    end
    local expected = tried(names.known)
    assert.equal(422, expected.status)
    for _, name in pairs(names) do assert.same(expected, tried(name)) end
  end)

  it("answers first and calls afterwards", function()
    site:add_user "donald"
    local before = site:logged "ambiguous=true"
    site:box("/misbehave", { operation = "forgot_password", what = "stall", phase = "after" })
    local reply = site:visitor("127.0.0.4"):fill_in("/", { username = "donald" })
    assert.equal(303, reply.status)
    assert.equal(before, site:logged "ambiguous=true") -- it takes eight seconds to give up the call
    site:wait("the call", function() return #site:messages "donald" == 1 end)
  end)

  it("answers a try only at full seconds", function()
    site:visitor("127.0.0.4"):fill_in("/code", { username = "nobody", code = "1", password = sites.NEW })
    local seconds = site:wait("its line", function() return site:log("access"):match "POST /code 422 (%S+)" end)
    assert.is_true(tonumber(seconds) >= 1)
  end)

  it("takes a double click for one", function()
    site:add_user "ken"
    local someone = site:visitor "127.0.0.4"
    someone:fill_in("/", { username = "ken" })
    assert.equal(303, someone:fill_in("/", { username = "ken" }).status)
    site:add_user "dennis"
    someone:fill_in("/", { username = "dennis" })
    site:code "dennis" -- asked for later, and there
    assert.equal(1, #site:messages "ken")
  end)

  it("limits by user, whether there is one or not", function()
    site:add_user "rosalind"
    for _, name in ipairs { "rosalind", "norosalind" } do
      local someone = site:visitor "127.0.0.6"
      for i = 1, 4 do assert.equal(303, someone:fill_in("/", { username = name }).status, i) end
      local reply = someone:fill_in("/", { username = c_locale.upper(name) })
      assert.same({ 429, "60" }, { reply.status, reply.headers["retry-after"] })
      assert.equal(429, site:visitor("127.0.0.7"):fill_in("/", { username = name }).status)
    end
  end)

  it("limits guesses", function()
    local someone = site:visitor "127.0.0.7"
    for i = 1, 6 do
      assert.equal(422, someone:fill_in("/code", { username = "guessed", code = "1" }).status, i)
    end
    assert.equal(429, someone:fill_in("/code", { username = "guessed", code = "1" }).status)
  end)

  it("limits by address, and trusts its proxy only", function()
    -- After how many forms from an address of loopback it is too much.
    local function count(address, forwarded)
      local someone = site:visitor(address)
      someone:get "/"
      for i = 1, 50 do
        local headers = { ["X-Forwarded-For"] = forwarded:format(i) }
        if someone:post("/", { username = "" }, headers).status == 429 then return i end
      end
    end
    -- Half a minute gives 15 more; the machine may be slow.
    for address, forwarded in pairs { ["127.0.0.8"] = "203.0.113.%d", ["127.0.0.1"] = "203.0.113.77" } do
      local forms = count(address, forwarded)
      assert.is_true(forms and forms >= 32 and forms < 47, address)
    end
    assert.is_nil(count("127.0.0.1", "203.0.113.%d"))
    -- One network of IPv6 counts as one address.
    assert.is_number(count("127.0.0.1", "2001:db8::%d"))
    assert.is_nil(count("127.0.0.1", "2001:db8:0:%d::1"))
  end)

  it("has left nothing personal in the logs", function()
    assert.truthy(#site:log "access" > 1000 and #site:log "error" > 100)
    assert.same({}, site:traces { "zq1", "zq2", "zq6", "donald", "ken", "rosalind", "norosalind", "guessed" })
  end)
end)
