--- The calls to the user pool, and what may be said about them.

local judge = require "site.judge"
local later = require "site.later"
local limits = require "site.limits"
local log = require "site.log"
local settings = require "site.settings"
local settle = require "site.settle"
local texts = require "site.texts"
local user_context = require "site.user_context"

local recover = {}

local TWICE = 10 -- seconds in which asking again is a double click

-- A custom message trigger can write in the language of the page.
local function messages_in()
  return { language = texts.language() }
end

--- Asks for a code, after the page has been answered: whether there is such a
-- user, neither the answer nor its time tells.
-- @treturn boolean whether it will be done; independent of the name
function recover.ask(flow, username)
  if not ngx.shared.asked:add(flow.name .. limits.user_key(username), true, TWICE) then
    return true
  end
  local visit = ngx.var.request_id
  local params = { username = username, user_context_data = user_context(), client_metadata = messages_in() }
  local accepted, err = later.run(function()
    judge(visit, settings.pool[flow.ask](settings.pool, params))
  end)
  if not accepted then
    ngx.shared.asked:delete(flow.name .. limits.user_key(username))
    log(visit, "not asked: " .. err)
  end
  return accepted == true
end

--- Confirms with a code.
-- @treturn string `done`, `not_accepted`, `bad_password`, `try_later` or `broken`
function recover.confirm(flow, form)
  local begun = ngx.now()
  local outcome = judge(ngx.var.request_id, settings.pool[flow.confirm](settings.pool, {
    username = form.username,
    confirmation_code = form.code,
    password = flow.name == "password" and form.password or nil,
    user_context_data = user_context(),
  }))
  settle(begun)
  return outcome
end

return recover
