--- A name server on a port of 127.0.0.1 that it prints. It ends with its
-- standard input.
--
-- Names that end in "silent" get no answer, names that end in "nowhere" do not
-- exist, any other leads to 127.0.0.1. Names with the label "half" lead to
-- 127.0.0.2 as well, names with the label "both" to ::1.

local peers = require "spec.support.peers"
local socket = require "socket"

local function name_of(question)
  local labels, at = {}, 1
  while question:byte(at) ~= 0 do
    local length = question:byte(at)
    labels[#labels + 1] = question:sub(at + 1, at + length)
    at = at + length + 1
  end
  return table.concat(labels, "."), question:sub(1, at + 4), question:byte(at + 2)
end

local A, AAAA = 1, 28 -- kinds of records

local function addresses(name, kind)
  if kind == AAAA then
    return name:find "%f[%w]both%f[%W]" and { ("\0"):rep(15) .. "\1" } or {}
  elseif kind ~= A then
    return {}
  end
  return name:find "%f[%w]half%f[%W]" and { "\127\0\0\1", "\127\0\0\2" } or { "\127\0\0\1" }
end

-- RFC 1035, section 4: what this server knows is good for a minute.
local function answer(query)
  local name, question, kind = name_of(query:sub(13))
  local function reply(code, records)
    return query:sub(1, 2) .. "\129" .. string.char(128 + code) .. "\0\1\0" .. string.char(#records) .. "\0\0\0\0"
      .. question .. table.concat(records)
  end
  if name:find "silent$" then return nil end
  if name:find "nowhere$" then return reply(3, {}) end
  local records = {}
  for i, address in ipairs(addresses(name, kind)) do
    records[i] = "\192\12\0" .. string.char(kind) .. "\0\1\0\0\0\60\0" .. string.char(#address) .. address
  end
  return reply(0, records)
end

local server = assert(socket.udp())
assert(server:setsockname("127.0.0.1", 0))
io.stdout:write(select(2, server:getsockname()), "\n")
io.stdout:flush()

local stdin = peers.descriptor(function() return 0 end)
while true do
  local readable = socket.select { server, stdin }
  if readable[stdin] then return end
  local query, from, port = server:receivefrom()
  local reply = query and answer(query)
  if reply then server:sendto(reply, from, port) end
end
