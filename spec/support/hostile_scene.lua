--- Shared by the specs of hostile servers: the http object and the server of
-- each spec, and the three ways in which a row is played.
--
-- A row runs as the first reply of all, as the second one of a kept connection,
-- and as the first of a new connection whose http object has had a reply
-- before. libcurl 7.83 to 8.0 freed twice when an easy handle had had a reply
-- and the next one began with a folded line; the rows ran on fresh handles
-- only, and did not see it.

local assert = require "luassert"
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"
local proc = require "spec.support.proc"

local M = {}

M.SHORT = 1 -- seconds: the timeout of a row that only time ends
M.LONG = 30 -- the timeout of a row that must end before it
M.OK = "HTTP/1.1 200 OK\r\n"
M.CHUNKED = M.OK .. "Transfer-Encoding: chunked\r\n\r\n"

-- The replies before the row's. The server waits for the second request's
-- first byte, or it would turn hostile while no request is under way.
local ways = {
  { name = "", is_first = true },
  { name = ", after a reply on the same connection", kept = true },
  { name = ", after a reply on another connection", renewed = true },
}

--- Checks an outcome of an http object: a network fault.
-- @tparam string code
-- @tparam boolean sent whether bytes may have left
-- @param response nil
-- @tparam table err
function M.assert_fault(code, sent, response, err)
  assert.is_nil(response)
  assert.equal(code, err.code, err.message)
  assert.equal("network", err.kind)
  assert.equal(sent, err.sent)
end

--- A script that reads the request, sends a text and ends so.
-- @tparam string text
-- @tparam string ending the method of the peer that ends it
-- @treturn function
function M.says(text, ending)
  return function(peer)
    peer:request()
    peer:send(text)
    peer[ending](peer)
  end
end

local function well_behaved(peer)
  peer:request()
  peer:send(M.OK .. "Content-Length: 4\r\n\r\ngood")
  peer:stall()
end

-- A reply of the usual kind.
local function first(peer)
  peer:request()
  peer:send(M.OK .. "X-Request-Number: 1\r\nContent-Length: 5\r\n\r\nfirst")
end

--- A script of which the first reply is of the usual kind.
-- @tparam function script for the second request
-- @treturn function
function M.first_of_two(script)
  return function(peer)
    first(peer)
    peer:await(1)
    script(peer)
  end
end

--- A script of one reply of the usual kind, after which the connection ends.
-- @tparam table peer
function M.first_and_last(peer)
  first(peer)
  peer:close()
end

local Scene = {}
Scene.__index = Scene

--- Describes rows three times, once for each way.
-- @tparam string name
-- @tparam function rows gets whether this is the first time
function Scene:describe_ways(name, rows)
  for i, way in ipairs(ways) do
    self.busted.describe(name .. way.name, function()
      self.busted.before_each(function() self.way = way end)
      rows(i == 1)
    end)
  end
end

function Scene:post(body)
  return { method = "POST", url = self.server:url(), headers = {}, body = body or "{}" }
end

--- The next call, over a connection of its own, succeeds.
function Scene:assert_usable()
  local before = self.server.accepted
  self.server.script = well_behaved
  local response = assert(self.server:exchange(self.http, self:post()))
  assert.equal("good", response.body)
  if not self.way.kept then -- else libcurl may have opened one in vain
    assert.equal(before + 1, self.server.accepted)
  end
end

-- Plays the replies before the row's; the script is for the request after them.
function Scene:begin(script)
  local server, way = self.server, self.way
  if way.is_first then
    server.script = script
    return
  end
  server.script = way.kept and M.first_of_two(script) or M.first_and_last
  assert.equal("first", assert(server:exchange(self.http, self:post())).body)
  server.script = way.kept and server.script or script
end

--- One request while the server plays the script. Bounded: in time by the
-- timeout (the server gives up long after it), in memory by max_response,
-- which is a small part of what some servers send.
-- @tparam function script
-- @tparam number timeout
-- @tparam[opt] table request
-- @return response, error
function Scene:play(script, timeout, request)
  self.http = core.http { timeout = timeout }
  self:begin(script)
  local memory = proc.memory()
  local response, err = self.server:exchange(self.http, request or self:post(), { all_headers = true })
  assert.is_true(proc.memory() - memory < proc.margin())
  return response, err
end

--- A scene for the specs of a file: each gets a server, and both it and the
-- http object are closed afterwards.
-- @tparam table busted its `describe`, `before_each` and `after_each`
-- @treturn table scene: `server`, `http`, `way`
function M.scene(busted)
  local scene = setmetatable({ busted = busted }, Scene)
  busted.before_each(function() scene.server = hostile_server.listen() end)
  busted.after_each(function()
    scene.server:stop()
    scene.http:close()
  end)
  return scene
end

return M
