--- Replies that the client's own request spells out: its path is a script, in
-- hexadecimal JSON. So a spec says byte by byte what a client gets to see,
-- also where client and server are in other processes.
--
-- A script: `name`, and `replies`, one for each request to come; the last one
-- is for all further ones. A reply is a list of texts, sent one after the
-- other; then the connection is kept open, or what `ending` says: "close",
-- "reset", "hang" (silence). With `forever` a text is repeated until the client
-- has had enough; with `awaits = { name, count }` nothing is sent before the
-- script of that name has received so many requests. In a text, %CONNECTION%
-- stands for the number of the connection, as twelve digits.
local cjson = require "cjson"

local M = {}

local received = {} -- by the script's name

-- ---- for clients ----

-- In JSON a table is either a list or none.
local function for_json(reply)
  if type(reply) == "string" then
    reply = { reply }
  end
  local texts = {}
  for i, text in ipairs(reply) do texts[i] = text end
  return {
    texts = texts[1] and texts, ending = reply.ending, forever = reply.forever, awaits = reply.awaits,
  }
end

--- The path of a script.
-- @tparam string name
-- @tparam table replies
-- @treturn string
function M.path(name, replies)
  local script = { name = name, replies = {} }
  for i, reply in ipairs(replies) do script.replies[i] = for_json(reply) end
  local text = cjson.encode(script)
  return "/script/" .. text:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
end

--- The path under which the requests of a script can be had: a JSON list of
-- `{ bytes, connection, answered }`, where connections are numbered.
-- @tparam string name
-- @treturn string
function M.received_path(name)
  return "/received/" .. name
end

-- ---- for http_server.lua ----

local function decode(hex)
  return cjson.decode((hex:gsub("%x%x", function(byte) return string.char(tonumber(byte, 16)) end)))
end

local endings = {}

function endings.close()
  return false
end

function endings.reset(c)
  c:reset_at_end()
  return false
end

function endings.hang(c)
  c:hang()
  return false
end

local function has_received(name, count)
  return #(received[name] or {}) >= count
end

local function play(c, reply, record, sleep)
  while reply.awaits and not has_received(reply.awaits[1], reply.awaits[2]) do
    sleep(0.005)
  end
  for i, text in ipairs(reply.texts or {}) do
    if i > 1 then sleep(0.005) end
    c:send((text:gsub("%%CONNECTION%%", ("%012d"):format(c.number))))
  end
  record.answered = true
  while reply.forever do
    c:send(reply.forever)
    sleep(0)
  end
  return not reply.ending or endings[reply.ending](c)
end

--- Answers what is a script, or asks for what one has received.
-- @tparam table c connection
-- @tparam table request `path`, `bytes`
-- @tparam function sleep
-- @treturn ?boolean whether the connection is kept; nil: it is neither
function M.answer(c, request, sleep)
  local hex = request.path:match "^/script/(%x+)/?$"
  if hex then
    local script = decode(hex)
    local list = received[script.name] or {}
    received[script.name] = list
    local record = { bytes = request.bytes, connection = c.number, answered = false }
    list[#list + 1] = record
    return play(c, script.replies[math.min(#list, #script.replies)], record, sleep)
  end
  local name = request.path:match "^/received/(.+)$"
  if name then
    c:reply("200 OK", nil, received[name] and cjson.encode(received[name]) or "[]")
    return true
  end
end

return M
