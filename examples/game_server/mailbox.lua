--- The players' letter boxes: the local user pool's outbox, over HTTP.

local core = require "cognito.core"
local json = require "cjson"

local M = {}

local INTERVAL = 0.2 -- seconds between two looks

local mailbox = {}
local mailbox_mt = { __index = mailbox }

local function post(self, path, order)
  local response, err = self.http:send({
    method = "POST", url = self.url .. path, body = json.encode(order),
    headers = { { "Content-Type", "application/json" } },
  }, {})
  assert(response and response.status == 200, err and err.message or response and response.body)
end

--- Makes a user with an address.
-- @tparam string username
function mailbox:add_user(username)
  post(self, "/users", { username = username, password = "Forgotten-" .. username, email = username .. "@example.com" })
end

--- Makes the pool as slow as one far away.
-- @tparam number seconds that it takes to answer
function mailbox:slow_down(seconds)
  post(self, "/misbehave", { what = "delay", seconds = seconds, times = 1e9 })
end

local function sort(self, response)
  for _, message in ipairs(json.decode(response.body)) do
    self.codes[message.username] = message.code
  end
end

--- Looks for letters now and then, without waiting.
-- @tparam number now seconds
function mailbox:look(now)
  if not self.looking and now >= self.due then
    self.due, self.looking = now + INTERVAL, true
    assert(self.http:start({ method = "GET", url = self.url .. "/outbox", headers = {} }, {}))
  end
  self.http:step(0)
  local id, response, err = self.http:take()
  if id then
    self.looking = false
    sort(self, assert(response, err and err.message))
  end
end

--- The last code that a user was sent.
-- @tparam string username
-- @treturn ?string
function mailbox:code(username)
  return self.codes[username]
end

--- Makes one.
-- @tparam string url of the local user pool
-- @treturn table
function M.new(url)
  return setmetatable({ http = core.http { max_response = 16 * 2 ^ 20 }, url = url, codes = {}, due = 0 }, mailbox_mt)
end

return M
