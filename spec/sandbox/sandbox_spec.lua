--- The sandbox as an object: options, users, runtime, misbehaviour.
local c_locale = require "cognito.c_locale"
local cjson = require "cjson"
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"
local call = require "spec.support.sandbox_call"

local CONFIRM = { Username = "ada", ConfirmationCode = "1",
  Password = "New-pass1word" }

describe("sandbox.new", function()
  it("needs nothing", function()
    local settings = sandbox.new():settings()
    assert.equal("eu-west-1", settings.region)
    assert.is_string(settings.client_secret)
    assert.equal("https://cognito-sandbox.invalid", settings.endpoint)
  end)

  it("refuses options that are unknown or of the wrong kind", function()
    local wrong = {
      { { clientid = "x" }, "unknown option 'clientid' %(there are alias_" },
      { { user_pool_id = "x" }, "user_pool_id must be a user pool id" },
      { { client_secret = "" }, "client_secret must be a string, or false" },
      { { client_secret = "a b" }, "it holds visible ASCII and no blanks" },
      { { client_secret = "secret\n" }, "it holds visible ASCII and no blanks" },
      { { credentials = { access_key_id = "x" } }, "credentials must be" },
      { { now = 1 }, "now must be a function" },
      { { recovery = "email" }, "recovery must be one of legacy, " },
      { { prevent_user_existence_errors = true }, "must be one of ENABLED" },
      { { limits = { sign_up = 1 } }, "unknown entry of limits 'sign_up'" },
      { { limits = { forgot_password = 0.5 } },
        "limits.forgot_password must be a whole number" },
      { { lifetimes = { token = -1 } }, "lifetimes.token must be seconds" },
      { { username_attributes = { "name" } }, "must be a list of email" },
      { { username_attributes = { "email" }, alias_attributes = { "email" } },
        "not both" },
      { { assumptions = 1 }, "assumptions must be a table" },
    }
    for _, row in ipairs(wrong) do
      assert.error_matches(function() sandbox.new(row[1]) end, row[2])
    end
    assert.error_matches(function() sandbox.new(1) end, "must be a table")
  end)

  it("keeps secrets out of what it prints", function()
    local ok, err = pcall(sandbox.new, { client_secret = { "hunter2" } })
    assert.is_false(ok)
    assert.is_nil(tostring(err):find("hunter2", 1, true))
    assert.equal("cognito.sandbox (eu-west-1_Sandbox01)",
      tostring(sandbox.new()))
  end)

  it("sends the same codes for the same seed, or the one that is set", function()
    local function code(options)
      options.client_secret = false
      local box = sandbox.new(options)
      box:add_user { username = "ada", email = "a@example.com" }
      call.must(box, "ForgotPassword", { Username = "ada" })
      return box:code "ada"
    end
    assert.equal(code { seed = "a" }, code { seed = "a" })
    assert.not_equal(code { seed = "a" }, code { seed = "b" })
    assert.equal("424242", code { code = "424242" })
  end)
end)

