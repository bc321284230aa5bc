--- A hook of debug.sethook is called on the way to an outcome's table, too, and may close
-- the http object whose outcome it is.
local core = require "cognito.core"
local start_server = require("spec.support.server").start

describe("an http object that a hook closes while an outcome is being read", function()
  local server, http

  setup(function() server = start_server "http" end)
  teardown(function() server:stop() end)
  before_each(function() http = core.http { timeout = 60 } end)
  after_each(function() http:close() end)

  -- Returns what a function does while the n-th call in it closes the object, in a
  -- coroutine, whose hook it is.
  local function closed_at(n, f)
    local calls = 0
    local thread = coroutine.create(f)
    local function hook()
      calls = calls + 1
      if calls ~= n then return end
      debug.sethook(thread)
      debug.sethook()
      http:close()
    end
    debug.sethook(thread, hook, "c")
    local ok, response, err = coroutine.resume(thread)
    debug.sethook(thread)
    return ok, response, err, calls
  end

  it("gives the outcome, or says that it is closed", function()
    local outcomes, n = {}, 0
    local calls
    repeat
      n = n + 1
      http:close()
      http = core.http { timeout = 60 }
      local ok, response, err
      ok, response, err, calls = closed_at(n, function()
        return http:send { method = "GET", url = server:url() }
      end)
      if ok then
        assert.equal("{}", assert(response, err and err.message).body)
      else
        assert.matches("the http object is closed", response)
      end
      outcomes[ok and "given" or "closed"] = true
    until calls < n
    assert.same({ given = true, closed = true }, outcomes)
    assert.is_true(n > 3)
  end)
end)
