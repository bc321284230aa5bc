--- NEW_PASSWORD_REQUIRED, from the invitation to the new password, through the
-- client: the hash has to travel in the responses.
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"

local NEW = "New-pass1word"

describe("a challenge of the sandbox", function()
  local box, pool, first

  before_each(function()
    box = sandbox.new()
    pool = cognito.new(box:settings())
    assert(pool:admin_create_user { username = "ada",
      user_attributes = { { name = "email", value = "a@example.com" } },
      desired_delivery_mediums = { "EMAIL" } })
    first = box:code "ada"
  end)

  local function challenge()
    return assert(pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = "ada", PASSWORD = first } }).session
  end

  local function respond(session, password, more)
    local params = { challenge_name = "NEW_PASSWORD_REQUIRED",
      session = session, challenge_responses = { USERNAME = "ada",
        NEW_PASSWORD = password } }
    for name, value in pairs(more or {}) do params[name] = value end
    return pool:respond_to_auth_challenge(params)
  end

  it("takes a new password, and the user is confirmed", function()
    local result = assert(respond(challenge(), NEW))
    assert.is_string(result.authentication_result.access_token)
    assert.equal("CONFIRMED", box:user "ada".status)
    assert.equal(1, box:user "ada".sessions)
    assert.is_table((pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = "ada", PASSWORD = NEW } }))
  end)

  it("can be answered by an administrator", function()
    assert(pool:admin_respond_to_auth_challenge {
      challenge_name = "NEW_PASSWORD_REQUIRED", session = challenge(),
      challenge_responses = { USERNAME = "ada", NEW_PASSWORD = NEW } })
    assert.equal("CONFIRMED", box:user "ada".status)
  end)

  it("is answered once, in time, by the same user", function()
    local session = challenge()
    assert.equal("InvalidPasswordException", select(2,
      respond(session, "weak")).code)
    assert(respond(session, NEW))
    local _, err = respond(session, NEW)
    assert.same({ "NotAuthorizedException", "Invalid session for the user." },
      { err.code, err.message })
  end)

  it("is not answered late", function()
    local session = challenge()
    box:advance(180)
    assert.matches("session is expired", select(2,
      respond(session, NEW)).message)
  end)

  it("is not answered for another", function()
    box:add_user { username = "eve" }
    local _, err = respond(challenge(), NEW,
      { challenge_responses = { USERNAME = "eve", NEW_PASSWORD = NEW } })
    assert.equal("Invalid session for the user.", err.message)
    assert.equal("FORCE_CHANGE_PASSWORD", box:user "ada".status)
  end)

  it("is the only one there is", function()
    local session = challenge()
    assert.equal("InvalidParameterException", select(2, respond(session, NEW,
      { challenge_name = "SMS_MFA" })).code)
    assert.equal("InvalidParameterException", select(2, respond(session, NEW,
      { challenge_responses = { USERNAME = "ada" } })).code)
  end)
end)