describe("a sandbox's users", function()
  it("are checked", function()
    local box = sandbox.new()
    local function add(user)
      return function() box:add_user(user) end
    end
    assert.error_matches(add { name = "x" }, "name is unknown")
    assert.error_matches(add { email = 1 }, "email must be a string")
    assert.error_matches(add { status = "FINE" }, "no such status")
    assert.error_matches(add { username = "" }, "username is empty")
  end)

  it("have names of their own", function()
    local box = sandbox.new { case_sensitive = false }
    box:add_user { username = "ada", email = "ada@example.com" }
    assert.error_matches(function() box:add_user { username = "Ada" } end, "there is a user Ada already")
    sandbox.new({ case_sensitive = true, users = { { username = "ada" }, { username = "Ada" } } })
    assert.error_matches(function() sandbox.new { users = { { username = "ada" }, { username = "ada" } } } end,
      "there is a user ada already")
  end)

  it("have no second factor that cannot be asked for", function()
    local box = sandbox.new()
    for _, user in ipairs {
      { sms_mfa = true }, { preferred_mfa = "EMAIL_OTP" }, { preferred_mfa = "nonsense" },
      { preferred_mfa = "SOFTWARE_TOKEN_MFA" }, { preferred_mfa = "SMS_MFA", phone_number = "+4930123456" },
      { preferred_mfa = "SMS_MFA", totp_secret = "JBSWY3DPEHPK3PXP" },
    } do
      user.username, user.password, user.email = "ada", "Old-pass1", "ada@example.com"
      assert.error_matches(function() box:add_user(user) end, user.sms_mfa and "sms_mfa needs a phone_number"
        or "preferred_mfa must be a factor that the user has")
    end
    box:add_user { username = "both", sms_mfa = true, phone_number = "+4930123456", totp_secret = "JBSWY3DPEHPK3PXP",
      preferred_mfa = "SMS_MFA" }
  end)

  it("keep no password", function()
    local box = sandbox.new()
    box:add_user { username = "ada", password = "Secret-pass1" }
    local function search(t, seen)
      seen[t] = true
      for key, value in pairs(t) do
        assert.not_equal("Secret-pass1", value)
        assert.not_equal("Secret-pass1", key)
        if type(value) == "table" and not seen[value] then
          search(value, seen)
        end
      end
    end
    search(box.pool, {})
    assert.is_nil(box:user "ada".password)
  end)

  it("are copies", function()
    local box = sandbox.new()
    box:add_user { username = "ada", email = "a@example.com" }
    box:user "ada".attributes.email = "evil@example.com"
    assert.equal("a@example.com", box:user "ada".attributes.email)
    assert.is_nil(box:user "bob")
  end)
end)

