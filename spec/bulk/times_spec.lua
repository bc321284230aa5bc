-- The lease, the timeout and the wait before a look that the promise counts on.
local actions = require "cognito.bulk.actions"
local failure = require "cognito.bulk.failure"
local times = require "cognito.bulk.times"

describe("the times of a run", function()
  local SERVICE = "https://cognito-idp.eu-west-1.amazonaws.com"

  local function refused(given)
    local options = { url = SERVICE, is_shared = true, lease = 600, settle = 30, timeout = 10 }
    for name, value in pairs(given) do options[name] = value end
    local _, err = failure.catch(times.check, actions.all[given.action or "reset"], options)
    return err and err.code, err and err.message, err and err.hint
  end

  it("are taken as they are unless they are set", function()
    assert.is_nil(refused {})
    assert.is_nil(refused { lease = 570, timeout = 540 })
  end)

  it("are refused where a request could be sent after its user has passed to another worker", function()
    local code, message, hint = refused { lease = 569 }
    assert.equal("lease_too_short", code)
    assert.matches("569 s ends while .* at least 570 s", message)
    assert.matches("longer lease", hint)
    code, message = refused { lease = 600, timeout = 571 }
    assert.equal("lease_too_short", code)
    assert.matches("attempt_timeout", message)
  end)

  it("are refused where a look could come before the request", function()
    local code, message = refused { settle = 29.5 }
    assert.equal("settle_too_short", code)
    assert.matches("29.5 s", message)
    assert.equal("settle_too_short", (refused { settle = 0, is_shared = false }))
  end)

  it("matter where a call may be repeated, of the lease where workers share a journal", function()
    assert.is_nil(refused { lease = 2, timeout = 900, is_shared = false })
    for _, action in ipairs { "lock", "resend", "invite", "set-password" } do
      assert.is_nil(refused { action = action, lease = 2, settle = 0 })
    end
  end)

  it("are a test's own business at a stand-in of the service", function()
    for _, url in ipairs { "http://127.0.0.1:8080", "http://[::1]:1", "https://cognito-sandbox.invalid" } do
      assert.is_nil(refused { url = url, lease = 2, settle = 0 })
    end
    for _, url in ipairs { "https://invalid.example.com", "https://example.com/.invalid",
      "https://127.0.0.1.example.com" } do
      assert.equal("lease_too_short", (refused { url = url, lease = 2 }))
    end
  end)
end)
