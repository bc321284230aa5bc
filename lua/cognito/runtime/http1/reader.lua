--- Bytes of a reply, as they come in: taken by the line or by the number, and
-- never more than there may be.
--
-- They come from a *source*, a table with the method `more`. It returns the
-- next bytes, however few, or nil and a fault, `{ code, words }`, which says
-- `ended = true` when the other side closed the connection in an orderly way.
-- @module cognito.runtime.http1.reader

local M = {}

M.too_large = { code = "too_large", words = "it is larger than max_response" }

local reader = {}
local reader_mt = { __index = reader }

--- Makes a reader.
-- @tparam table source
-- @tparam number room how many bytes may come
-- @treturn table reader
function M.new(source, room)
  -- `text` from `at` on has come and was not taken yet.
  return setmetatable({ source = source, text = "", at = 1, room = room }, reader_mt)
end

--- How many bytes have come and were not taken yet.
-- @treturn number
function reader:waiting()
  return #self.text - self.at + 1
end

--- How many bytes can be taken at most, now and later.
-- @treturn number
function reader:bound()
  return self.room + self:waiting()
end

--- Takes what comes next, which is at least a byte.
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] table fault
function reader:more()
  local bytes, fault = self.source:more()
  if not bytes then
    return nil, fault
  end
  self.room = self.room - #bytes
  if self.room < 0 then
    return nil, M.too_large
  end
  return bytes
end

--- Waits until there is more to take.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table fault
function reader:wait()
  local bytes, fault = self:more()
  if not bytes then
    return nil, fault
  end
  self.text, self.at = self.text:sub(self.at) .. bytes, 1
  return true
end

--- Looks at the first bytes without taking them.
-- @tparam number count
-- @treturn[1] string so many bytes
-- @treturn[2] nil
-- @treturn[2] table fault
function reader:peek(count)
  while self:waiting() < count do
    local good, fault = self:wait()
    if not good then
      return nil, fault
    end
  end
  return self.text:sub(self.at, self.at + count - 1)
end

--- Takes a line.
-- @tparam number longest bytes
-- @tparam table overlong the fault when it is longer
-- @treturn[1] string the line without its end
-- @treturn[2] nil
-- @treturn[2] table fault
function reader:line(longest, overlong)
  local seen = 0
  while true do
    local at = self.at
    local stop = self.text:find("\n", at + seen, true)
    seen = stop and stop - at or self:waiting()
    if seen > longest then
      return nil, overlong
    elseif stop then
      self.at = stop + 1
      return self.text:sub(at, self.text:byte(stop - 1) == 13 and stop - 2 or stop - 1)
    end
    local good, fault = self:wait()
    if not good then
      return nil, fault
    end
  end
end

--- Takes so many bytes.
-- @tparam number count
-- @tparam {string,...} pieces list to which they are appended
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table fault
function reader:bytes(count, pieces)
  while self:waiting() < count do
    pieces[#pieces + 1] = self.text:sub(self.at)
    count = count - self:waiting()
    local bytes, fault = self:more()
    if not bytes then
      return nil, fault
    end
    self.text, self.at = bytes, 1
  end
  pieces[#pieces + 1] = self.text:sub(self.at, self.at + count - 1)
  self.at = self.at + count
  return true
end

--- Takes all that comes until the other side closes.
-- @tparam {string,...} pieces list to which it is appended
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table fault
function reader:rest(pieces)
  local bytes, fault = self.text:sub(self.at), nil
  self.text, self.at = "", 1
  while bytes do
    pieces[#pieces + 1] = bytes
    bytes, fault = self:more()
  end
  return fault.ended, fault
end

return M
