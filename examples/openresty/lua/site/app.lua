--- The handlers that nginx.conf names: one for each step.

local csrf = require "site.csrf"
local flows = require "site.flows"
local forms = require "site.forms"
local guard = require "site.guard"
local pages = require "site.pages"
local recover = require "site.recover"
local session = require "site.session"
local texts = require "site.texts"

local app = {}

local RETRY_AFTER = 60 -- seconds

local function answer(status, page)
  ngx.status = status
  ngx.header["Content-Type"] = "text/html; charset=utf-8"
  if status == 429 or status == 503 then
    ngx.header["Retry-After"] = RETRY_AFTER
  end
  ngx.print(page)
end

-- As the browser is to fetch it next: reloading that page sends nothing again.
local function see(path)
  return ngx.redirect(path, 303)
end

-- Calls the one of `methods` that fits; a HEAD is a GET without a body.
local function dispatch(methods)
  local method = ngx.req.get_method()
  local handler = methods[method == "HEAD" and "GET" or method]
  if not handler then
    ngx.header["Allow"] = methods.POST and "GET, HEAD, POST" or "GET, HEAD"
    return ngx.exit(405)
  end
  return handler()
end

-- The form and its session; does not return where there is none to trust.
local function receive()
  local form = forms.read()
  if not form then
    return ngx.exit(400)
  end
  local visitor = csrf.session_of(form)
  if not visitor then
    return ngx.exit(403)
  end
  return form, visitor
end

local function complain(page, flow, visitor, form, status, complaints)
  return answer(status, page(flow, visitor, form, complaints))
end

--- Who are you?
function app.ask(name)
  local flow = flows[name]
  return dispatch {
    GET = function()
      local visitor = session.find() or session.begin()
      return answer(200, pages.ask(flow, visitor, visitor, {}))
    end,
    POST = function()
      local form, visitor = receive()
      local complaints = forms.complaints(form, { "username" })
      if complaints[1] then
        return complain(pages.ask, flow, visitor, form, 422, complaints)
      elseif not recover.ask(flow, form.username) then
        return complain(pages.ask, flow, visitor, form, 503, { { text = texts.not_sent } })
      end
      session.remember(visitor, form.username)
      return see(flow.paths.confirm .. (form.again ~= "" and "?again" or ""))
    end,
  }
end

-- outcome -> what is said about it, and with which status.
local answers = {
  not_accepted = function() return 422, { field = "code", text = texts.not_accepted } end,
  bad_password = function() return 422, { field = "password", text = texts.bad_password } end,
  try_later = function(flow) return 503, { text = texts.try_later[flow.name] } end,
}
answers.broken = answers.try_later -- the log tells operators; visitors can do nothing about it

--- What is your code?
function app.confirm(name)
  local flow = flows[name]
  return dispatch {
    GET = function()
      local visitor = session.find() or session.begin()
      local values = { username = visitor.username, again = ngx.var.args == "again" }
      return answer(200, pages.confirm(flow, visitor, values, {}))
    end,
    POST = function()
      local form, visitor = receive()
      local complaints = forms.complaints(form, flow.fields)
      if complaints[1] then
        return complain(pages.confirm, flow, visitor, form, 422, complaints)
      end
      local outcome = recover.confirm(flow, form)
      if outcome == "done" then
        session.begin() -- the name is not left behind
        return see(flow.paths.done)
      end
      local status, complaint = answers[outcome](flow)
      return complain(pages.confirm, flow, visitor, form, status, { complaint })
    end,
  }
end

--- Done.
function app.done(name)
  return dispatch {
    GET = function() return answer(200, pages.done(flows[name])) end,
  }
end

--- Whatever ended in an error, of ours or of nginx's: the same in good looks.
function app.problem()
  return answer(ngx.status, pages.problem(ngx.status))
end

for name, handler in pairs(app) do
  app[name] = guard(handler)
end

return app
