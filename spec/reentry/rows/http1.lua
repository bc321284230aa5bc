--- Rows of HTTP/1.1 without sockets.
local core = require "cognito.core"
local World = require "spec.reentry.world"

local M = {}

local FIXED = "t0000000" -- the bytes are compared

local REPLY = "HTTP/1.1 200 OK\r\n" .. ("x-long: " .. World.long "value" .. "\r\n"):rep(3)
  .. "content-length: 600\r\n\r\n" .. ("reply "):rep(100)

-- One that has written a request and read so much of the reply. Finalizers use
-- it again.
local function reading(world, bytes)
  local object = core.http1(65536)
  assert(object:write(World.request(FIXED)))
  object:feed(bytes)
  world.reading = object
  return object
end

M.http1 = { shown = type, make = function() return core.http1, 65536 end }

-- Where the two pieces of a request meet is chance.
local function whole(pieces, ...)
  return type(pieces) == "table" and table.concat(pieces), ...
end

M["http1:write"] = { shown = whole, make = function(world)
  local object = reading(world, "")
  return object.write, object, world:given(World.request(FIXED))
end }

M["http1:write (refused)"] = { of = "http1:write", make = function(world)
  local object, request = reading(world, ""), World.request(FIXED)
  request.headers[3] = { "X-Bad", World.long "a" .. "\n" }
  return object.write, object, world:given(request)
end }

M["http1:load"] = { shown = function(bytes, url, ...)
  return #whole(bytes), type(url), ...
end, make = function(world, tag)
  local object = reading(world, "")
  return object.load, object, world:prepared(tag)
end }

M["http1:feed"] = function(world)
  local object = reading(world, REPLY:sub(1, 20))
  return object.feed, object, REPLY:sub(21)
end

M["http1:feed (refused)"] = { of = "http1:feed", make = function(world)
  local object = reading(world, REPLY:sub(1, 20))
  return object.feed, object, "no header\r\n"
end }

M["http1:finish"] = function(world)
  local object = reading(world, REPLY:sub(1, -2))
  return object.finish, object, true
end

M["http1:keeps"] = function(world)
  local object = reading(world, REPLY)
  return object.keeps, object
end

M["http1:response"] = function(world)
  local object = reading(world, REPLY)
  return object.response, object, true
end

M["http1:answer"] = function(world, tag)
  local object = reading(world, REPLY)
  return object.answer, object, world:prepared(tag), 1, 2, 3, 4
end

M["http1.__gc"] = function(world)
  local object = reading(world, REPLY)
  return getmetatable(object).__gc, object
end

return M
