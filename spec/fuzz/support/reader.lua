--- Values out of an input's bytes. Behind the last byte all are zero, so that an
-- input cut short means something, too.
-- @module spec.fuzz.support.reader

local M = {}

local Reader = {}
Reader.__index = Reader

--- Makes a reader.
-- @tparam string bytes
function M.new(bytes)
  return setmetatable({ bytes = bytes, at = 1 }, Reader)
end

function Reader:is_done()
  return self.at > #self.bytes
end

--- A number from 0 to 255.
function Reader:byte()
  local byte = self.bytes:byte(self.at) or 0
  self.at = self.at + 1
  return byte
end

--- One of a list.
function Reader:one(list)
  return list[self:byte() % #list + 1]
end

--- True once in so many times.
function Reader:seldom(times)
  return self:byte() % times == times - 1
end

--- A text without a line feed.
function Reader:line()
  local stop = self.bytes:find("\n", self.at, true) or #self.bytes + 1
  local line = self.bytes:sub(self.at, stop - 1)
  self.at = stop + 1
  return line
end

--- All that is left.
function Reader:rest()
  local rest = self.bytes:sub(self.at)
  self.at = #self.bytes + 1
  return rest
end

local times = { 1, 1, 1, 1, 1, 16, 256, 3000 }

--- A text of any bytes, now and then a long one.
function Reader:text()
  local head = self:byte()
  local text = self.bytes:sub(self.at, self.at + head % 32 - 1)
  self.at = self.at + head % 32
  return text:rep(times[math.floor(head / 32) + 1])
end

local favourites = {
  0, 1, -1, 0.5, -0.5, 255, 65536, 2147483647, 2147483648, -2147483649, 4294967296, 9007199254740991, 9007199254740993,
  9223372036854775807, -9223372036854775808, 1e19, 1.5e300, 1e308 * 10, -1e308 * 10, -0.0, 1e-320, 253402300799,
  253402300800, (0 / 0),
}

--- A number of any kind.
function Reader:number()
  local head = self:byte()
  if head < 128 then
    return head
  elseif head < 224 then
    return favourites[head % #favourites + 1]
  end
  return (self:byte() * 256 + self:byte() - 32768) * 2 ^ (self:byte() - 128)
end

local any = {
  function() return nil end,
  function() return false end,
  function() return true end,
  Reader.number,
  Reader.text,
  function(self, depth)
    local list = {}
    for i = 1, self:byte() % 5 do list[i] = self:value(depth + 1) end
    return list
  end,
  function(self, depth)
    local map = {}
    for _ = 1, self:byte() % 5 do map[self:text()] = self:value(depth + 1) end
    return map
  end,
  function(self, depth)
    local odd = {}
    for _ = 1, self:byte() % 4 do
      local key = self:value(depth + 1)
      if key == nil or key ~= key then key = true end
      odd[key] = self:value(depth + 1)
    end
    return odd
  end,
  function() return function() end end,
  function() return setmetatable({}, { __index = function() error "asked" end }) end,
  function() return coroutine.create(function() end) end,
}

--- A value of any type.
-- @tparam[opt] number depth of the table that it goes into
function Reader:value(depth)
  depth = depth or 0
  local make = any[self:byte() % (depth > 70 and 5 or #any) + 1]
  return make(self, depth)
end

return M
