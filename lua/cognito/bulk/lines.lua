--- A file, line by line, in pieces of bounded size. Lua's own `lines` would
-- read a file without line ends whole.
-- @module cognito.bulk.lines

local failure = require "cognito.bulk.failure"

local M = {}

local CHUNK = 64 * 1024
local LONGEST = 1024 * 1024 -- bytes

local BYTE_ORDER_MARK = "\239\187\191"

local function read_more(self)
  local chunk, message = self.file:read(CHUNK)
  if message then
    failure.raise("invalid_input", "the users cannot be read: " .. message)
  elseif not chunk then
    self.ended = true
    if self.file ~= io.stdin then
      self.file:close()
    end
    return
  end
  if not self.begun then
    self.begun = true
    if chunk:sub(1, 3) == BYTE_ORDER_MARK then
      chunk = chunk:sub(4)
    end
  end
  self.buffer = self.buffer:sub(self.at) .. chunk
  self.at = 1
end

-- The last line may lack its end.
local function last_line(self)
  local rest = self.buffer:sub(self.at)
  self.buffer, self.at = "", 1
  return rest ~= "" and rest or nil
end

local function next_line(self)
  while true do
    local stop = self.buffer:find("\n", self.at, true)
    if stop then
      local line = self.buffer:sub(self.at, stop - 1)
      self.at, self.count = stop + 1, self.count + 1
      return line
    elseif self.ended then
      return last_line(self)
    elseif #self.buffer - self.at >= LONGEST then
      failure.raise("invalid_input", ("line %d is longer than %d bytes"):format(self.count + 1, LONGEST),
        { line = self.count + 1 })
    end
    read_more(self)
  end
end

--- A function that returns a file's lines, one a call, without their LF; nil
-- at the end, when the file is closed. A byte order mark at the beginning is
-- left out.
-- @tparam file file open for reading
-- @treturn function
function M.of(file)
  local self = { file = file, buffer = "", at = 1, count = 0 }
  return function() return next_line(self) end
end

return M
