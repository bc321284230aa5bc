-- Whole calls in tasks of a loop: exchanges in flight, two at once, and one
-- that is cancelled.
local cognito = require "cognito"
local loopback = require "spec.torture.loopback"

require "cognito.runtime.loop"

local function new_pool(loop)
  return cognito.new {
    region = "eu-west-1", user_pool_id = "eu-west-1_x", client_id = "client", runtime = loop,
    endpoint = loopback.endpoint, attempt_timeout = 5, env = function() end,
    random = function() return 0 end, -- of waiting between attempts
  }
end

-- Counts the calls that were sent. Returns the first error.
local function use(loop)
  local pool, failure = new_pool(loop), nil
  local function call()
    local result, err = pool:forgot_password { username = "ada" }
    if result then
      assert(next(result) == nil)
      loopback.count()
      return
    end
    if err.ambiguous then loopback.count() end
    failure = failure or err.code ~= "aborted" and err or nil
  end
  loop:spawn(call)
  loop:spawn(call)
  loop:run()
  loop:spawn(call)
  local task = loop:spawn(call)
  loop:step(0)
  task:cancel()
  loop:run()
  return failure
end

return {
  before = loopback.before,
  run = function()
    local loop = cognito.loop(loopback.loop_options)
    local ok, err = pcall(use, loop)
    loop:close()
    if not ok then error(err, 0) end
    return err
  end,
  judge = function(err)
    if not cognito.is_error(err) or err.operation == nil then return "not an error of the client" end
    return loopback.judge(err, err.ambiguous)
  end,
}
