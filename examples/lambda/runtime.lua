--- Lambda's runtime interface for Lua: takes one event after the other, has
-- `handler.handle(event, context)` called, and posts what it returns.

local cjson = require "cjson.safe"
local core = require "cognito.core"

local API = ("http://%s/2018-06-01/runtime/"):format(assert(os.getenv "AWS_LAMBDA_RUNTIME_API"))
local FOREVER = 15 * 60 -- seconds: the sandbox is frozen between events

local http = core.http { timeout = FOREVER, max_response = 8 * 1024 * 1024 } -- an event has up to 6 MB

local function post(path, value)
  local body = assert(cjson.encode(value))
  local headers = { { "Content-Type", "application/json" } }
  assert(http:send { method = "POST", url = API .. path, headers = headers, body = body })
end

local function described(err)
  return { errorType = "Runtime.HandlerError", errorMessage = tostring(err) }
end

local loaded, handler = pcall(require, "handler")
if not loaded then
  post("init/error", described(handler))
  os.exit(1)
end

local function next_event()
  local request = { method = "GET", url = API .. "invocation/next", headers = {} }
  local response, err = http:send(request, { all_headers = true })
  if not response then return nil, err end
  local context = {
    request_id = response.headers["lambda-runtime-aws-request-id"],
    deadline = tonumber(response.headers["lambda-runtime-deadline-ms"]) / 1000, -- seconds since the epoch
  }
  return cjson.decode(response.body), context
end

while true do
  local event, context = next_event()
  if event == nil and context.code ~= "timeout" then error(context) end
  if event ~= nil then
    local ok, result = pcall(handler.handle, event, context)
    local path = "invocation/" .. context.request_id
    if ok then
      post(path .. "/response", result)
    else
      post(path .. "/error", described(result))
    end
  end
end
