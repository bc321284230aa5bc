--- Replies that hold no token to rely on: `expires_in` and tokens as a broken or hostile
-- service may send them. Each token that the service issues is paid for, so one call asks once.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local function tokens_of(token, ends)
  local runtime = fake.new { fake.ok(('{"ClientAuthenticationResult":{"TokenType":"Bearer","AccessToken":%s%s}}')
    :format(token, ends and ',"ExpiresIn":' .. ends or "")) }
  local pool = cognito.new { region = "eu-west-1", client_id = "c", client_secret = "a-secret", runtime = runtime,
    env = function() end, max_attempts = 1 }
  return cognito.client_tokens(pool), runtime
end

describe("a token without a lifetime", function()
  for _, ends in ipairs { "0", "-1", "-1e300", "1e-9", "1e300", "99999999999", '"x"', '"nan"', '"inf"', "true", "null",
    false } do
    it("serves one call, which asks once: " .. tostring(ends), function()
      local tokens, runtime = tokens_of('"t"', ends)
      for calls = 1, 3 do
        local token = assert(tokens:get())
        assert.equal("t", token.access_token)
        assert.equal(calls, runtime:count())
        assert.is_true(token.expires_at <= runtime.time + 1)
      end
      assert(tokens:refresh(assert(tokens:get())))
      assert.equal(5, runtime:count())
    end)
  end
end)

describe("a token that would end its header", function()
  for _, token in ipairs { '""', '"a\\r\\nX-Other: 1"', '"a\\u0000"', '"a b"', '"\\t"', '"\\u00e4"', '"\\u007f"',
    '"a","TokenType":"Bearer\\r\\nX-Other:"', '"a","TokenType":""' } do
    it("is none: " .. token, function()
      local tokens = tokens_of(token, 3600)
      local found, err = tokens:get()
      assert.is_nil(found)
      assert.same({ "malformed_response", "get_client_token" }, { err.code, err.operation })
      assert.is_nil(tostring(err):find("Other", 1, true))
    end)
  end
end)
