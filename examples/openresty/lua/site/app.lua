--- The handlers that nginx.conf names: one for each step of a recovery.

local flows = require "site.flows"
local forms = require "site.forms"
local guard = require "site.guard"
local layout = require "site.layout"
local once = require "site.once"
local pages = require "site.pages"
local policy = require "site.policy"
local recover = require "site.recover"
local session = require "site.session"
local texts = require "site.texts"
local web = require "site.web"

local app = {}

local function complain(page, flow, visitor, form, status, complaints)
  return web.answer(status, page(flow, visitor, form, complaints))
end

--- Who are you?
function app.ask(name)
  local flow = flows[name]
  return web.dispatch {
    GET = function()
      local visitor = session.find() or session.begin()
      return web.answer(200, pages.ask(flow, visitor, visitor, {}))
    end,
    POST = function()
      local form, visitor = web.receive()
      local complaints = forms.complaints(form, { "username" })
      if complaints[1] then
        return complain(pages.ask, flow, visitor, form, 422, complaints)
      elseif not recover.ask(flow, form.username) then
        return complain(pages.ask, flow, visitor, form, 503, { { text = texts.not_sent } })
      end
      session.remember(visitor, form.username)
      return web.see(flow.paths.confirm .. (form.again ~= "" and "?again" or ""))
    end,
  }
end

-- outcome -> what is said about it, and with which status.
local answers = {
  not_accepted = function() return 422, { field = "code", text = texts.not_accepted } end,
  bad_password = function() return 422, { field = "password", text = texts.bad_password } end,
  try_later = function(flow) return 503, { text = texts["try_later_" .. flow.name] } end,
}
answers.broken = answers.try_later -- the log tells operators; visitors can do nothing about it

--- What is your code?
function app.confirm(name)
  local flow = flows[name]
  return web.dispatch {
    GET = function()
      local visitor = session.find() or session.begin()
      local values = { username = visitor.username, again = ngx.var.args == "again" }
      return web.answer(200, pages.confirm(flow, visitor, values, {}))
    end,
    POST = function()
      local form, visitor = web.receive()
      local complaints = forms.complaints(form, flow.fields)
      if complaints[1] then
        return complain(pages.confirm, flow, visitor, form, 422, complaints)
      end
      local outcome = once(visitor, form, function() return recover.confirm(flow, form) end)
      if outcome == "done" then
        session.begin() -- the name is not left behind
        return web.see(flow.paths.done)
      end
      local status, complaint = answers[outcome](flow)
      return complain(pages.confirm, flow, visitor, form, status, { complaint })
    end,
  }
end

--- Done.
function app.done(name)
  return web.dispatch {
    GET = function() return web.answer(200, pages.done(flows[name])) end,
  }
end

--- A text of the site's own: `style_sheet` or `mark`.
function app.asset(name, content_type)
  return web.dispatch {
    GET = function()
      ngx.header["Content-Type"] = content_type
      ngx.print(layout[name])
    end,
  }
end

--- Whatever ended in an error, of ours or of nginx's: the same in good looks. A request
-- whose line nginx could not read has no address.
function app.problem()
  return web.answer(ngx.status, pages.problem(ngx.status, (ngx.var.request_uri or ""):match "^[^?]*"))
end

for name, handler in pairs(app) do
  app[name] = guard(handler)
end

--- Once in each worker.
app.start = policy.start

return app
