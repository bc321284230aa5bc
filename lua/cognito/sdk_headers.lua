--- The headers by which AWS knows a well-behaved client: the caller, which
-- attempts belong together, and inside Lambda, on whose behalf.
--
-- They are added after signing, so that an attempt's number may change
-- without another signature. User agent: SDK user agent format 2.1;
-- amz-sdk-*: Smithy retry headers; trace: Lambda's recursion detection.
-- @module cognito.sdk_headers

local native = require "cognito.native"
local version = require "cognito.version"

local M = {}

local LONGEST_APP_ID = 50

-- What the user agent may hold, a number sign apart, which separates there;
-- anything else becomes a hyphen.
local function clean(text)
  return (text:gsub(".", function(char)
    return char ~= "#" and native.is_token(char) and char or "-"
  end))
end

local function lua_name()
  local jit = rawget(_G, "jit")
  if jit then
    return "luajit#" .. clean(jit.version:match "%S+$" or "2")
  end
  return "lua#" .. _VERSION:match "%d+%.%d+"
end

local function set(env, name)
  local value = env(name)
  return value and value:find "%S" and value or nil
end

--- The User-Agent of a client.
-- @tparam function env like `os.getenv`: AWS_EXECUTION_ENV
-- @tparam[opt] table facts
-- @tparam[opt] string facts.app_id the name that the application gives itself
-- @tparam[opt] boolean facts.own_endpoint whether the endpoint is configured
-- @treturn string
function M.user_agent(env, facts)
  facts = facts or {}
  local parts = {
    "lua-cognito/" .. clean(version),
    "ua/2.1",
    "api/cognito-identity-provider#" .. clean(version), -- of the client, as the SDKs for JavaScript and Go have it
    "os/" .. native.info().platform,
    "lang/" .. lua_name(),
  }
  local execution = set(env, "AWS_EXECUTION_ENV")
  if execution then
    parts[#parts + 1] = "exec-env/" .. clean(execution)
  end
  -- Features: E is the standard retry mode, N an endpoint of one's own.
  parts[#parts + 1] = "m/E" .. (facts.own_endpoint and ",N" or "")
  if facts.app_id then
    parts[#parts + 1] = "app/" .. clean(facts.app_id):sub(1, LONGEST_APP_ID)
  end
  return table.concat(parts, " ")
end

--- The User-Agent of a signed request.
-- @tparam string agent of the client
-- @tparam string letters from `cognito.credentials.metrics`
-- @treturn string
function M.signed_with(agent, letters)
  return (agent:gsub(" m/[%w,]+", "%0," .. letters, 1))
end

--- Whether this process runs in Lambda.
-- @tparam function env like `os.getenv`
-- @treturn boolean
function M.in_lambda(env)
  return set(env, "AWS_LAMBDA_FUNCTION_NAME") ~= nil
end

--- Lambda's trace id, where this runs in Lambda. `traceparent`, `tracestate`
-- and `baggage` have no variable: Lambda's runtime for Node.js hands them to
-- the SDK in the process, and here the program does, by the setting `headers`.
-- Control and non-ASCII characters are percent-encoded, as by botocore.
-- @tparam function env like `os.getenv`
-- @treturn ?string
function M.trace_id(env)
  local id = M.in_lambda(env) and set(env, "_X_AMZN_TRACE_ID")
  return id and id:gsub("[^ -~]", function(char)
    return ("%%%02X"):format(char:byte())
  end) or nil
end

return M
