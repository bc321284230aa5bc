--- Where the secrets of a sign-in and of a refresh may be seen, and where never:
-- the password, a device's, codes, sessions, tokens, with each step going wrong in
-- each way. The rest of the table is spec/project/secrets_spec.lua's.

local cjson = require "cjson"
local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local planted = require "spec.support.planted"
local recovery = require "cognito.recovery"

local CODE, SESSION, BLOCK = planted.secret "code", planted.secret "session", "QUJD"
local PASSWORD, DEVICE = planted.secret "password", planted.secret "device"
local ACCESS, REFRESH, KEY = planted.secret "access", planted.secret "refresh", "Pl4ntedClientSecretPl4nted"

-- By face: what is to be seen there. The password and the device's are in none
-- of a sign-in by SRP.
local by_design = {
  ["the request"] = { CODE, SESSION, ACCESS, REFRESH }, -- the service is to have them
  ["the result"] = { ACCESS, REFRESH, DEVICE }, -- the caller is
}

local function asks(name, parameters)
  return { ChallengeName = name, ChallengeParameters = parameters, Session = SESSION }
end

local function proof()
  return { USERNAME = "ada", SALT = "a1", SRP_B = "b2", SECRET_BLOCK = BLOCK }
end

local TOKENS = { AuthenticationResult = { AccessToken = ACCESS, RefreshToken = REFRESH, NewDeviceMetadata = {
  DeviceKey = "eu-west-1_0a", DeviceGroupKey = "-group" } } }

local ways = {
  ["sign_in"] = {
    { asks("PASSWORD_VERIFIER", proof()), asks("DEVICE_SRP_AUTH", {}), asks("DEVICE_PASSWORD_VERIFIER", proof()),
      asks("SMS_MFA", { USERNAME = "ada" }), TOKENS, { UserConfirmationNecessary = true }, {} },
    function(pool)
      return recovery.sign_in(pool, { username = "ada", password = PASSWORD,
        device = { key = "eu-west-1_0a", group_key = "-group", password = DEVICE } },
        { on_challenge = function() return CODE end, remember_device = true })
    end,
  },
  ["refresh"] = { { TOKENS }, function(pool)
    return recovery.refresh(pool, { refresh_token = REFRESH, access_token = ACCESS, username = "ada" })
  end },
  ["refresh with rotation"] = { { TOKENS }, function(pool)
    return recovery.refresh(pool, { refresh_token = REFRESH }, { rotation = true })
  end, { KEY } }, -- which the service wants there in the place of its hash
}

-- Of the request that the step gets: an answer, or what raises.
local faults = {
  ["a refusal"] = function() return fake.failure(400, "NotAuthorizedException", "Incorrect username or password.") end,
  ["a device that is not known"] = function()
    return fake.failure(400, "ResourceNotFoundException", "Device does not exist.")
  end,
  ["a gateway's page that shows the request"] = function(request)
    return { status = 502, headers = {}, body = "<pre>" .. planted.dump(request) .. "</pre>" }
  end,
  ["a reply that breaks off"] = function() return fake.ok(cjson.encode(TOKENS):sub(1, -2)) end,
  ["a reply of other types"] = function()
    return fake.ok(cjson.encode { ChallengeName = { SESSION }, AuthenticationResult = ACCESS, Session = { CODE } })
  end,
  ["a challenge that is none"] = function()
    return fake.ok(cjson.encode(asks("PASSWORD_VERIFIER", { SALT = CODE, SRP_B = REFRESH, SECRET_BLOCK = "?" })))
  end,
  ["a challenge of another kind"] = function() return fake.ok(cjson.encode(asks("PASSWORD", { HINT = CODE }))) end,
  ["tokens that are none"] = function()
    return fake.ok(cjson.encode { AuthenticationResult = { RefreshToken = REFRESH } })
  end,
  ["no reply"] = function() return fake.fault("connection_lost", true) end,
  ["a runtime that raises"] = function() error("broken runtime", 0) end,
}

local function without(text, secrets)
  for _, secret in ipairs(secrets or {}) do
    local from, to = text:find(secret, 1, true)
    while from do
      text = text:sub(1, from - 1) .. text:sub(to + 1)
      from, to = text:find(secret, 1, true)
    end
  end
  return text
end

-- Replies in their order; the one of a step is the fault's.
local function script(replies, step, fault)
  local list = {}
  for i, reply in ipairs(replies) do
    list[i] = i == step and fault or fake.ok(cjson.encode(reply))
  end
  return list
end

local function faces_of(way, step, fault)
  local observed, runtime = {}, fake.new(script(way[1], step, fault))
  local pool = cognito.new {
    user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", client_secret = KEY, env = function() end,
    runtime = runtime, max_attempts = 2, on_attempt = function(record) observed[#observed + 1] = record end,
  }
  local returned, result, err = pcall(way[2], pool)
  if not returned then result, err = nil, result end
  err = err or result and result.device_error
  local shown = {}
  for field, value in pairs(result or {}) do shown[field] = field ~= "device_error" and value or nil end
  return {
    ["the request"] = planted.dump(runtime.sent), ["the result"] = planted.dump(shown),
    ["an error's table"] = planted.dump(err), ["an error's text"] = tostring(err),
    ["on_attempt"] = planted.dump(observed), ["tostring and describe"] = planted.dump { pool, pool:describe() },
  }, result, runtime
end

describe("a secret of", function()
  for name, way in pairs(ways) do
    it(name .. " is where it must be", function()
      local faces, result, runtime = faces_of(way)
      assert.equal(ACCESS, result.access_token)
      assert.equal(#way[1], runtime:count())
      assert.truthy(faces["the request"]:find(name == "sign_in" and CODE or REFRESH, 1, true))
    end)

    for story, fault in pairs(faults) do
      it(name .. " is nowhere else: " .. story, function()
        for step = 0, #way[1] do
          local faces = faces_of(way, step, fault)
          for face, text in pairs(faces) do
            local rest = without(without(text, by_design[face]), face == "the request" and way[3])
            local found = planted.found(rest)
            assert.is_nil(found, ("%s shows a secret at step %d: %s"):format(face, step, tostring(found)))
          end
        end
      end)
    end
  end
end)
