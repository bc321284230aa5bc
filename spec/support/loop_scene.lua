--- Shared by the specs of a loop with a hostile server: calls in tasks, and what
-- came of them.

local assert = require "luassert"
local cognito = require "cognito"
local hostile = require "spec.support.hostile_server"

local M = {}

--- The parameters of calls.
M.NAME = { username = "ada" }

--- Checks that a function raises.
-- @tparam string pattern plain text within the message
-- @tparam function f
-- @param ... its arguments
function M.raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(message):find(pattern, 1, true), message)
end

--- A loop and a server, for one spec.
-- @tparam[opt] table options the loop's
-- @treturn table a loop
-- @treturn table a server, see `spec.support.hostile_server`
function M.open(options)
  return cognito.loop(options), hostile.listen()
end

--- Ends both.
function M.close(loop, server)
  loop:close()
  server:stop()
end

--- Functions for a loop and a server that each spec has anew.
-- @tparam function of returns the loop and the server
-- @treturn function call(pool, operation): makes a call in a task, and returns
--   a table that keeps the task and what came of it
-- @treturn function finish(): plays on until all tasks have ended
function M.of(of)
  local function call(pool, operation)
    local outcome = {}
    outcome.task = of():spawn(function()
      outcome.result, outcome.err, outcome.meta = pool[operation or "forgot_password"](pool, M.NAME)
      return outcome.result, outcome.err
    end)
    return outcome
  end
  local function finish()
    local loop, server = of()
    server:play(loop, function() return loop:stats().tasks == 0 or nil end)
  end
  return call, finish
end

--- Checks that a call ended as a cancelled one does, and that awaiting its task
-- tells the same.
-- @tparam table outcome
-- @tparam integer attempts
-- @tparam boolean ambiguous
function M.check_aborted(outcome, attempts, ambiguous)
  local err = outcome.err
  assert.is_nil(outcome.result)
  assert.is_true(cognito.is_error(err))
  assert.equal("aborted", err.code)
  assert.equal("enough", err.message)
  assert.equal(ambiguous, err.ambiguous)
  assert.equal(attempts, err.attempts)
  assert.equal(attempts, outcome.meta.attempts)
  assert.equal("done", outcome.task:status())
  assert.equal(err, select(2, outcome.task:await()))
end

--- Sends a reply.
-- @tparam table peer of the server
-- @tparam string status
-- @tparam string body
function M.reply(peer, status, body)
  peer:send(("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"):format(status, #body, body))
end

return M
