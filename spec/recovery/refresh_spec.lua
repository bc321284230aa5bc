--- recovery.refresh: with and without rotation, at the sandbox and with a service
-- that a test scripts.
local cognito = require "cognito"
local core = require "cognito.core"
local json = require "cjson"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"
local still_clock = require("spec.support.sandbox_steps").still_clock

local PASSWORD = "Correct-Horse-9!"
local SECRET = "a-client-secret-of-ours-not-real"
local ADA = { username = "ada@example.com", password = PASSWORD }

describe("refreshing at the sandbox", function()
  local box, pool

  local function open(options)
    options = options or {}
    options.alias_attributes, options.now = { "email" }, still_clock()
    box = sandbox.new(options)
    pool = cognito.new(box:settings())
    box:add_user { username = "ada", password = PASSWORD, email = "ada@example.com" }
  end

  for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH" } do
    it("gives new tokens, with the hash over the pool's own name: " .. flow, function()
      open { client_secret = SECRET }
      local tokens = assert(recovery.sign_in(pool, ADA, { flow = flow }))
      assert.equal("ada", tokens.username)
      for _ = 1, 3 do
        local new = assert(recovery.refresh(pool, tokens))
        assert.not_equal(tokens.access_token, new.access_token)
        assert.same({ tokens.refresh_token, "ada" }, { new.refresh_token, new.username })
        assert(pool:get_user { access_token = new.access_token })
        tokens = new
      end
      assert(recovery.refresh(pool, { refresh_token = tokens.refresh_token, username = "ada" }))
      assert.equal("secret_hash", select(2, recovery.refresh(pool, { refresh_token = tokens.refresh_token,
        username = "ada@example.com" })).reason)
    end)
  end

  it("rotates the refresh token where the app client does: each is good once", function()
    open { client_secret = SECRET, refresh_token_rotation = true }
    local tokens = assert(recovery.sign_in(pool, ADA))
    local _, err = recovery.refresh(pool, tokens)
    assert.equal("flow_not_enabled", err.reason)
    local new, _, meta = recovery.refresh(pool, tokens, { rotation = true })
    assert.equal("get_tokens_from_refresh_token", meta.operation)
    assert.not_equal(tokens.refresh_token, new.refresh_token)
    _, err = recovery.refresh(pool, tokens, { rotation = true })
    assert.equal("RefreshTokenReuseException", err.code)
    assert.matches("sign in again", err.hint)
    assert(recovery.refresh(pool, new, { rotation = true }))
  end)

  it("takes a rotated token for the grace period yet", function()
    open { refresh_token_rotation = true, lifetimes = { rotation_grace = 30 } }
    local tokens = assert(recovery.sign_in(pool, ADA))
    assert(recovery.refresh(pool, tokens, { rotation = true }))
    box:advance(29)
    assert(recovery.refresh(pool, tokens, { rotation = true }))
    box:advance(1)
    assert.equal("RefreshTokenReuseException", select(2, recovery.refresh(pool, tokens, { rotation = true })).code)
  end)

  it("lives no longer for being rotated", function()
    open { refresh_token_rotation = true, lifetimes = { refresh_token = 100, rotation_grace = 0 } }
    local tokens = assert(recovery.sign_in(pool, ADA))
    box:advance(60)
    tokens = assert(recovery.refresh(pool, tokens, { rotation = true }))
    box:advance(40)
    assert.equal("Refresh Token has expired", select(2, recovery.refresh(pool, tokens, { rotation = true })).message)
  end)

  it("works by the newer operation where nothing is rotated, too", function()
    open()
    local tokens = assert(recovery.sign_in(pool, ADA))
    assert.equal(tokens.refresh_token, assert(recovery.refresh(pool, tokens, { rotation = true })).refresh_token)
  end)

  it("comes from the device of the sign-in", function()
    for _, rotation in ipairs { false, true } do
      open { client_secret = SECRET, device_tracking = "always", refresh_token_rotation = rotation }
      local tokens = assert(recovery.sign_in(pool, ADA, { remember_device = true }))
      local bare = { refresh_token = tokens.refresh_token, username = "ada" }
      local _, err = recovery.refresh(pool, bare, { rotation = rotation })
      assert.equal("Invalid Refresh Token", err.message)
      assert.matches("together with the device", err.hint)
      local new = assert(recovery.refresh(pool, tokens, { rotation = rotation }))
      assert.equal(tokens.device, new.device)
      local unconfirmed = assert(recovery.sign_in(pool, ADA))
      assert(recovery.refresh(pool, unconfirmed, { rotation = rotation }))
    end
  end)

  it("is made once where its reply is lost, and says so", function()
    for _, rotation in ipairs { false, true } do
      open { refresh_token_rotation = rotation }
      local tokens = assert(recovery.sign_in(pool, ADA))
      local operation = rotation and "get_tokens_from_refresh_token" or "initiate_auth"
      local before = box:executions(operation)
      box:misbehave { what = "drop", phase = "after", operation = operation }
      local _, err = recovery.refresh(pool:with { retry_ambiguous = true }, tokens, { rotation = rotation })
      assert.is_true(err.ambiguous)
      assert.equal(before + 1, box:executions(operation))
    end
  end)
end)

