--- The service's clock is far from this machine's while many calls are in
-- flight. Once, the first refusal corrected the client's clock, and all calls
-- that had been signed before it failed: 7 of 100 at 8 calls at once, 63 at 64.
local cognito = require "cognito"
local sandbox_process = require "spec.support.sandbox_process"

local CALLS = 100

local sandbox

setup(function()
  sandbox = sandbox_process.start()
  sandbox:post("/users", { username = "ada", email = "ada@example.com" })
end)
teardown(function() sandbox:stop() end)
after_each(function() sandbox:post("/behave", {}) end)

local function new_pool(loop)
  local given = sandbox.settings
  return cognito.new {
    endpoint = given.url, user_pool_id = given.COGNITO_USER_POOL_ID, runtime = loop, env = function() end,
    credentials = { access_key_id = given.AWS_ACCESS_KEY_ID, secret_access_key = given.AWS_SECRET_ACCESS_KEY },
  }
end

-- Returns how many calls succeeded, and the most attempts that one took.
local function call_many(loop)
  local pool, done, most = new_pool(loop), 0, 0
  for _ = 1, CALLS do
    loop:spawn(function()
      local result, _, meta = pool:admin_get_user { username = "ada" }
      done, most = done + (result and 1 or 0), math.max(most, meta.attempts)
    end)
  end
  loop:run()
  return done, most
end

for _, concurrency in ipairs { 1, 8, 64 } do
  for _, seconds in ipairs { 1200, -1200, 301, -301 } do
    describe(("%d calls at a time, the service's clock %d s away"):format(concurrency, seconds), function()
      it("all succeed, and none takes more than two attempts", function()
        sandbox:post("/misbehave", { what = "skew", seconds = seconds, times = 10 * CALLS })
        local loop = cognito.loop { concurrency = concurrency }
        local done, most = call_many(loop)
        loop:close()
        assert.equal(CALLS, done)
        assert.equal(2, most)
      end)
    end)
  end
end
