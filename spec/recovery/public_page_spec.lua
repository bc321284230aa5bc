--- Pages of public_answer: alike for every kind of user and for an unknown name,
-- without a trace of the user; wrong calls of it, and its log.

local page_calls = require "spec.support.page_calls"
local public_answer = require("cognito.recovery").public_answer

local ASKING, CONFIRMING = page_calls.ASKING, page_calls.CONFIRMING
local USERNAME, EMAIL, PHONE = page_calls.USERNAME, page_calls.EMAIL, page_calls.PHONE
local PASSWORD, WEAK = page_calls.PASSWORD, "weak"
local new_pool, call, each = page_calls.new_pool, page_calls.call, page_calls.each

-- Everything that must not be told: what the request held, and what replies
-- and outbox say of where a code went.
local secrets = { "grace", "hopper", "admiral", "+44", "@", "EMAIL", "SMS", "**", PASSWORD, WEAK }

local function assert_silent(value)
  if type(value) == "table" then
    for name, inner in pairs(value) do
      assert_silent(name)
      assert_silent(inner)
    end
    return
  end
  local text = tostring(value)
  for _, secret in ipairs(secrets) do
    if text:find(secret, 1, true) then error(secret .. " in " .. text) end
  end
end

-- Users of every kind, and none.
local function each_user(visit)
  local contacts = { {}, { email = EMAIL }, { email = EMAIL, email_verified = false }, { phone_number = PHONE },
    { phone_number = PHONE, sms_mfa = true }, { email = EMAIL, phone_number = PHONE } }
  visit(nil)
  for _, status in ipairs { "CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED", "FORCE_CHANGE_PASSWORD",
    "EXTERNAL_PROVIDER" } do
    for _, contact in ipairs(contacts) do
      for _, enabled in ipairs { true, false } do
        local user = { username = USERNAME, status = status, enabled = enabled }
        for name, value in pairs(contact) do user[name] = value end
        visit(user)
      end
    end
  end
end

describe("a page", function()
  local wrong_code = { confirmation_code = "000000x" }

  local function stranger(user, existence, recovery)
    return (new_pool({
      prevent_user_existence_errors = existence, recovery = recovery,
      limits = { forgot_password = 1, resend_confirmation_code = 1, confirm_forgot_password = 1, confirm_sign_up = 1 },
    }, user))
  end

  -- All that the sandbox answers a stranger: at first, and past the limit.
  local function each_answer(pool, visit)
    for _ = 1, 2 do
      each(ASKING, function(operation) visit("accepted", public_answer(call(pool, operation))) end)
    end
    for _ = 1, 2 do
      each(CONFIRMING, function(operation) visit("not_accepted", public_answer(call(pool, operation, wrong_code))) end)
    end
  end

  for _, existence in ipairs { "LEGACY", "ENABLED" } do
    it("is the same for known and unknown users, and names neither, with " .. existence, function()
      for _, recovery in ipairs { "legacy", "verified_email", "admin_only" } do
        each_user(function(user)
          -- A fault of the pool's is reported until it is corrected.
          local function visit(expected, page)
            local pool_is_at_fault = recovery == "admin_only" and page.log.reason == "admin_only_recovery"
            if page.outcome ~= (pool_is_at_fault and "broken" or expected) then error(tostring(page.log)) end
            assert_silent(page)
            assert_silent(tostring(page.log))
          end
          each_answer(stranger(user, existence, recovery), visit)
          visit("bad_password",
            public_answer(call(stranger(user, existence, recovery), "confirm_forgot_password", { password = WEAK })))
        end)
      end
    end)
  end

  it("is the same for an unknown name, however the service answers in turn", function()
    local pool = new_pool { prevent_user_existence_errors = "ENABLED" }
    each(ASKING, function(operation)
      local results = {}
      for i = 1, 4 do
        local result, err, meta = call(pool, operation)
        results[i] = result ~= nil
        local page = public_answer(result, err, meta)
        assert.equal("accepted", page.outcome)
        assert_silent(tostring(page.log))
      end
      assert.same({ true, false, true, false }, results)
    end)
  end)

  it("is done with the right code", function()
    local pool, box = new_pool(nil, { username = USERNAME, email = EMAIL })
    assert.equal("accepted", public_answer(call(pool, "forgot_password")).outcome)
    local code = { confirmation_code = box:code(USERNAME) }
    local page = public_answer(call(pool, "confirm_forgot_password", code))
    assert.equal("done", page.outcome)
    assert.equal("confirm_forgot_password", page.log.operation)
    assert.equal(200, page.log.status)
    assert_silent(page)

    pool, box = new_pool(nil, { username = USERNAME, email = EMAIL, status = "UNCONFIRMED" })
    assert.equal("accepted", public_answer(call(pool, "resend_confirmation_code")).outcome)
    page = public_answer(call(pool, "confirm_sign_up", { confirmation_code = box:code(USERNAME) }))
    assert.equal("done", page.outcome)
  end)

  it("can do without meta", function()
    local pool, box = new_pool(nil, { username = USERNAME, email = EMAIL })
    local sent = assert(call(pool, "forgot_password"))
    assert.equal("accepted", public_answer(sent).outcome)
    local _, err = call(pool, "confirm_forgot_password", wrong_code)
    assert.equal("not_accepted", public_answer(nil, err).outcome)
    local confirmed = assert(call(pool, "confirm_forgot_password", { confirmation_code = box:code(USERNAME) }))
    assert.equal("done", public_answer(confirmed).outcome)
  end)

  it("is not for other operations", function()
    local pool = new_pool()
    for _, operation in ipairs { "admin_get_user", "admin_reset_user_password" } do
      local ok, message = pcall(function() local _ = public_answer(call(pool, operation)) end)
      assert.is_false(ok)
      assert.matches("public_page_spec.*" .. operation, message)
    end
    assert.is_false(pcall(public_answer, nil, nil))
  end)
end)

