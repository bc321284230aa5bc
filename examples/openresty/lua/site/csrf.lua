--- Whether a form was sent from one of our own pages (cross-site request
-- forgery): by what the browser says of where it comes from, and by a token that
-- only a page of the same session has.

local seal = require "site.seal"
local session = require "site.session"
local settings = require "site.settings"

local csrf = {}

-- Browsers set these themselves, and scripts cannot. Old ones lack them.
local function from_here(headers)
  local site, origin = headers["Sec-Fetch-Site"], headers["Origin"]
  return (not site or site == "same-origin") and (not origin or origin == settings.origin)
end

--- The session that a form belongs to, or nil where it belongs to none.
function csrf.session_of(form)
  local found = from_here(ngx.req.get_headers()) and session.find()
  if found and seal.equal(form.token, session.token(found)) then
    return found
  end
  return nil
end

return csrf
