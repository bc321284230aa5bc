--- One request in, one reply out: the sandbox without a face.
-- @module cognito.sandbox.handler
local errors = require "cognito.sandbox.errors"
local faults = require "cognito.sandbox.faults"
local operations = require "cognito.sandbox.operations"
local replies = require "cognito.sandbox.replies"
local secret_hash = require "cognito.sandbox.secret_hash"
local shapes = require "cognito.sandbox.shapes"
local sigv4 = require "cognito.sandbox.sigv4"
local story = require "cognito.sandbox.story"

local M = {}

local TARGET = "^AWSCognitoIdentityProviderService%.(%w+)$"

local function check_envelope(request)
  if request.method ~= "POST" or request.path:match("^[^?]*") ~= "/" then
    errors.refuse "method"
  end
  if request.headers["content-type"] ~= "application/x-amz-json-1.1" then
    errors.refuse "content_type"
  end
end

local function check_ids(options, params)
  if params.UserPoolId and params.UserPoolId ~= options.user_pool_id then
    errors.refuse("no_pool", params.UserPoolId)
  end
  if params.ClientId and params.ClientId ~= options.client_id then
    errors.refuse("no_client", params.ClientId)
  end
end

-- Where an operation carries the user's name and the secret hash.
local function name_and_hash(operation, params)
  if operation.secret == "map" then
    local inner = params.AuthParameters or params.ChallengeResponses or {}
    return inner.USERNAME, inner.SECRET_HASH
  end
  return params.Username, params.SecretHash
end

local function check_secret(pool, operation, params)
  if not operation.secret then
    return
  end
  local name, hash = name_and_hash(operation, params)
  if name then
    secret_hash.check(pool, name, hash)
  end
end

local function carry_out(pool, wire, operation, request, now)
  check_envelope(request)
  if operation.signed then
    sigv4.check(request, pool.options, now)
  end
  local params = shapes.read(wire, request.body)
  pool.story:about((name_and_hash(operation, params)))
  check_ids(pool.options, params)
  check_secret(pool, operation, params)
  local result = operation.run(pool, params, now)
  pool.story:ends(result)
  pool:count(operation.name, pool.story.name)
  return replies.result(pool, result)
end

-- Refusals become replies; anything else raised is a bug and goes on up.
local function answered(pool, work)
  local ok, result = pcall(work)
  if ok then
    return result
  end
  if not errors.is_refusal(result) then
    error(result, 0)
  end
  pool.story:ends(result)
  return replies.refusal(pool, result)
end

-- A reply may be worked out long after its request: so each has a story of
-- its own.
local function told(pool, name, work)
  local own = story.new(name)
  pool.story = own
  local reply = answered(pool, work)
  pool:tell(own:line(pool.options))
  return reply
end

local function wire_name(headers)
  local target = headers["x-amz-target"]
  return target and target:match(TARGET)
end

local function find_operation(request)
  local wire = wire_name(request.headers)
  if not wire then
    errors.refuse "missing_target"
  end
  local operation = operations[wire]
  if not operation then
    errors.refuse("unknown_operation", wire)
  end
  return wire, operation
end

local function dispatch(pool, request, wire, operation)
  local fault = pool.faults:take(operation.name)
  local skew = faults.skew(fault)
  if fault then
    pool:tell(story.new(operation.name):fault_line(fault))
  end
  return faults.apply(fault, pool, function()
    local now = pool.clock.now() + skew
    local reply = told(pool, operation.name, function()
      return carry_out(pool, wire, operation, request, now)
    end)
    if skew ~= 0 then
      replies.date(reply, now)
    end
    return reply
  end)
end

--- Asks whether a fault breaks into a request that has not come whole.
-- @tparam table pool
-- @tparam string phase `connect`, `first_byte` or `head`
-- @tparam[opt] table headers of the request, once they are known
-- @treturn table|nil what is done instead of waiting for the rest: see
--   faults.lua
function M.interrupt(pool, phase, headers)
  local operation = operations[headers and wire_name(headers)]
  return pool.faults:early(phase, operation and operation.name, pool)
end

--- Answers a request.
-- @tparam table pool
-- @tparam table request `{ method =, path =, headers =, body = }`; path with
--   its query, headers under lower-case names, repeated ones joined by commas
-- @treturn table `{ status =, headers =, body = }`, or what faults.lua
--   describes where a fault withholds the reply
function M.handle(pool, request)
  local found, wire, operation = pcall(find_operation, request)
  if found then
    return answered(pool, function()
      return dispatch(pool, request, wire, operation)
    end)
  end
  return told(pool, "request", function() error(wire, 0) end)
end

return M
