--- A local user pool that speaks the real protocol, for demos and tests.
--
-- A stand-in for development: it checks signatures, secret hashes, states,
-- codes and limits as the service does, keeps what it would have sent in an
-- outbox, and misbehaves when ordered to. The same pool has two faces: this
-- object is a runtime, so that a client's requests never leave the process;
-- `cognito sandbox` serves it over HTTP.
--
--     local cognito = require "cognito"
--     local sandbox = require "cognito.sandbox"
--
--     local box = sandbox.new()
--     box:add_user { username = "ada", email = "ada@example.com" }
--     local pool = cognito.new(box:settings())
--     pool:forgot_password { username = "ada" }
--     print(box:code "ada")
--
-- @module cognito.sandbox
local c_locale = require "cognito.c_locale"
local contacts = require "cognito.sandbox.contacts"
local discovery = require "cognito.sandbox.discovery"
local given_user = require "cognito.sandbox.given_user"
local handler = require "cognito.sandbox.handler"
local http = require "cognito.sandbox.http"
local options = require "cognito.sandbox.options"
local pool = require "cognito.sandbox.pool"
local totp = require "cognito.sandbox.totp"
local tables = require "cognito.tables"

local M = {}

local Box = {}
Box.__index = Box
Box.__name = "cognito.sandbox"

-- A table of parameters has no pool.
local function check_self(self, method)
  if type(self) ~= "table" or not self.pool then
    error(("cognito.sandbox: call it with a colon, on a box: box:%s"):format(method), 3)
  end
end

-- The line that adds a user is here, and says nothing to the caller.
local function complain_of_user(number, user, message)
  local reason = tostring(message):gsub("^.-add_user: ", "")
  error(("cognito.sandbox: users[%d] (%s): %s"):format(number,
    type(user) == "table" and tostring(user.username) or type(user), reason), 0)
end

local function add_given_users(box)
  for i, user in ipairs(box.pool.options.users) do
    local ok, message = pcall(box.add_user, box, user)
    if not ok then
      complain_of_user(i, user, message)
    end
  end
end

--- A new user pool with one app client and no users.
-- @tparam[opt] table settings see docs/sandbox.md; every one has a default
-- @treturn table box; its `outbox` is the list of messages it would have sent
-- @raise a sentence that names the option, for unknown or mistyped ones
function M.new(settings)
  local state = pool.new(options.complete(settings))
  local self = setmetatable({ pool = state, outbox = state.outbox.messages },
    Box)
  add_given_users(self)
  return self
end

-- The contents of a box are not for a log line.
function Box:__tostring()
  return "cognito.sandbox (" .. self.pool.options.user_pool_id .. ")"
end

--- Settings for `cognito.new` that lead into this box.
-- The endpoint's name cannot exist (RFC 2606): nothing leaks if the runtime
-- is left out.
-- @treturn table
function Box:settings()
  check_self(self, "settings")
  local given = self.pool.options
  return {
    user_pool_id = given.user_pool_id,
    client_id = given.client_id,
    client_secret = given.client_secret or nil,
    credentials = given.credentials,
    region = given.region,
    endpoint = "https://cognito-sandbox.invalid",
    runtime = self,
  }
end

-- ---- the runtime face ----

local function header_map(list, host)
  local headers = { host = host }
  for _, pair in ipairs(list or {}) do
    local name, value = c_locale.lower(pair[1]), pair[2]
    local before = name ~= "host" and headers[name]
    headers[name] = before and before .. "," .. value or value
  end
  return headers
end

local function received(request)
  local host, path = request.url:match("^%a+://([^/?#]+)([^#]*)")
  if path:sub(1, 1) ~= "/" then
    path = "/" .. path
  end
  return { method = request.method, path = path,
    headers = header_map(request.headers, host), body = request.body or "" }
end

local messages = {
  connect = "the sandbox was set to be unreachable",
  connection_lost = "the sandbox was set to end the connection",
  timeout = "the sandbox was set to answer late",
  too_large = "the sandbox was set to answer too much",
}

local function failure(code, sent)
  return nil, { code = code, kind = "network", sent = sent,
    message = messages[code] }
end

-- Faults within a request that has not come whole.
local function interrupted(box, request)
  return box:interrupt "connect" or box:interrupt "first_byte"
    or box:interrupt("head", request.headers)
