--- Secrets in settings that are refused, when the client is made or by a call:
-- errors name the setting, and show none of it.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local planted = require "spec.support.planted"

local function shows_none(value, story)
  local found = planted.found(planted.dump(value))
  assert.is_nil(found, ("%s: %s"):format(story, tostring(found)))
end

describe("a secret in a faulty setting", function()
  local SECRET = planted.secret "setting"
  local faulty = {}

  local function add(...)
    for _, settings in ipairs { ... } do faulty[#faulty + 1] = settings end
  end

  for _, bad in ipairs { { { SECRET } }, { SECRET .. "\n", SECRET }, { SECRET, SECRET, SECRET }, { a = SECRET },
    SECRET .. " ", SECRET .. "\n", SECRET .. "\0", SECRET .. "\255" } do
    local function give() return bad end
    add({ client_secret = bad }, { client_secret = give }, { credentials = bad }, { credentials = give },
      { proxy = bad }, { endpoint = bad })
    for _, field in ipairs { "access_key_id", "secret_access_key", "session_token" } do
      local keys = { access_key_id = "AKIDEXAMPLE", secret_access_key = SECRET, session_token = SECRET }
      keys[field] = bad
      add({ credentials = keys }, { credentials = function() return keys end })
    end
  end

  it("is in no error, whether the client or a call refuses it", function()
    local refused = 0
    for _, more in ipairs(faulty) do
      local settings = {
        region = "eu-west-1", user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c", env = function() end,
        runtime = not more.proxy and fake.new { fake.failure(400, "NotAuthorizedException", "No.") } or nil,
      }
      for name, value in pairs(more) do settings[name] = value end
      local made, pool = pcall(cognito.new, settings)
      local story = planted.dump(next(more))
      if not made then
        shows_none(pool, story)
        refused = refused + 1
      end
      for _, operation in ipairs(made and not more.proxy and { "forgot_password", "admin_get_user" } or {}) do
        local _, result, err = pcall(pool[operation], pool, { username = "ada" })
        shows_none({ result, err, pool, pool:describe() }, story)
        refused = refused + 1
      end
    end
    assert.is_true(refused > #faulty, refused)
  end)
end)
