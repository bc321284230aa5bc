--- The sandbox's tokens as an unmodified OpenID client sees them: npm's jose,
-- from the discovery document on.

local cjson = require "cjson"
local cognito = require "cognito"
local npm = require "spec.support.npm"
local sandbox_process = require "spec.support.sandbox_process"

local JOSE, VERSION = "jose", "6.2.18"

describe("an OpenID client", function()
  local process, pool, settings

  setup(function()
    process = sandbox_process.start()
    settings = process.settings
    pool = cognito.new {
      endpoint = settings.url, region = settings.AWS_REGION, user_pool_id = settings.COGNITO_USER_POOL_ID,
      client_id = settings.COGNITO_CLIENT_ID, client_secret = settings.COGNITO_CLIENT_SECRET,
      credentials = { access_key_id = settings.AWS_ACCESS_KEY_ID, secret_access_key = settings.AWS_SECRET_ACCESS_KEY },
    }
    process:post("/users", { username = "ada", password = "Old-pass1word", email = "ada@example.com" })
  end)

  teardown(function() process:stop() end)

  local function sign_in()
    return assert(pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = "ada", PASSWORD = "Old-pass1word" } }).authentication_result
  end

  local function verify(audience, ...)
    local words = { "node spec/support/verify_token.mjs", "'" .. npm.folder(JOSE, VERSION):gsub("^", "../../")
      .. "/dist/webapi/index.js'", settings.url .. "/" .. settings.COGNITO_USER_POOL_ID, audience, ... }
    local pipe = assert(io.popen(table.concat(words, " ")))
    local results = {}
    for line in pipe:lines() do results[#results + 1] = cjson.decode(line) end
    pipe:close()
    return (unpack or table.unpack)(results)
  end

  it("takes an id token for this app client, and reads the user's name", function()
    assert(pool:create_group { group_name = "staff" })
    assert(pool:admin_add_user_to_group { username = "ada", group_name = "staff" })
    local claims = verify(settings.COGNITO_CLIENT_ID, sign_in().id_token)
    assert.same({ "ada", "ada@example.com", true, "id", "staff" }, { claims["cognito:username"], claims.email,
      claims.email_verified, claims.token_use, claims["cognito:groups"][1] })
    assert.is_true(claims.sandbox)
    assert.same({ error = "ERR_JWT_CLAIM_VALIDATION_FAILED" }, verify("another", sign_in().id_token))
  end)

  it("takes an access token, until it expires", function()
    local token = sign_in().access_token
    local claims = verify("-", token)
    assert.same({ "ada", "access", settings.COGNITO_CLIENT_ID, "aws.cognito.signin.user.admin" },
      { claims.username, claims.token_use, claims.client_id, claims.scope })
    process:post("/advance", { seconds = -7200 })
    token = sign_in().access_token
    process:post("/advance", { seconds = 7200 })
    assert.same({ error = "ERR_JWT_EXPIRED" }, verify("-", token))
  end)

  it("takes no token that was changed, or that is not signed", function()
    local token = sign_in().access_token
    local head, body, signature = token:match "^(.-)%.(.-)%.(.*)$"
    local other = body:sub(1, 40) .. (body:sub(41, 41) == "A" and "B" or "A") .. body:sub(42)
    local none = "eyJhbGciOiJub25lIn0" -- {"alg":"none"}
    local changed, unsigned, cut = verify("-", head .. "." .. other .. "." .. signature, none .. "." .. body .. ".",
      head .. "." .. body .. "." .. signature:sub(1, -5))
    assert.equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", changed.error)
    assert.is_string(unsigned.error)
    assert.equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", cut.error)
  end)
end)
