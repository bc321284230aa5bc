--- The way back in for a site whose visitors have a session of
-- lua-resty-session, as every site with lua-resty-openidc does: three pages
-- without scripts. The calls are those of examples/json_api/recovery_api.lua.

local recovery_api = require "recovery_api"
local resty_session = require "resty.session"

local M = {}

local PAGE = [[
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%s</title>
<h1>%s</h1>
<p>%s</p>
]]

local ASK = [[
<form method="post" action="/recover">
<label>User name <input name="username" autocomplete="username" required></label>
<button>Send me a code</button>
</form>
]]

local SET = [[
<form method="post" action="/recover/code">
<label>User name <input name="username" autocomplete="username" required></label>
<label>Code <input name="code" autocomplete="one-time-code" inputmode="numeric" required></label>
<label>New password <input name="password" type="password" autocomplete="new-password" required></label>
<button>Set the new password</button>
</form>
]]

local TROUBLE = {
  not_accepted = "This code is not accepted. Is it the latest one, and the user name right?",
  bad_password = "This password is not allowed. Take a longer one, of several kinds of characters.",
  try_later = "Something is wrong on our side. Please try again later.",
}

local function show(title, text, form)
  ngx.header.content_type = "text/html; charset=utf-8"
  ngx.header.cache_control = "no-store"
  ngx.print(PAGE:format(title, title, text), form)
end

-- Forms of other sites are refused; a browser says where a form comes from.
local function read_form()
  local from = ngx.req.get_headers()["Sec-Fetch-Site"]
  if from and from ~= "same-origin" then return ngx.exit(ngx.HTTP_FORBIDDEN) end
  ngx.req.read_body()
  return ngx.req.get_post_args(10) or {}
end

local function is_complete(form, ...)
  for _, name in ipairs { ... } do
    if type(form[name]) ~= "string" or form[name] == "" then return false end
  end
  return true
end

--- /recover: asks for the name, then for the code. The second page is the same
-- for every name.
function M.ask()
  if ngx.req.get_method() ~= "POST" then
    return show("Forgot your password?", "We send a code to the address that you confirmed.", ASK)
  end
  local form = read_form()
  if not is_complete(form, "username") or not recovery_api.ask(form.username) then
    return show("Forgot your password?", TROUBLE.try_later, ASK)
  end
  show("Enter the code", "If there is such an account, a code is on its way.", SET)
end

--- /recover/code: sets the new password. Whoever was signed in here is signed
-- out, and signs in with the new password: lua-resty-openidc leads there.
function M.set()
  if ngx.req.get_method() ~= "POST" then return show("Enter the code", "", SET) end
  local form = read_form()
  local outcome = is_complete(form, "username", "code", "password") and recovery_api.set(form) or "not_accepted"
  if outcome ~= "done" then
    return show("Enter the code", TROUBLE[outcome] or TROUBLE.try_later, SET)
  end
  local session = resty_session.open()
  if session then session:destroy() end
  ngx.redirect("/", ngx.HTTP_SEE_OTHER)
end

return M