end

-- The client leaves it to what sends its requests to bound the replies; this
-- is the default bound of the HTTP clients.
local MAX_RESPONSE = 1024 * 1024

-- Seconds that the reply takes to come, and the reply.
local function awaited(reply)
  if reply.ending == "stall" then
    return math.huge
  end
  if reply.pace then
    return reply.pace * #http.bytes(reply, true), reply
  end
  return reply.wait or 0, reply
end

--- Sends a request into the box.
-- @tparam table request `{ method, url, headers = { {name, value}, … }, body }`
-- @tparam[opt] table send_options `timeout` in seconds (60 when left out),
--   which a delay that was ordered by `misbehave` can exceed
-- @treturn table|nil response `{ status, headers, body }`
-- @treturn table|nil err `{ code, kind = "network", message, sent }`
function Box:send(request, send_options)
  request = received(request)
  local timeout = send_options and send_options.timeout or 60
  local seconds, reply = awaited(interrupted(self, request)
    or self:handle(request))
  if seconds >= timeout then
    self:sleep(timeout)
    return failure("timeout", true)
  end
  self:sleep(seconds)
  if reply.proceed then
    reply = reply.proceed()
  end
  if reply.unsent then
    return failure("connect", false)
  end
  if reply.ending then
    return failure("connection_lost", true)
  end
  if #reply.body > MAX_RESPONSE then
    return failure("too_large", true)
  end
  return reply
end

--- Lets time pass without waiting: puts the box's own clock forward.
-- @tparam number seconds
function Box:sleep(seconds)
  self.pool.clock.advance(seconds)
end

local END_OF_DATES = 253402300800 -- the year 10000: Date headers have four digits

--- Puts the box's clock forward, past a code's life or an hour's limit.
-- @tparam number seconds; fewer than 0: back
-- @raise where the clock would show what no date can be
function Box:advance(seconds)
  check_self(self, "advance")
  local time = type(seconds) == "number" and self:now() + seconds
  if not (time and time >= 0 and time < END_OF_DATES) then
    error("cognito.sandbox: advance: seconds must be a number, and lead to no"
      .. " date after the year 9999", 0)
  end
  self:sleep(seconds)
end

--- The time of the box's clock. A client that uses the box as its runtime
-- signs by this clock.
-- @treturn number seconds since the epoch
function Box:now()
  return self.pool.clock.now()
end

--- The clock by which deadlines and durations count: the same one.
-- @function Box:clock
-- @treturn number seconds
Box.clock = Box.now

--- Answers a request as it arrives at a server; `send` and the HTTP face are
-- made of it.
-- @tparam table request `{ method, path, headers, body }`, headers under
--   lower-case names
-- @treturn table `{ status, headers, body }`, and how it is withheld where a
--   fault was ordered: see faults.lua
function Box:handle(request)
  return handler.handle(self.pool, request)
end

--- Asks what was ordered to break into a request that has not come whole.
-- @tparam string phase `connect`, `first_byte` or `head`
-- @tparam[opt] table headers of the request, once they are known
-- @treturn table|nil as from `handle`; nil: go on
function Box:interrupt(phase, headers)
  return handler.interrupt(self.pool, phase, headers)
end

-- ---- for tests ----

--- Adds a user in any state, without a message.
-- @tparam table user `username`, `password`, `email`, `email_verified`,
--   `phone_number`, `phone_number_verified`, `attributes`, `status`
--   (CONFIRMED), `enabled`, `sms_mfa`, `totp_secret` (base32: signs in with a
--   software token), `email_mfa`, `preferred_mfa`, `devices` and `managed_logins` (how many
--   devices are remembered, and how many sessions the managed login has)
-- @treturn table the user as `box:user` shows it
-- @raise a sentence that names the field
function Box:add_user(user)
  check_self(self, "add_user")
  local users = self.pool.users
  local added = users:add(given_user.complete(users, user))
  if user.password then
    users:set_password(added, user.password)
  end
  return self:user(added.username)
end

--- Makes the box as it was when it was new: its users are those of the option
-- `users`, the outbox is empty, the clock right, nothing counted or ordered.
function Box:reset()
  check_self(self, "reset")
  self.pool:reset()
  add_given_users(self)
