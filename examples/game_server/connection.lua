--- A player's connection: lines in and lines out, neither without bound.
--
-- Bytes are collected as they come, and lines are taken when it is time for
-- them. A player who sends more than that is not read from for a while, and
-- TCP makes the sender wait.

local uv = require "luv"

local M = {}

local MAX_LINE = 2048 -- bytes: the longest name and password that a user pool takes, and some more
local MAX_UNREAD = 4096 -- bytes that may wait, before the connection does
local MAX_UNSENT = 65536 -- bytes that wait for a player to read them

local connection = {}
local connection_mt = { __index = connection }

--- Ends it.
function connection:drop()
  if not self.closed then
    self.closed = true
    self.input, self.from = "", 1
    uv.close(self.socket)
  end
end

-- ---- in ----

local function unread(self)
  return #self.input - self.from + 1
end

local function on_read(self, err, bytes)
  if self.closed then
    return
  elseif err then
    self:drop()
  elseif not bytes then
    self.ended = true -- the last lines are still to be obeyed
  else
    self.input, self.from = self.input:sub(self.from) .. bytes, 1
    if unread(self) > MAX_UNREAD then
      uv.read_stop(self.socket)
      self.paused = true
    end
  end
end

local function start_reading(self)
  self.paused = false
  uv.read_start(self.socket, function(err, bytes) on_read(self, err, bytes) end)
end

--- The next line.
-- @treturn[1] string without its end
-- @treturn[2] nil when none is there
-- @treturn[2] ?string "too_long" when none will be, "ended" when that was all
function connection:next_line()
  local stop = self.input:find("\n", self.from, true)
  if (stop or #self.input + 1) - self.from > MAX_LINE then
    return nil, "too_long"
  elseif not stop then
    return nil, self.ended and "ended" or nil
  end
  local line = self.input:sub(self.from, stop - 1)
  self.from = stop + 1
  if self.paused and unread(self) <= MAX_UNREAD then
    start_reading(self)
  end
  return (line:gsub("\r$", ""))
end

-- ---- out ----

--- Adds a line to what goes out with the next flush. Once the connection is
-- closed it goes nowhere.
-- @tparam string line without its end
function connection:say(line)
  if not self.closed then
    self.output = self.output .. line .. "\n"
  end
end

-- All of a tick in one system call.
local function write(self)
  local output = self.output
  self.output = ""
  return output == "" or uv.stream_get_write_queue_size(self.socket) <= MAX_UNSENT and uv.write(self.socket, output)
end

--- Sends what has been said. Ends it where the other side does not read.
function connection:flush()
  if not self.closed and not write(self) then
    self:drop()
  end
end

--- Sends what has been said, as far as it goes at once, and ends.
function connection:close()
  if not self.closed then
    write(self)
    self:drop()
  end
end

--- Takes a connection.
-- @tparam userdata socket of luv
-- @treturn table `closed`, `address`
function M.new(socket)
  uv.tcp_nodelay(socket, true)
  local peer = uv.tcp_getpeername(socket)
  local self = setmetatable({
    socket = socket, address = peer and peer.ip or "", input = "", from = 1, output = "",
  }, connection_mt)
  start_reading(self)
  return self
end

return M
