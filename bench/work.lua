--- The library's work without I/O:
--
--     work.lua PROGRAM CALLS [count]
--
-- prints the CPU time of one call in microseconds and its garbage in bytes;
-- with "count" it only makes the calls, for another program to count.

local cognito = require "cognito"
local core = require "cognito.core"
local example = require "bench.example"

local context = example.with { time = 1795247391 }
local params = example.params

local function build(operation)
  return function()
    return core.build(operation, params, context)
  end
end

-- As a client does it: into an exchange that is used again.
local function prepare(operation)
  local exchange, caller = core.exchange(), core.caller(context)
  return function()
    return exchange:prepare(operation, params, caller, nil, nil, context.credentials, context.time, 1, 3)
  end
end

local function parse(operation)
  local response = example.responses[operation]
  return function()
    return core.parse(operation, response)
  end
end

local function both(operation)
  local response = example.responses[operation]
  return function()
    core.build(operation, params, context)
    return core.parse(operation, response)
  end
end

local request = {
  method = "POST",
  url = "https://cognito-idp.us-east-1.amazonaws.com/",
  headers = {
    { "Content-Type", "application/x-amz-json-1.1" },
    { "X-Amz-Target", "AWSCognitoIdentityProviderService.AdminResetUserPassword" },
  },
  body = [[{"UserPoolId":"us-east-1_AbCdEfGhI","Username":"alice@example.com"}]],
}

local signing = { credentials = context.credentials, region = context.region, time = context.time }

-- The client over a runtime that answers at once.
local pool = cognito.new(example.with {
  runtime = {
    send = function() return example.responses.forgot_password end,
    sleep = core.sleep,
    now = function() return core.now() end,
    clock = function() return core.clock() end,
  },
})

local programs = {
  ["build, unsigned"] = build "forgot_password",
  ["build, signed"] = build "admin_reset_user_password",
  ["prepare, unsigned"] = prepare "forgot_password",
  ["prepare, signed"] = prepare "admin_reset_user_password",
  ["parse"] = parse "forgot_password",
  ["build and parse, unsigned"] = both "forgot_password",
  ["build and parse, signed"] = both "admin_reset_user_password",
  ["core.sign"] = function()
    return core.sign(request, signing)
  end,
  ["core.uuid"] = core.uuid,
  ["pool:forgot_password, nothing sent"] = function()
    return pool:forgot_password(params)
  end,
}

local once, calls = programs[arg[1]], tonumber(arg[2])

local function repeated(n)
  for _ = 1, n do
    once()
  end
end

local function garbage(n)
  collectgarbage()
  collectgarbage "stop"
  local before = collectgarbage "count"
  repeated(n)
  local after = collectgarbage "count"
  collectgarbage "restart"
  return (after - before) * 1024 / n
end

assert(once())
if arg[3] == "count" then
  repeated(calls)
else
  local bytes = garbage(100)
  local begun = os.clock()
  repeated(calls)
  print(("%.3f %.0f"):format((os.clock() - begun) / calls * 1e6, bytes))
end
