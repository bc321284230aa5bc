--- The visitor's session: who they said they are, in a sealed cookie. The
-- server keeps nothing, and the name never stands in a URL.

local cookies = require "site.cookies"
local kept = require "site.kept"
local seal = require "site.seal"

local session = {}

local LIFETIME = 3600 -- seconds, as long as a code for a new password lives

local COOKIE = "recovery"

-- id.expiry.username, and the seal of these.
local function write(id, username)
  local text = ("%s.%d.%s"):format(id, ngx.time() + LIFETIME, seal.encode(username))
  return text .. "." .. seal.of("session", text)
end

local function read(cookie)
  local text, id, expiry, username, sealed = cookie:match "^(([%w_-]+)%.(%d+)%.([%w_-]*))%.([%w_-]+)$"
  if not text or not seal.equal(sealed, seal.of("session", text)) or tonumber(expiry) < ngx.time() then
    return nil
  end
  return { id = id, username = seal.decode(username) }
end

local function set_cookie(found)
  cookies.set(COOKIE, write(found.id, found.username), LIFETIME)
end

--- The session of this request, or nil.
function session.find()
  local cookie = cookies.find(COOKIE)
  return cookie and read(cookie)
end

--- Begins one without a name, in place of any that there is: what the server keeps
-- for that one is forgotten, so that its cookie is worth nothing where it was copied.
function session.begin()
  local former = session.find()
  if former then kept.forget(former) end
  -- nginx makes request ids of 128 random bits; logs have them, hence the seal.
  local found = { id = seal.of("id", ngx.var.request_id), username = "" }
  set_cookie(found)
  return found
end

--- Remembers a name for the next page.
function session.remember(found, username)
  found.username = username
  set_cookie(found)
end

--- What a form of this session carries, so that no other site can send it.
function session.token(found)
  return seal.of("form", found.id)
end

return session
