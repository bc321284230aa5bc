--- By whom nginx's limit_req counts: by address and by the name that was typed.
-- It looks at them before a handler runs, so they are found in the rewrite phase.

local forms = require "site.forms"
local guard = require "site.guard"
local seal = require "site.seal"
local session = require "site.session"

local limits = {}

-- A household has a whole /64 of IPv6.
local function network(address)
  return #address == 16 and address:sub(1, 8) or address
end

--- The key that a name is counted under. Names never stand in shared memory,
-- and upper case makes no second name of the first.
function limits.user_key(username)
  return seal.of("user", username:lower())
end

--- Sets the variables that the limits in nginx.conf count by. An empty one is
-- not counted: looking at a page costs nothing.
-- @function limits.find_keys
limits.find_keys = guard(function()
  if ngx.req.get_method() ~= "POST" then
    return
  end
  ngx.var.address_key = network(ngx.var.binary_remote_addr)
  local form = forms.read()
  if form and form.username ~= "" then
    ngx.var.user_key = limits.user_key(form.username)
  end
end)

--- The same for the answer to a challenge, which names no user: it is counted by
-- the visitor's session, which began with that user's password.
-- @function limits.find_keys_of_visitor
limits.find_keys_of_visitor = guard(function()
  limits.find_keys()
  local visitor = ngx.req.get_method() == "POST" and session.find()
  if visitor then
    ngx.var.user_key = seal.of("visitor", visitor.id)
  end
end)

return limits