describe("a sandbox as a runtime", function()
  local box

  before_each(function()
    box = sandbox.new { client_secret = false }
    box:add_user { username = "ada", email = "ada@example.com" }
  end)

  -- The request as the client hands it over.
  local function request(operation, members)
    local made = call.request(box, operation or "ForgotPassword",
      members or { Username = "ada" })
    local headers = {}
    for name, value in pairs(made.headers) do
      headers[#headers + 1] = { c_locale.upper(name), value }
    end
    return { method = "POST", url = "https://cognito-sandbox.invalid/",
      headers = headers, body = made.body }
  end

  local function send(options)
    return box:send(request(), options)
  end

  it("answers", function()
    local response = assert(send())
    assert.equal(200, response.status)
    assert.equal("EMAIL",
      cjson.decode(response.body).CodeDeliveryDetails.DeliveryMedium)
  end)

  it("has its own clock, which waits for nothing", function()
    local before, started = box:now(), os.time()
    box:sleep(3000)
    box:advance(600)
    assert.is_true(box:now() - before >= 3600)
    assert.is_true(os.time() - started < 60)
    assert.is_true(box:clock() >= before + 3600)
  end)

  it("counts the calls that were carried out, by user", function()
    send()
    send()
    box:send(request("ForgotPassword", { Username = "bob" }))
    box:send(request("ConfirmForgotPassword", CONFIRM))
    assert.equal(3, box:executions "forgot_password")
    assert.equal(2, box:executions("forgot_password", "ada"))
    assert.equal(2, box:executions("forgot_password",
      box:user "ada".attributes.sub))
    assert.equal(0, box:executions "confirm_forgot_password")
  end)

  it("refuses an order it does not understand", function()
    local wrong = {
      { { what = "explode" }, "there is no 'explode'" },
      { { what = "delay" }, "delay needs seconds, a number" },
      { { what = "error" }, "error needs code, a string" },
      { { what = "drop", phase = "during" }, "before or after" },
      { { what = "drop", count = 1 }, "unknown field 'count'" },
      { { what = "drop", times = "1" }, "times must be a number" },
    }
    for _, row in ipairs(wrong) do
      assert.error_matches(function() box:misbehave(row[1]) end, row[2])
    end
  end)

  local answers = {
    throttle = { 400, "TooManyRequestsException:" },
    rate_exceeded = { 400, nil, '{"message":"Rate exceeded"}' },
    status_500 = { 500, "InternalErrorException:" },
    status_503 = { 503, nil },
    malformed = { 200, nil },
  }

  for what, row in pairs(answers) do
    it("answers on order: " .. what, function()
      for phase, times in pairs { before = 0, after = 1 } do
        local sent = #box.outbox
        box:misbehave { what = what, phase = phase }
        local response = assert(send())
        assert.equal(row[1], response.status)
        assert.equal(row[2], response.headers["x-amzn-errortype"])
        if row[3] then assert.equal(row[3], response.body) end
        assert.equal(times, #box.outbox - sent)
        assert.equal(200, send().status)
      end
    end)
  end

  it("answers with any error it is given", function()
    box:misbehave { what = "error", code = "CodeDeliveryFailureException",
      message = "no\r\nmail", phase = "after" }
    local response = assert(send())
    assert.equal(400, response.status)
    assert.equal("CodeDeliveryFailureException:",
      response.headers["x-amzn-errortype"])
    assert.equal("no  mail", response.headers["x-amzn-errormessage"])
    assert.equal("no\r\nmail", cjson.decode(response.body).message)
    assert.equal(1, box:executions "forgot_password")
  end)

  it("loses the connection on order, before or after", function()
    box:misbehave { what = "drop" }
    local response, err = send()
    assert.is_nil(response)
    assert.same({ "connection_lost", "network", true },
      { err.code, err.kind, err.sent })
    assert.equal(0, box:executions "forgot_password")
    box:misbehave { what = "drop", phase = "after" }
    assert.is_nil((send()))
    assert.equal(1, box:executions "forgot_password")
  end)

  it("cannot be reached on order", function()
    box:misbehave { what = "unreachable" }
    local _, err = send()
    assert.same({ "connect", false }, { err.code, err.sent })
    assert.equal(0, box:executions "forgot_password")
  end)

  it("answers late on order, and after the timeout not at all", function()
    local before = box:now()
    box:misbehave { what = "delay", seconds = 100, times = 2 }
    assert.equal(200, send({ timeout = 101 }).status)
    assert.is_true(box:now() - before >= 100)
    local _, err = send { timeout = 10 }
    assert.same({ "timeout", true }, { err.code, err.sent })
    assert.equal(1, box:executions "forgot_password")
    box:misbehave { what = "delay", seconds = 100, phase = "after" }
    _, err = send { timeout = 10 }
    assert.equal("timeout", err.code)
    assert.equal(2, box:executions "forgot_password")
  end)

  it("misjudges the time on order, and its Date says so", function()
    local function get_user()
      return assert(box:send(request("AdminGetUser", { Username = "ada" })))
    end
    local right = get_user().headers.date
    box:misbehave { what = "skew", seconds = 3600 }
    local response = get_user()
    assert.equal("InvalidSignatureException:",
      response.headers["x-amzn-errortype"])
    assert.not_equal(right:sub(1, 22), response.headers.date:sub(1, 22))
    assert.equal(200, get_user().status)
  end)

  it("misbehaves for one operation, so many times, in order", function()
    box:misbehave { operation = "confirm_forgot_password", what = "drop" }
    box:misbehave { what = "status_500", times = 2 }
    box:misbehave { what = "status_503" }
    local statuses = {}
    for i = 1, 4 do statuses[i] = send().status end
    assert.same({ 500, 500, 503, 200 }, statuses)
    assert.is_nil((box:send(request("ConfirmForgotPassword", CONFIRM))))
  end)
end)

describe("docs/sandbox.md", function()
  it("has examples that run, one after the other", function()
    local file = assert(io.open("docs/sandbox.md"))
    local blocks = {}
    for block in file:read("*a"):gmatch("```lua\n(.-)```") do
      blocks[#blocks + 1] = block
    end
    file:close()
    local load = rawget(_G, "loadstring") or load -- Lua 5.1 and LuaJIT
    assert(load(table.concat(blocks, "\n")))()
    assert.equal(4, #blocks)
  end)
end)

describe("a box that tells", function()
  local lines, box, pool

  local function new(options)
    lines = {}
    options.log = function(line) lines[#lines + 1] = line end
    box = sandbox.new(options)
    box:add_user { username = "ada", email = "ada@example.com", password = "Old-pass1" }
    box:add_user { username = "dan", email = "dan@example.com", enabled = false }
    box:add_user { username = "u@example.com", email = "u@example.com", status = "UNCONFIRMED" }
    pool = cognito.new(box:settings())
  end

  it("says a line a request, with the truth and without a secret", function()
    new { code = "135790", assumptions = { unknown_alternates = false } }
    pool:forgot_password { username = "ada" }
    pool:forgot_password { username = "ghost" }
    pool:forgot_password { username = "dan" }
    pool:resend_confirmation_code { username = "u@example.com" }
    pool:confirm_forgot_password { username = "ada", confirmation_code = "246802", password = "New-pass1" }
    pool:confirm_forgot_password { username = "ada", confirmation_code = "135790", password = "New-pass1" }
    pool:admin_get_user { username = "gh\27ost" }
    pool:admin_create_user { username = "u@example.com", message_action = "RESEND" }
    assert.same({
      "forgot_password ada: done; sent to a***@e***.com by EMAIL",
      "forgot_password ghost: no such user, answered as if (ENABLED); nothing sent",
      "forgot_password dan: the user is disabled, answered as if (ENABLED); nothing sent",
      "resend_confirmation_code u***@e***.com: status UNCONFIRMED, done; sent to u***@e***.com by EMAIL",
      "confirm_forgot_password ada: CodeMismatchException: Invalid verification code provided, please try again.",
      "confirm_forgot_password ada: done",
      "admin_get_user: InvalidParameterException: 1 validation error detected: Value at 'username' failed to satisfy"
        .. " constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
      "admin_create_user u***@e***.com: status UNCONFIRMED, UnsupportedUserStateException: Resend not possible."
        .. " u***@e***.com status is not FORCE_CHANGE_PASSWORD",
    }, lines)
  end)

  it("reports ordered faults, and calls that are carried out nevertheless", function()
    new {}
    box:misbehave { operation = "forgot_password", what = "drop", phase = "after" }
    pool:forgot_password { username = "ada" }
    assert.same({ "forgot_password: drop on order (after)",
      "forgot_password ada: done; sent to a***@e***.com by EMAIL" }, lines)
  end)
end)

describe("a box that is reset", function()
  it("is as it was when it was new", function()
    local box = sandbox.new { seed = "x", users = { { username = "ada", email = "ada@example.com" } } }
    local outbox, time = box.outbox, box:now()
    local pool = cognito.new(box:settings())
    local function use()
      assert(pool:forgot_password { username = "ada" })
      return box:code "ada"
    end
    local code = use()
    box:add_user { username = "bob" }
    box:advance(86400)
    box:misbehave { what = "throttle", times = 5 }
    box:reset()
    assert.equal(0, #outbox)
    assert.is_nil(box:user "bob")
    assert.same({}, box:executions())
    assert.equal(0, box:behave())
    assert.is_true(box:now() - time < 86400)
    assert.equal(code, use())
    assert.equal(outbox, box.outbox)
  end)
end)

it("a method of a box that is called with a dot is named at the line of the call", function()
  local box = sandbox.new()
  for name in ("settings advance add_user reset user on totp code executions misbehave behave"):gmatch "[%a_]+" do
    for _, given in ipairs { { username = "ada" }, "ada" } do
      local ok, message = pcall(function() box[name](given) end)
      assert.is_false(ok, name)
      assert.matches("sandbox_spec%.lua:%d+: cognito.sandbox: call it with a colon, on a box: box:" .. name .. "$",
        message)
    end
  end
  assert.is_false(pcall(box.settings))
end)
