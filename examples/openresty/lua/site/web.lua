--- Requests and answers: what all handlers share.

local csrf = require "site.csrf"
local forms = require "site.forms"
local texts = require "site.texts"

local web = {}

local RETRY_AFTER = 60 -- seconds

--- Answers with a page.
-- @tparam integer status
-- @tparam string page
function web.answer(status, page)
  ngx.status = status
  ngx.header["Content-Type"] = "text/html; charset=utf-8"
  ngx.header["Content-Language"] = texts.language()
  ngx.header["Vary"] = "Accept-Language"
  if status == 429 or status == 503 then
    ngx.header["Retry-After"] = RETRY_AFTER
  end
  ngx.print(page)
end

--- Has the browser fetch a page next: reloading that sends nothing again.
-- @tparam string path
function web.see(path)
  return ngx.redirect(path, 303)
end

--- Calls the one of `methods` that fits; a HEAD is a GET without a body.
-- @tparam table methods functions by GET and POST
function web.dispatch(methods)
  local method = ngx.req.get_method()
  local handler = methods[method == "HEAD" and "GET" or method]
  if not handler then
    ngx.header["Allow"] = (methods.GET and "GET, HEAD" or "") .. (methods.GET and methods.POST and ", " or "")
      .. (methods.POST and "POST" or "")
    return ngx.exit(405)
  end
  return handler()
end

--- The form and its session; does not return where there is none to trust.
-- @treturn table form
-- @treturn table visitor
function web.receive()
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

return web
