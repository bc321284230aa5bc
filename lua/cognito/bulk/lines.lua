--- A file, line by line, in pieces of bounded size. Lua's own `lines` would
-- read a file without line ends whole.
-- @module cognito.bulk.lines

local failure = require "cognito.bulk.failure"
local foreign = require "cognito.bulk.foreign"
local text = require "cognito.bulk.text"
local utf16 = require "cognito.bulk.utf16"

local M = {}

local CHUNK = 64 * 1024
local LONGEST = 1024 * 1024 -- bytes

local marks = {
  { "\239\187\191", function() return function(bytes) return bytes or "" end end },
  { "\255\254", function() return utf16.new(false) end },
  { "\254\255", function() return utf16.new(true) end },
  { "", function() return function(bytes) return bytes or "" end end },
}

-- The decoder that the byte order mark calls for, and what follows the mark.
local function begin(chunk)
  foreign.refuse_bytes(chunk)
  for _, mark in ipairs(marks) do
    if chunk:sub(1, #mark[1]) == mark[1] then
      return mark[2](), chunk:sub(#mark[1] + 1)
    end
  end
end

-- In Lua 5.5 the collector may clear errno within a long read, and not within one of no bytes.
local function read_chunk(file)
  local is_there, message = file:read(0)
  if not is_there then
    return nil, message
  end
  return file:read(CHUNK)
end

local function read_more(self)
  local chunk, message = read_chunk(self.file)
  if message then
    failure.raise("invalid_input", self.name and ("%s cannot be read: %s"):format(self.name, message) or message)
  elseif not chunk then
    self.ended = true
    if self.file ~= io.stdin then
      self.file:close()
    end
  elseif not self.decode then
    self.decode, chunk = begin(chunk)
  end
  self.buffer = self.buffer:sub(self.at) .. (self.decode and self.decode(chunk) or "")
  self.at = 1
end

-- The last line may lack its end. DOS ends a text with Ctrl-Z.
local function last_line(self)
  local rest = self.buffer:sub(self.at):gsub("\26+$", "")
  self.buffer, self.at = "", 1
  return rest ~= "" and rest or nil
end

-- The first line end tells for the whole file: LF, which a CR may precede, or
-- CR. Nil while the byte behind a CR is not read yet.
local function line_end(self)
  local stop = self.buffer:find("[\r\n]", self.at)
  if stop and self.buffer:sub(stop, stop) == "\n" then
    return "\n"
  elseif stop and (stop < #self.buffer or self.ended) then
    return self.buffer:sub(stop + 1, stop + 1) == "\n" and "\n" or "\r"
  end
end

local function raw_line(self)
  while true do
    self.line_end = self.line_end or line_end(self)
    local stop = self.line_end and self.buffer:find(self.line_end, self.at, true)
    if stop then
      local line = self.buffer:sub(self.at, stop - 1)
      self.at = stop + 1
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

local function complain(line, message)
  failure.raise("invalid_input", ("line %d: %s"):format(line, message), { line = line })
end

-- Whatever the format, a list of users is text.
local function next_line(self)
  local line = raw_line(self)
  if line then
    self.count = self.count + 1
    if line:find("%z") then
      complain(self.count, "there is a NUL byte, which no text has: if this is UTF-16 without its mark, or another"
        .. " kind of file, save it as UTF-8")
    elseif not text.is_utf8(line) then
      complain(self.count, "this is not UTF-8: save the file as UTF-8, or convert it with iconv")
    end
  end
  return line
end

--- A function that returns a file's lines, one a call, without their ends; nil
-- at the end, when the file is closed. Lines end with LF, or with CR where the
-- first one does. A CR before LF stays. A byte order mark at the beginning is
-- left out; UTF-16 that has one becomes UTF-8.
-- @tparam file file open for reading
-- @tparam[opt] string name what an error calls it
-- @treturn function raises a cognito.Error for what is no text
function M.of(file, name)
  local self = { file = file, name = name, buffer = "", at = 1, count = 0 }
  return function() return next_line(self) end
end

return M
