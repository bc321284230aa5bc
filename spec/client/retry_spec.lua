local retry = require "cognito.retry"

local function policy(random)
  return retry.new { random = function() return random or 1 end }
end

local REFUSED = { kind = "network", code = "connect", sent = false }
local THROTTLED = { kind = "throttle", code = "TooManyRequestsException", status = 400 }

local function delays(failure, attempts, facts)
  local p, found = policy(), {}
  for attempt = 1, attempts do
    local given = { attempt = attempt, max_attempts = 100, effect = "read" }
    for name, value in pairs(facts or {}) do given[name] = value end
    found[attempt] = (p:next(failure, given))
  end
  return found
end

describe("retry", function()
  it("doubles up to twenty seconds", function()
    assert.same({ 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20, 20 }, delays(REFUSED, 11))
    assert.same({ 1, 2, 4, 8, 16, 20, 20 }, delays(THROTTLED, 7))
  end)

  it("takes a share of the delay by chance", function()
    assert.equal(0.25, (policy(0.25):next(THROTTLED, { attempt = 1, max_attempts = 3, effect = "read" })))
    assert.equal(0, (policy(0):next(THROTTLED, { attempt = 1, max_attempts = 3, effect = "read" })))
  end)

  it("pays 14 tokens for a retry, 5 for a throttled one, and gets them back", function()
    local p = policy()
    assert.equal(500, p:quota())
    local _, _, cost = p:next(REFUSED, { attempt = 1, max_attempts = 3, effect = "read" })
    assert.equal(486, p:quota())
    p:succeeded(cost)
    assert.equal(500, p:quota())
    p:next(THROTTLED, { attempt = 1, max_attempts = 3, effect = "read" })
    assert.equal(495, p:quota())
    p:succeeded()
    assert.equal(496, p:quota())
  end)

  it("spends the last tokens, and never has more than at first", function()
    local p = policy()
    p.tokens = 14
    assert.equal(0.05, (p:next(REFUSED, { attempt = 1, max_attempts = 3, effect = "read" })))
    assert.equal(0, p:quota())
    p:succeeded(600)
    assert.equal(500, p:quota())
  end)

  it("draws its delay from the library's chance unless it is given one", function()
    local delay = retry.new():next(THROTTLED, { attempt = 1, max_attempts = 3, effect = "read" })
    assert.truthy(delay >= 0 and delay < 1, delay)
  end)

  local function asked(headers, random)
    return (policy(random or 0):next(THROTTLED, { attempt = 1, max_attempts = 3, effect = "read", headers = headers }))
  end

  it("waits for as long as the service asks, in milliseconds, in seconds or until a date", function()
    assert.equal(1.5, asked { ["x-amz-retry-after"] = "1500" })
    assert.equal(2, asked { ["retry-after"] = "2" })
    assert.equal(0.2, asked { ["x-amz-retry-after"] = "200" })
    assert.equal(3, asked { date = "Tue, 03 Nov 2026 10:00:00 GMT", ["retry-after"] = "Tue, 03 Nov 2026 10:00:03 GMT" })
    assert.equal(1.5, asked { ["x-amz-retry-after"] = "1500", ["retry-after"] = "3" })
  end)

  it("waits at most five seconds longer than it would, and never shorter, because of what the service asks", function()
    assert.equal(5, asked { ["retry-after"] = "3600" })
    assert.equal(6, asked({ ["retry-after"] = "3600" }, 1))
    assert.equal(1, asked({ ["x-amz-retry-after"] = "200" }, 1))
  end)

  it("takes no notice of a wish that is none", function()
    for _, text in ipairs { "soon", "-1", "", "1e999", "nan", "Tue, 03 Nov 2026 10:00:03 GMT" } do
      assert.equal(0, asked { ["retry-after"] = text }, text)
    end
    assert.equal(0, asked { date = "Tue, 03 Nov 2026 10:00:05 GMT", ["retry-after"] = "Tue, 03 Nov 2026 10:00:03 GMT" })
    assert.equal(0, asked { date = "Tue, 03 Nov 2026 10:00:05 GMT" })
  end)

  it("says why it stops", function()
    local facts = { attempt = 3, max_attempts = 3, effect = "read" }
    assert.same({ nil, "attempts" }, { policy():next(REFUSED, facts) })
    assert.same({ nil, "final" }, { policy():next({ kind = "service", code = "X", status = 400 }, facts) })
    local empty = policy()
    empty.tokens = 13
    facts.attempt = 1
    assert.same({ nil, "quota" }, { empty:next(REFUSED, facts) })
    assert.equal(1, (empty:next(THROTTLED, facts)))
  end)

  it("tells what an attempt came to", function()
    assert.equal("unsent", retry.outcome { kind = "network", sent = false })
    assert.equal("unknown", retry.outcome { kind = "network", sent = true })
    assert.equal("unknown", retry.outcome { kind = "network" })
    for _, status in ipairs { 408, 500, 502, 503, 504 } do
      assert.equal("unknown", retry.outcome { kind = "service", status = status })
      assert.equal("unknown", retry.outcome { kind = "service", status = status, code = "SomethingException" })
    end
    assert.equal("throttled", retry.outcome { kind = "throttle", status = 503 })
    assert.equal("answered", retry.outcome { kind = "service", status = 501 })
    assert.equal("answered", retry.outcome { kind = "service", status = 400 })
    assert.equal("answered", retry.outcome { kind = "service", status = 302, code = "http_302" })
  end)

  -- A load balancer's 408, a CDN's 524: the service may have done it.
  it("counts 408 and every error without a name as one that may hide a success", function()
    for _, status in ipairs { 400, 403, 404, 408, 413, 499, 501, 520, 524, 599 } do
      assert.equal("unknown", retry.outcome { kind = "service", status = status, code = "http_" .. status })
    end
    assert.equal("unknown", retry.outcome { kind = "service", status = 408, code = "RequestTimeoutException" })
  end)

  it("counts a timeout of the service by its name, whatever the status: read again, never sent again", function()
    for _, code in ipairs { "RequestTimeout", "RequestTimeoutException" } do
      local failure = { kind = "service", status = 400, code = code }
      assert.equal("unknown", retry.outcome(failure))
      local facts = { attempt = 1, max_attempts = 3, effect = "read" }
      assert.equal(0.05, (policy():next(failure, facts)))
      facts.effect = "message"
      assert.same({ nil, "final" }, { policy():next(failure, facts) })
    end
    assert.equal("answered", retry.outcome { kind = "service", status = 403, code = "ForbiddenException" })
  end)

  it("does not repeat calls that were ended on purpose", function()
    local facts = { attempt = 1, max_attempts = 3, effect = "read" }
    assert.is_nil((policy():next({ kind = "network", code = "aborted", sent = false }, facts)))
    assert.is_nil((policy():next({ kind = "network", code = "wrong_phase", sent = false }, facts)))
  end)
end)
