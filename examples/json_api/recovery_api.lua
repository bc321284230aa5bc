--- Recovery for a JSON API in OpenResty: POST /password/forgot sends a code,
-- POST /password/reset sets a new password with it.

local cjson = require "cjson.safe"
local cognito = require "cognito"
local recovery = require "cognito.recovery"

local M = {}

-- nginx hides the environment from Lua but for what `env` lines name.
local pool = cognito.new {
  user_pool_id = assert(os.getenv "COGNITO_USER_POOL_ID", "nginx.conf: env COGNITO_USER_POOL_ID;"),
  client_id = os.getenv "COGNITO_CLIENT_ID",
  client_secret = os.getenv "COGNITO_CLIENT_SECRET", -- unset for a public app client
  endpoint = os.getenv "COGNITO_ENDPOINT", -- unset for the service itself
}

-- Takes what a call returned, logs what operators need and no name, and
-- returns the outcome, which reveals nothing about the account.
local function judged(...)
  local page = recovery.public_answer(...)
  if page.outcome == "broken" then ngx.log(ngx.ERR, tostring(page.log)) end
  return page.outcome
end

--- Asks for a code after the answer, because the time of a call would reveal
-- whether there is such a user.
-- @tparam string username
-- @treturn boolean whether it will be done
function M.ask(username)
  local made = ngx.timer.at(0, function()
    judged(pool:forgot_password { username = username })
  end)
  return made ~= nil
end

--- Sets a new password.
-- @tparam table form `username`, `code`, `password`
-- @treturn string `done`, `not_accepted`, `bad_password`, `try_later` or `broken`
function M.set(form)
  return judged(pool:confirm_forgot_password {
    username = form.username, confirmation_code = form.code, password = form.password,
  })
end

-- ---- JSON in, JSON out ----

local STATUS = { accepted = 202, done = 200, bad_password = 422, not_accepted = 403 }

local function answer(outcome, status)
  ngx.status = status or STATUS[outcome] or 503
  ngx.header.content_type = "application/json"
  ngx.say(cjson.encode { outcome = outcome == "broken" and "try_later" or outcome })
end

-- The members of a posted body, which all have to be texts; nil where one is
-- not.
local function read_body(...)
  ngx.req.read_body()
  local body = ngx.req.get_method() == "POST" and cjson.decode(ngx.req.get_body_data() or "")
  for _, name in ipairs { ... } do
    local value = type(body) == "table" and body[name]
    if type(value) ~= "string" or value == "" then return nil end
  end
  return body
end

--- POST /password/forgot, `{"username": …}`.
function M.forgot()
  local body = read_body "username"
  if not body then return answer("bad_request", 400) end
  answer(M.ask(body.username) and "accepted" or "try_later")
end

--- POST /password/reset, `{"username": …, "code": …, "password": …}`.
function M.reset()
  local body = read_body("username", "code", "password")
  if not body then return answer("bad_request", 400) end
  answer(M.set(body))
end

return M
