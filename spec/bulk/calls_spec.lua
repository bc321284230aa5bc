-- The calls for one user, without a journal: what each returns, and when none
-- is made.
local actions = require "cognito.bulk.actions"
local attributes = require "cognito.attributes"
local calls = require "cognito.bulk.calls"
local contact = require "cognito.bulk.contact"
local helper = require "spec.support.bulk"

describe("the calls for a user", function()
  local box, pool, time, steps, sub

  before_each(function()
    box, pool = helper.world(1)
    time, steps = 0, {}
    sub = attributes.values(assert(pool:admin_get_user { username = "u1" }).user_attributes).sub
  end)

  local function new(given)
    given = given or {}
    local action = actions.of { action = given.action or "reset", close = "disable" }
    return calls.new {
      client = given.client or pool:with { max_attempts = 1 }, action = action, sign_out = given.sign_out,
      lease = given.lease or 600,
      recheck = given.recheck and { action = action, pool_facts = contact.facts {}, key = "key" },
      password = given.password, permanent = true, sessions = given.sessions,
      clock = function() return time end, at = function(step) steps[#steps + 1] = step end,
    }
  end

  local function row(columns)
    local made = { id = 1, username = "u1", sub = sub, started_at = box:now(), status_before = "CONFIRMED",
      attempts = 1, tries = 0, traced = 0 }
    for name, value in pairs(columns or {}) do
      made[name] = value
    end
    return made
  end

  local function executions()
    return box:executions "admin_reset_user_password"
  end

  it("return what came of the action, and whether sessions are to be ended next", function()
    local outcome = new():make("action", row(), 0)
    assert.same({ "accepted", nil, 1 }, { outcome.state, outcome.sign_out, executions() })
    assert.equal("started", new { sign_out = true }:make("action", row(), 0).sign_out)
    assert.same({ "call", "called", "call", "called" }, steps)
    assert.equal(0, box:executions "admin_user_global_sign_out")
  end)

  it("end no sessions where the action was refused, throttled or left open", function()
    for _, case in ipairs {
      { fault = { what = "error", code = "NotAuthorizedException" }, state = "failed" },
      { fault = { what = "throttle" }, state = "planned" },
      { fault = { what = "drop", phase = "after" }, state = "unknown" },
    } do
      case.fault.operation = "admin_reset_user_password"
      box:misbehave(case.fault)
      local outcome = new { sign_out = true }:make("action", row(), 0)
      assert.same({ case.state }, { outcome.state, outcome.sign_out })
    end
  end)

  it("are not made half a minute after the claim, by either clock", function()
    local made = new()
    time = 31
    assert.same({ state = "planned", code = "late" }, made:make("action", row(), 0))
    time = 0
    assert.same({ state = "planned", code = "late" }, made:make("action", row { started_at = box:now() - 60 }, 0))
    assert.same({ state = "planned", code = "late" }, made:make("action", row { started_at = box:now() + 60 }, 0))
    assert.equal(0, executions())
    assert.equal("accepted", made:make("action", row { started_at = box:now() - 15 }, 0).state)
  end)

  it("of a step are those of its number, and none that are late", function()
    local made = new { action = "secure" }
    time = 31
    assert.same({ state = "planned", code = "late" }, made:make("action", row { step = 1 }, 0))
    assert.same({ "call" }, steps)
    time = 0
    assert.equal("accepted", made:make("action", row { step = 1 }, 0).state)
    assert.same({ "call", "call", "called" }, steps)
    assert.is_false(assert(pool:admin_get_user { username = "u1" }).enabled)
    assert.same({ state = "accepted", found = 0, ended = 0 }, made:make("action", row { step = 4 }, 0)) -- devices
  end)

  it("are not made after half of a short lease", function()
    local made = new { lease = 50 }
    time = 26
    assert.same({ state = "planned", code = "late" }, made:make("action", row(), 0))
    time = 24
    assert.equal("accepted", made:make("action", row(), 0).state)
  end)

  -- The model's step between check and sending: keys may have to be fetched, and
  -- the machine may sleep meanwhile.
  it("bear the date of their check: the service refuses one that its worker sends after its lease", function()
    local keys = box:settings().credentials
    local slow = pool:with { max_attempts = 1, credentials = function()
      box:advance(600)
      return keys
    end }
    local made = new { client = slow }
    local outcome = made:make("action", row(), 0)
    assert.same({ "planned", 0 }, { outcome.state, executions() })
    assert.matches("Signature expired", outcome.err.message)
  end)

  it("are not made for a user without a password, or who has changed", function()
    local made = new { action = "set-password", password = function() return nil, "none" end }
    assert.same({ state = "failed", code = "no_password" }, made:make("action", row(), 0))
    local outcome = new { recheck = true }:make("action", row { username = "another" }, 0)
    assert.same({ "skipped", "changed_since_plan", "username" }, { outcome.state, outcome.code, outcome.detail })
    assert.same({ "recheck" }, steps)
    assert.equal(0, executions())
  end)

  it("carry nothing out where the look before went wrong, whatever it met", function()
    for state, fault in pairs { planned = { what = "drop", phase = "after" },
      failed = { what = "error", code = "InvalidParameterException" } } do
      for _, operation in ipairs { "list_users", "admin_get_user" } do
        fault.operation = operation
        box:misbehave(fault)
      end
      assert.equal(state, new { recheck = true }:make("action", row(), 0).state)
    end
    assert.equal(0, executions())
  end)

  it("take a user who is gone for signed out", function()
    assert.equal("accepted", new():make("sign_out", row { sub = "gone", username = "gone" }).state)
    assert.same({ "sign_out" }, steps)
  end)

  it("end the sessions of the managed login after a sign-out that the service took, where that is wanted", function()
    local refusal, ended
    local client = {
      admin_user_global_sign_out = function()
        if refusal then return nil, refusal, {} end
        return {}, nil, {}
      end,
      each = function()
        local ids = { { session_id = "s1" }, { session_id = "s2" } }
        return { next = function() return table.remove(ids, 1) end }
      end,
      admin_revoke_user_session = function(_, params)
        ended[#ended + 1] = params.session_id
        return {}
      end,
    }
    local function sign_out(given)
      ended, given.client = {}, client
      return new(given):make("sign_out", row())
    end
    assert.same({ state = "accepted", found = 2, ended = 2 }, sign_out { sessions = true })
    assert.same({ "s1", "s2" }, ended)
    sign_out {}
    assert.same({}, ended)
    refusal = { code = "NotAuthorizedException", kind = "service", status = 400 }
    assert.same({ "failed", {} }, { sign_out { sessions = true }.state, ended })
    assert.same({ "accepted", { "s1", "s2" } }, { sign_out { sessions = true, action = "sign-out" }.state, ended })
  end)

  it("return a verdict on a user that is looked up, and none where the look went wrong", function()
    local made = new()
    assert.equal("uncertain", made:make("look", row { sub = "gone" }).verdict)
    box:misbehave { operation = "admin_get_user", what = "throttle" }
    local outcome = made:make("look", row())
    assert.same({ "again", true }, { outcome.verdict, outcome.slow })
    pool:admin_reset_user_password { username = "u1" }
    assert.equal("accepted", made:make("look", row()).verdict)
    assert.same({ verdict = "repeat" }, new { action = "lock" }:make("look", row()))
  end)
end)