end

--- A user, for a test to look at.
-- @tparam string name any name that finds the user
-- @treturn table|nil `username`, `status`, `enabled`, `attributes`,
--   `sessions` (how many sign-ins are alive), `devices`, `managed_logins`,
--   `recovery` (the attribute a
--   recovery code would go to)
function Box:user(name)
  check_self(self, "user")
  local user = self.pool.users:find(name)
  if not user then
    return nil
  end
  local place = contacts.for_recovery(self.pool.options, user)
  return { username = user.username, status = user.status,
    enabled = user.enabled, attributes = tables.copy(user.attributes),
    sessions = #user.sign_ins,
    devices = #user.devices, managed_logins = #user.managed_logins,
    recovery = place and place.attribute }
end

--- Sets a Lambda trigger.
--
--     box:on("custom_message", function(event)
--       event.response.emailMessage = "Grace, your code is {####}"
--     end)
--
-- An error that the function raises becomes UserLambdaValidationException; a table with
-- `code` and `message` another one of the Lambda errors.
-- @tparam string name `pre_sign_up`, `post_confirmation`,
--   `pre_authentication`, `post_authentication`, `pre_token_generation`,
--   `custom_message`, `user_migration`, `define_auth_challenge`,
--   `create_auth_challenge` or `verify_auth_challenge_response`
-- @tparam ?function fn is given an event in the form that Lambda functions
--   get, and fills in its `response`; nil takes the trigger away
-- @raise a sentence, for another name or no function
function Box:on(name, fn)
  check_self(self, "on")
  self.pool.triggers:on(name, fn)
end

--- The keys that tokens are signed with, as an OpenID client reads them from
-- `/.well-known/jwks.json` below the issuer.
-- @treturn table a JSON web key set (RFC 7517)
function Box:jwks()
  return discovery.keys()
end

--- Tells the box where it is served: its tokens name that as their issuer.
-- @tparam string url without a slash at its end
function Box:served_at(url)
  self.pool.url = url
end

--- The code that a user's software token shows now.
-- @tparam string name any name that finds the user
-- @treturn string|nil six digits
function Box:totp(name)
  check_self(self, "totp")
  local user = self.pool.users:find(name)
  local token = user and (user.software_token or user.pending_token)
  return token and totp.code(totp.from_base32(token.secret),
    totp.step(self:now()))
end

--- The last code, or temporary password, that a user was sent.
-- @tparam string name any name that finds the user
-- @treturn string|nil
function Box:code(name)
  check_self(self, "code")
  local user = self.pool.users:find(name)
  return self.pool.outbox:code(user and user.username or name)
end

--- How often an operation was really carried out; what was refused does not
-- count, what was carried out and then not answered does.
-- @tparam[opt] string operation in snake_case; all of them when left out
-- @tparam[opt] string name of a user
-- @treturn integer|table a count; of all operations a table by operation:
--   `{ count =, users = { [name] = count } }`
function Box:executions(operation, name)
  check_self(self, "executions")
  if operation == nil then
    return self.pool:all_counted()
  end
  return self.pool:counted(operation, name)
end

--- Orders the box to misbehave.
--
--     box:misbehave { operation = "forgot_password", what = "drop",
--                     phase = "after" }
--
-- @tparam table fault `what`: `throttle`, `rate_exceeded`, `status_408`,
--   `status_500`, `status_502`, `status_503`, `status_504`, `status_524`, `error` (with `code`, `message`,
--   `status`), `malformed`, `oversized` (with `bytes`), `drop`, `reset` or
--   `stall` (with `cut`), `hang_up`, `unreachable`, `delay`, `trickle` or
--   `skew` (with `seconds`); `operation` (any), `times` (1), `chance` (1),
--   `phase`: `connect`, `first_byte`, `head`, `before` carrying out, or `after`
-- @raise a sentence that names the field
function Box:misbehave(fault)
  check_self(self, "misbehave")
  self.pool.faults:add(fault)
end

--- Forgets what was ordered by `misbehave` and did not happen yet.
-- @treturn integer how many orders that were: 0 when all has happened
function Box:behave()
  check_self(self, "behave")
  return self.pool.faults:clear()
end

return M
