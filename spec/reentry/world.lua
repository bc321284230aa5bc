--- The objects of one cell of the matrix: an http object, requests whose
-- every part carries one tag, and a record of what was started and taken.
--
-- The strings of a request are held by its tables alone: what C still points
-- to after they were changed is gone.
local core = require "cognito.core"

local M = {}
M.__index = M

local url = assert(os.getenv "REENTRY_URL", "start it with spec/reentry/run.py")

--- A directory that goes when the matrix ends.
M.folder = os.getenv "REENTRY_FOLDER"
assert(core.write_private(M.folder .. "/read-" .. ("f"):rep(50), ("data "):rep(100)))

local serial = 0
local kept -- an http object, until a cell closes it

local function open_http()
  if not kept or tostring(kept):find "closed" then
    kept = core.http { timeout = 20 }
  end
  return kept
end

--- A world for one cell.
function M.new()
  return setmetatable({ http = open_http(), args = {}, started = {}, entries = {}, taken = {}, problems = {} }, M)
end

--- Another tag at each call. Its first letter is all that the server knows of
-- its kind: "t", or "m" where a finalizer may have mixed requests.
function M.tag(letter)
  serial = serial + 1
  return ("%s%07d"):format(letter or "t", serial)
end

--- A long string with the tag in front, which only the caller has.
function M.long(tag)
  return tag .. ("-"):rep(60)
end

--- Where the server expects the tag.
function M.url(tag)
  return url .. "/" .. tag
end

--- A request as http:send takes it.
function M.request(tag)
  return {
    method = "POST", url = url .. "/" .. tag, body = ('{"Username":"%s"}'):format(M.long(tag)),
    headers = { { "Content-Type", "application/json" }, { "X-Tag", M.long(tag) } },
  }
end

--- A context as core.build takes it.
function M:context(tag, more)
  local context = {
    endpoint = url .. "/" .. tag, region = "eu-west" .. "-1", http = self.http, time = 1795247391,
    client_id = M.long "client", client_secret = M.long "secret", user_pool_id = "eu-west-1_" .. ("p"):rep(50),
    credentials = {
      access_key_id = M.long(tag), secret_access_key = M.long(tag), session_token = M.long(tag),
    },
  }
  for name, value in pairs(more or {}) do
    context[name] = value
  end
  return context
end

--- An exchange, prepared. Finalizers use it again.
function M:prepared(tag)
  local exchange, context = core.exchange(), self:context(tag)
  assert(exchange:prepare("admin_get_user", { username = M.long(tag) }, core.caller(context), nil, nil,
    context.credentials, context.time))
  exchange:header("X-Tag", M.long(tag))
  self.in_hand = exchange
  return exchange
end

--- Remembers tables that finalizers change.
-- @return the tables
function M:given(...)
  for i = 1, select("#", ...) do
    self.args[i] = select(i, ...)
  end
  return ...
end

--- Notes what is wrong; only the first thing is shown.
function M:complain(...)
  self.problems[#self.problems + 1] = table.concat({ ... }, " ")
end

local function tag_of(reply)
  return reply.headers["x-amzn-requestid"]
end

--- A request sent and checked, by a finalizer.
function M:send()
  local tag = M.tag()
  local reply, err = self.http:send(M.request(tag))
  if not reply then
    self:complain("a finalizer's request failed:", err.code, err.message)
  elseif tag_of(reply) ~= tag then
    self:complain("a finalizer got the reply to", tag_of(reply), "instead of", tag)
  end
end

--- A request started.
function M:start()
  local tag = M.tag()
  self:note_start(tag, self.http:start(M.request(tag)))
end

function M:note_start(tag, id, err, exchange)
  if not id then
    self:complain("not started:", err.message)
  elseif self.started[id] then
    self:complain("an id for two requests:", id)
  else
    self.started[id], self.entries[id] = tag, { id = id, exchange = exchange }
  end
end

-- In the form of a response.
local function reply_of(exchange)
  local result = exchange:parse()
  return { headers = { ["x-amzn-requestid"] = result and result.Tag or "an error" } }
end

--- The outcomes that http:take returned, or http:land.
function M:note_take(id, reply, err)
  if not id then
    return false
  end
  local tag = self.started[id]
  if reply == true then
    reply = reply_of(self.in_hand)
  end
  if self.taken[id] then
    self:complain("taken twice:", id)
  elseif reply and tag and tag_of(reply) ~= tag and not tag_of(reply):find "^m" then
    self:complain("took the reply to", tag_of(reply), "instead of", tag)
  elseif err and err.code ~= "aborted" then
    self:complain("a request failed:", err.code, err.message)
  end
  self.taken[id] = true
  return true
end

function M:take()
  return self:note_take(self.http:take())
end

function M:take_all()
  while self:take() do end
end

--- Every request that was started comes out once.
function M:drain()
  if tostring(self.http):find "closed" then
    return
  end
  repeat
    self.http:step(5)
    self:take_all()
  until self.http:stats().in_flight == 0
  for id, tag in pairs(self.started) do
    if not self.taken[id] then
      self:complain("never taken:", id, tag)
    end
  end
end

--- The faults that the server found since the last time, "" for none.
function M.server_complaints()
  return assert(open_http():send { method = "GET", url = url .. "/wrong" }).body
end

return M
