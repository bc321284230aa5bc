--- The site's cookies: for this host only, out of scripts' reach, and sent with
-- requests of its own pages alone.

local settings = require "site.settings"

local cookies = {}

-- With the prefix browsers make sure that no neighbouring host has set it.
local function full(name)
  return (settings.secure and "__Host-" or "") .. name
end

--- The value of a cookie of this request, or nil. nginx's own variables read
-- `__host-` as `__Host-`, and older browsers let a neighbouring host set that one.
-- @tparam string name
-- @treturn ?string
function cookies.find(name)
  local wanted = full(name)
  for pair in (ngx.var.http_cookie or ""):gmatch "[^;]+" do
    local found, value = pair:match "^%s*([^=%s]+)=(.*)$"
    if found == wanted then
      return value
    end
  end
  return nil
end

-- In the order in which they were first set; the last value of each counts.
local function lines_of(set)
  local lines = {}
  for i, name in ipairs(set) do lines[i] = set[name] end
  return lines
end

--- Sets a cookie.
-- @tparam string name
-- @tparam string value
-- @tparam integer seconds that it lives; 0 takes it away
function cookies.set(name, value, seconds)
  local set = ngx.ctx.cookies or {}
  ngx.ctx.cookies = set
  if not set[name] then set[#set + 1] = name end
  set[name] = ("%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"):format(full(name), value, seconds,
    settings.secure and "; Secure" or "")
  ngx.header["Set-Cookie"] = lines_of(set)
end

--- The cookies that this request has set, for another request of the same visitor.
-- @treturn string
function cookies.pack()
  return table.concat(lines_of(ngx.ctx.cookies or {}), "\n")
end

--- Sets them.
-- @tparam string packed
function cookies.unpack(packed)
  local lines = {}
  for line in packed:gmatch "[^\n]+" do lines[#lines + 1] = line end
  if lines[1] then ngx.header["Set-Cookie"] = lines end
end

return cookies
