-- The limits that a plan looks up: the account's request rates, and the mails of
-- the pool's built-in sender.
local actions = require "cognito.bulk.actions"
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local json = require "cognito.json"
local quotas = require "cognito.bulk.quotas"

describe("the request rates of the account", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local asked

  -- The sandbox has no such operation: `rates` answers it, by category.
  local function world(n, rates, options)
    local box, pool = helper.world(n, options)
    asked = {}
    local runtime = {
      send = function(_, request, given)
        for _, header in ipairs(request.headers) do
          if header[2]:find "GetProvisionedLimit$" then
            local category = json.decode(request.body).LimitDefinition.Attributes.Category
            asked[#asked + 1] = category
            local rate = rates[category]
            local body = type(rate) == "number" and { Limit = { ProvisionedLimitValue = rate, FreeLimitValue = rate,
              LimitDefinition = { LimitClass = "API_CATEGORY", Attributes = { Category = category } } } }
              or { __type = rate or "AccessDeniedException", message = "No." }
            return { status = type(rate) == "number" and 200 or 400, headers = {}, body = json.encode(body) }
          end
        end
        return box:send(request, given)
      end,
      sleep = function(_, seconds) box:sleep(seconds) end,
      now = function() return box:now() end, clock = function() return box:clock() end,
    }
    return box, pool:with { runtime = runtime }
  end

  it("bound the time of a plan where they are lower than its rate", function()
    local _, pool = world(4, { UserAccountRecovery = 2, UserToken = 120, UserList = 30 })
    local job = helper.plan(pool, { quotas = true })
    local summary = assert(job:summary())
    assert.same({ UserAccountRecovery = 2, UserToken = 120, UserList = 30 }, summary.quotas)
    assert.same({ 2, "UserAccountRecovery" }, { summary.seconds, summary.bound_by })
    assert.same({ "UserAccountRecovery", "UserList", "UserToken" }, asked)
  end)

  it("do not, where the rate is lower", function()
    local _, pool = world(10, { UserAccountRecovery = 30, UserToken = 120, UserList = 30 })
    local summary = assert(helper.plan(pool, { quotas = true }):summary())
    assert.same({ 2, nil }, { summary.seconds, summary.bound_by })
  end)

  it("are asked for on demand alone, and a refusal is no reason not to plan", function()
    local _, pool = world(3, {})
    assert.is_nil(assert(helper.plan(pool, { action = "disable" }):summary()).quotas)
    assert.same({}, asked)
    local summary = assert(helper.plan(pool, { action = "disable", quotas = true }):summary())
    assert.same({ UserUpdate = "AccessDeniedException", UserToken = "AccessDeniedException" }, summary.quotas)
    assert.is_nil(summary.bound_by)
  end)

  it("count every call of a user, by category", function()
    local secure = actions.of { action = "secure", close = "disable", factors = "SMS_MFA EMAIL_OTP" }
    assert.same({ UserUpdate = 1, UserToken = 1, UserResourceRead = 1, UserResourceUpdate = 2 },
      quotas.calls(secure, {}))
    assert.same({ UserAccountRecovery = 1 }, quotas.calls(actions.all.lock, { recheck = true }))
    assert.same({ 0 }, { quotas.seconds(nil, { UserList = 1 }, 5) })
  end)

  it("are counts above none, and what is no such count is no rate", function()
    local _, pool = world(1, { UserAccountRecovery = 1, UserToken = 0, UserList = 2 })
    assert.same({ UserAccountRecovery = 1, UserToken = "malformed_response", UserList = 2 },
      assert(helper.plan(pool, { quotas = true }):summary()).quotas)
    assert.same({ A = 1, B = "0", C = "1e999", D = "X" }, quotas.read "A=1 B=0 C=1e999 D=X")
  end)

  it("bound a job by the slowest of its calls, if it has any", function()
    assert.same({ 30, 2 }, { quotas.seconds({ 1, 1 }, { 2, 3 }, 10) })
    local rates = { UserList = 2, UserToken = 1, UserUpdate = "X" }
    assert.same({ 15, "UserList" }, { quotas.seconds(rates, { UserList = 3, UserToken = 1, UserUpdate = 9 }, 10) })
    assert.same({ 0 }, { quotas.seconds(rates, { UserList = 3 }, 0) })
  end)

  it("stand beside the mails that the pool's built-in sender takes in a day", function()
    local _, pool = world(2, {}, { email_sender = "COGNITO_DEFAULT" })
    assert.equal(50, assert(helper.plan(pool):summary()).mails_a_day)
    assert.is_nil(assert(helper.plan(pool, { action = "lock" }):summary()).mails_a_day)
    _, pool = world(2, {})
    assert.is_nil(assert(helper.plan(pool):summary()).mails_a_day)
  end)

  it("are not taken for a word of another kind", function()
    local _, pool = world(1, {})
    assert.has_error(function() bulk.plan { pool = pool, journal = helper.path(), action = "lock", users = { "u1" },
      quotas = "yes" } end)
  end)
end)
