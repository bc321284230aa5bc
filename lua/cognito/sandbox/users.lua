--- The users of the pool: finding them by any of their names, and the state
-- each is in.
-- @module cognito.sandbox.users
local native = require "cognito.native"
local srp = require "cognito.sandbox.srp"
local unicode = require "cognito.unicode"

local M = {}

local Users = {}
Users.__index = Users

--- An empty pool.
-- @tparam table options complete options
-- @tparam table clock the sandbox's clock
-- @tparam table random the sandbox's stream
-- @treturn table
function M.new(options, clock, random)
  return setmetatable({ options = options, clock = clock, random = random,
    list = {}, by_name = {}, by_sub = {} }, Users)
end

-- A name as this pool compares names.
function Users:fold(name)
  if self.options.case_sensitive then
    return name
  end
  return unicode.lower(name)
end

function Users:same(a, b)
  return a ~= nil and self:fold(a) == self:fold(b)
end

function Users:by_test(test)
  for _, user in ipairs(self.list) do
    if test(user) then
      return user
    end
  end
end

-- The subject of a federated user belongs to its provider's name.
local function local_user(self, sub)
  local user = self.by_sub[sub]
  return user and user.status ~= "EXTERNAL_PROVIDER" and user or nil
end

-- An alias counts once it is verified; preferred_username needs no
-- verification, only a confirmed user.
local function alias_usable(user, attribute)
  if attribute == "preferred_username" then
    return user.status ~= "UNCONFIRMED"
  end
  return user.attributes[attribute .. "_verified"] == "true"
end

--- The user who may use an attribute's value as a name.
-- @tparam string attribute
-- @tparam string value
-- @treturn table|nil
function Users:by_alias(attribute, value)
  return self:by_test(function(user)
    return self:same(user.attributes[attribute], value)
      and alias_usable(user, attribute)
  end)
end

--- The user whose attribute has a value, verified or not.
-- @tparam string attribute
-- @tparam string value
-- @treturn table|nil
function Users:by_attribute(attribute, value)
  return self:by_test(function(user)
    return self:same(user.attributes[attribute], value)
  end)
end

--- The user that a request's Username means.
-- @tparam string name username, sub, alias, or contact in a pool that takes
--   contacts for usernames
-- @treturn table|nil
function Users:find(name)
  local user = self.by_name[self:fold(name)] or local_user(self, name)
  if user then
    return user
  end
  for _, attribute in ipairs(self.options.username_attributes) do
    user = self:by_attribute(attribute, name)
    if user then
      return user
    end
  end
  for _, attribute in ipairs(self.options.alias_attributes) do
    user = self:by_alias(attribute, name)
    if user then
      return user
    end
  end
end

--- Whether a user has this username.
-- @tparam string username
-- @treturn boolean
function Users:is_taken(username)
  return self.by_name[self:fold(username)] ~= nil
end

-- So many devices or sessions, which no sign-in has left behind.
function Users:declared(count, form)
  local list, now = {}, self.clock.now()
  for i = 1, count or 0 do
    list[i] = { id = form:format(self.random:uuid()), began = now,
      active = now }
  end
  return list
end

--- Adds a user.
-- @tparam table user username, status, attributes and maybe more
-- @treturn table the same, complete
function Users:add(user)
  local now = self.clock.now()
  user.attributes.sub = user.attributes.sub or self.random:uuid()
  user.username = user.username or user.attributes.sub
  if user.enabled == nil then
    user.enabled = true
  end
  user.created, user.modified = now, now
  user.codes = {}
  user.sign_ins = {}
  user.devices = self:declared(user.devices, "us-east-1_%s")
  user.managed_logins = self:declared(user.managed_logins, "%s")
  for _, session in ipairs(user.managed_logins) do
    session.managed = true
  end
  self.list[#self.list + 1] = user
  self.by_name[self:fold(user.username)] = user
  self.by_sub[user.attributes.sub] = user
  return user
end

--- Takes a user away.
-- @tparam table user
function Users:remove(user)
  self.by_name[self:fold(user.username)] = nil
  self.by_sub[user.attributes.sub] = nil
  for i, each in ipairs(self.list) do
    if each == user then
      table.remove(self.list, i)
      return
    end
  end
end

--- Notes that a user was changed.
-- @tparam table user
function Users:touch(user)
  user.modified = self.clock.now()
end

--- Moves a user to a state.
-- @tparam table user
-- @tparam string status a UserStatus
function Users:move(user, status)
  user.status = status
  self:touch(user)
end

--- Gives a user a password; only hashes are kept.
-- @tparam table user
-- @tparam string password
-- @tparam[opt] number lifetime seconds, of a temporary one
function Users:set_password(user, password, lifetime)
  local salt = self.random:bytes()
  user.password = {
    salt = salt,
    hash = native.hmac_sha256(salt, password),
    identity = srp.identity(self.options, user.username, password),
    expires = lifetime and self.clock.now() + lifetime,
  }
  self:touch(user)
end

--- Whether this is the user's password.
-- @tparam table user
-- @tparam string password
-- @treturn boolean
function Users:has_password(user, password)
  local kept = user.password
  return kept ~= nil
    and native.hmac_sha256(kept.salt, password) == kept.hash
end

--- Whether a temporary password has run out.
-- @tparam table user
-- @treturn boolean
function Users:password_expired(user)
  local expires = user.password.expires
  return expires ~= nil and self.clock.now() >= expires
end

return M
