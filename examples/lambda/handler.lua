--- POST /password/forgot and /password/reset behind API Gateway or a function
-- URL, as Lambda calls it.

local cjson = require "cjson.safe"
local cognito = require "cognito"
local core = require "cognito.core"
local recovery = require "cognito.recovery"

local M = {}

-- Made once for each instance of the function: connections are kept.
local pool = cognito.new {
  user_pool_id = os.getenv "COGNITO_USER_POOL_ID", -- the region follows from it
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET", -- unset for a public app client
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
}

local STATUS = { accepted = 202, done = 200, bad_password = 422, not_accepted = 403, bad_request = 400 }

local function answer(outcome)
  return {
    statusCode = STATUS[outcome] or 503,
    headers = { ["Content-Type"] = "application/json" },
    body = cjson.encode { outcome = STATUS[outcome] and outcome or "try_later" },
  }
end

local function judged(...)
  local page = recovery.public_answer(...)
  if page.outcome == "broken" then io.stderr:write(tostring(page.log), "\n") end
  return answer(page.outcome)
end

local function has_texts(body, ...)
  for _, name in ipairs { ... } do
    local value = type(body) == "table" and body[name]
    if type(value) ~= "string" or value == "" then return false end
  end
  return true
end

--- Handles an event of the payload format 2.0.
-- @tparam table event
-- @tparam table context `deadline`, in seconds since the epoch
-- @treturn table what the visitor gets
function M.handle(event, context)
  local body = cjson.decode(event.body or "")
  local limits = { timeout = math.max(1, context.deadline - core.now() - 1) } -- a second for the answer
  if event.rawPath == "/password/forgot" and has_texts(body, "username") then
    return judged(pool:forgot_password({ username = body.username }, limits))
  elseif event.rawPath == "/password/reset" and has_texts(body, "username", "code", "password") then
    return judged(pool:confirm_forgot_password({
      username = body.username, confirmation_code = body.code, password = body.password,
    }, limits))
  end
  return answer "bad_request"
end

return M