describe("refreshing", function()
  local sent

  local function script(reply, settings)
    sent = {}
    settings = settings or {}
    settings.region, settings.client_id, settings.env = "eu-west-1", "abc", function() return nil end
    settings.runtime = function(request)
      sent[#sent + 1] = json.decode(request.body)
      return { status = reply.__type and 400 or 200, headers = {}, body = json.encode(reply) }
    end
    return cognito.new(settings)
  end

  local TOKENS = { AuthenticationResult = { AccessToken = "t" } }

  -- Access tokens name the user in their middle part.
  local function token(payload)
    local encoding = require "cognito.sandbox.encoding"
    return ("x.%s.y"):format(encoding.base64url(payload))
  end

  it("reads the user's name in the access token, whatever it is", function()
    for _, name in ipairs { "ada", "Zoë@example.com", "a", "ab", "abc", "x/y\\z", ("n"):rep(128) } do
      local pool = script(TOKENS, { client_secret = SECRET })
      assert(recovery.refresh(pool, { refresh_token = "r", access_token = token(json.encode { username = name }) }))
      assert.equal(core.secret_hash(name, "abc", SECRET), sent[1].AuthParameters.SECRET_HASH)
    end
  end)

  it("gives the name that the new access token has, where the old tokens had none", function()
    local pool = script { AuthenticationResult = { AccessToken = token '{"username":"ada"}' } }
    assert.equal("ada", assert(recovery.refresh(pool, { refresh_token = "r" })).username)
    assert.is_nil(assert(recovery.refresh(script(TOKENS), { refresh_token = "r" })).username)
  end)

  it("reads no name in a token of more than 16384 characters between its dots", function()
    local longest = token(('{"username":"ada","more":"%s"}'):format(("x"):rep(12288 - 28)))
    assert.equal(16384 + 4, #longest)
    local pool = script(TOKENS, { client_secret = SECRET })
    assert(recovery.refresh(pool, { refresh_token = "r", access_token = longest }))
    local _, err = recovery.refresh(pool, { refresh_token = "r", access_token = longest:gsub("%.y$", "A.y") })
    assert.same({ "username", 1 }, { err and err.field, #sent })
  end)

  it("wants the name where there is a secret, and sends nothing without", function()
    local pool = script(TOKENS, { client_secret = SECRET })
    for _, access in ipairs { "", "HIDDEN", "a.b", "a.b.c", token "HIDDEN", token "[]", token '{"username":1}',
      token '{"username":""}', "a." .. ("A"):rep(20000) .. ".b", 1 } do
      local _, err = recovery.refresh(pool, { refresh_token = "HIDDEN", access_token = access })
      assert.same({ "invalid_parameter", "username" }, { err.code, err.field })
      assert.matches("the tokens that sign_in returned", err.hint)
      assert.is_nil(tostring(err):find("HIDDEN", 1, true))
    end
    assert.equal(0, #sent)
    assert(recovery.refresh(pool, { refresh_token = "r" }, { rotation = true }))
    assert.equal(SECRET, sent[1].ClientSecret)
    assert(recovery.refresh(script(TOKENS), { refresh_token = "r" }))
  end)

  it("refuses what is no set of tokens, without a word of it", function()
    local pool = script(TOKENS)
    for field, tokens in pairs { refresh_token = {}, username = { refresh_token = "HIDDEN", username = 1 } } do
      for _, rotation in ipairs { false, true } do
        local _, err = recovery.refresh(pool, tokens, { rotation = rotation })
        assert.same({ "invalid_parameter", field }, { err.code, err.field })
        assert.is_nil(tostring(err):find("HIDDEN", 1, true))
      end
    end
    for _, wrong in ipairs { 1, "", "a\255" } do
      local _, err = recovery.refresh(pool, { refresh_token = wrong ~= "" and wrong or "" })
      assert.equal("refresh_token", err.field)
    end
    for message, arguments in pairs {
      ["refresh takes a client of cognito.new first"] = { {}, {} },
      ["refresh takes a table of tokens, not a string"] = { pool, "HIDDEN" },
      ["refresh takes a table of options, not a string"] = { pool, {}, "x" },
      ["unknown option 'rotatoin'; did you mean 'rotation'"] = { pool, {}, { rotatoin = true } },
    } do
      local ok, raised = pcall(function() return (recovery.refresh(arguments[1], arguments[2], arguments[3])) end)
      assert.is_false(ok)
      assert.matches("refresh_spec.lua:%d+: ", raised)
      assert.truthy(raised:find(message, 1, true), raised)
      assert.is_nil(raised:find("HIDDEN", 1, true))
    end
    assert.equal(0, #sent)
  end)

  it("is refused with a hint to sign in again, unless the refusal has another reason", function()
    for hint, refusal in pairs {
      ["The user has to sign in again"] = { "NotAuthorizedException", "Invalid Refresh Token" },
      ["admin_enable_user"] = { "NotAuthorizedException", "User is disabled." },
      [""] = { "NobodyHasHeardOfException", "x" },
    } do
      local _, err = recovery.refresh(script { __type = refusal[1], message = refusal[2] }, { refresh_token = "r" })
      assert.equal(refusal[1], err.code)
      assert.truthy((err.hint or ""):find(hint, 1, true), err.hint)
      assert.equal(hint ~= "", err.hint ~= nil)
    end
  end)

  it("is none without an access token", function()
    for _, reply in ipairs { {}, { AuthenticationResult = {} } } do
      local _, err = recovery.refresh(script(reply), { refresh_token = "r" })
      assert.same({ "malformed_response", "initiate_auth" }, { err.code, err.operation })
    end
  end)
end)