describe("public_answer of values that no call returned", function()
  local recovery = require "cognito.recovery"
  local pool = new_pool()
  local failed = select(2, call(pool, "confirm_forgot_password"))
  local meta = select(3, call(pool, "confirm_forgot_password"))

  local calls = {
    ["the error alone"] = { "result first and its error second", function() return (public_answer(failed)) end },
    ["the error alone, with meta"] = { "result first and its error second", function()
      return (public_answer(failed, nil, meta))
    end },
    ["a colon"] = { "with a dot", function() return (recovery:public_answer(nil, failed)) end },
    ["pcall's answers"] = { "pcall", function()
      return (public_answer(pcall(call, pool, "confirm_forgot_password")))
    end },
    ["false"] = { "not false, which pcall puts before it", function() return (public_answer(false, failed)) end },
    ["a text"] = { "not a string", function() return (public_answer "done") end },
    ["a result beside an error"] = { "nil as the error", function() return (public_answer({}, failed)) end },
    ["a result beside an error as meta"] = { "not an error", function() return (public_answer({}, nil, failed)) end },
    ["a number as error"] = { "not nil and a number", function() return (public_answer(nil, 42)) end },
    ["a table of the program's as error"] = { "not nil and a table", function()
      return (public_answer(nil, { operation = "forgot_password" }))
    end },
    ["a number as meta"] = { "not a number", function() return (public_answer({}, nil, 42)) end },
    ["nothing"] = { "not nil and a nil", function() return (public_answer()) end },
  }
  for what, case in pairs(calls) do
    it("names the right call: " .. what, function()
      assert.equal("not_accepted", public_answer(nil, failed, meta).outcome)
      local ok, message = pcall(case[2])
      assert.is_false(ok)
      assert.matches("public_page_spec%.lua:%d+: public_answer ", message)
      assert.matches(case[1], message, 1, true)
      assert.matches("write recovery.public_answer(pool:forgot_password { … })", message, 1, true)
    end)
  end

  it("takes an empty table, which operations without output return", function()
    assert.equal("done", public_answer({}).outcome)
    assert.equal("done", public_answer({}, nil, { operation = "confirm_forgot_password" }).outcome)
  end)
end)

describe("the log of a page", function()
  it("is one line that no answer can forge", function()
    local pool, box = new_pool()
    box:misbehave { what = "error", code = 'Odd"\r\nException outcome=done', message = "of " .. EMAIL }
    local log = public_answer(call(pool, "forgot_password")).log
    assert.falsy(tostring(log):find "%c")
    assert.matches("^operation=forgot_password outcome=broken code=\"Odd' +Exception outcome=done\" status=400 ",
      tostring(log))
    assert_silent(log)
  end)

  it("tells the operator what to do", function()
    local pool = new_pool(nil, { username = USERNAME })
    local log = public_answer(call(pool, "forgot_password")).log
    assert.equal("no_verified_contact", log.reason)
    assert.equal(1, log.attempts)
    assert.matches('hint="The user has no verified e%-mail address', tostring(log))
  end)
end)
