--- A browser that the pool remembers: it proves itself by a password of its own in
-- place of the second factor. The password lives in a cookie of that browser, for one
-- user, and nowhere on the server.

local cookies = require "site.cookies"
local log = require "site.log"
local recovery = require "cognito.recovery"
local seal = require "site.seal"
local settings = require "site.settings"

local device = {}

local COOKIE = "device"
local FIELDS = { "key", "group_key", "password" }
local DAY = 24 * 3600

-- Another name of the same user is another one here: that costs a code, no more.
local function owner(username)
  return seal.of("device of", username:lower())
end

--- Whether visitors may have their browsers remembered.
device.offered = settings.remember_days ~= nil

-- expiry.owner.key.group_key.password, and the seal of these.
local function write(username, found, expiry)
  local parts = { ("%d"):format(expiry), owner(username) }
  for _, name in ipairs(FIELDS) do parts[#parts + 1] = seal.encode(found[name]) end
  local text = table.concat(parts, ".")
  return text .. "." .. seal.of("device", text)
end

local function read(cookie, username)
  local text, expiry, of, rest, sealed = cookie:match "^((%d+)%.([%w_-]+)%.([%w_.-]+))%.([%w_-]+)$"
  if not text or not seal.equal(sealed, seal.of("device", text)) or tonumber(expiry) < ngx.time()
    or not seal.equal(of, owner(username)) then
    return nil
  end
  local found, i = {}, 0
  for part in rest:gmatch "[^.]+" do
    i = i + 1
    found[FIELDS[i] or i] = seal.decode(part)
  end
  return found
end

--- The device of this browser, as `recovery.sign_in` takes it.
-- @tparam string username that the visitor typed
-- @treturn ?table
function device.find(username)
  local cookie = device.offered and cookies.find(COOKIE)
  return cookie and read(cookie, username) or nil
end

--- Takes the cookie away, where there is one.
function device.drop()
  if cookies.find(COOKIE) then
    cookies.set(COOKIE, "", 0)
  end
end

--- Has the pool remember this browser. The visitor is signed in all the same where it
-- does not.
-- @tparam string username that the visitor typed
-- @tparam table tokens of the service's last reply
function device.remember(username, tokens)
  local found, err = recovery.remember_device(settings.pool, tokens, settings.name)
  if err then
    log(ngx.var.request_id, "device not remembered for certain: " .. err.code)
  end
  if found then
    local seconds = settings.remember_days * DAY
    cookies.set(COOKIE, write(username, found, ngx.time() + seconds), seconds)
  end
  return found
end

return device
