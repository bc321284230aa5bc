--- A JSON object that other programs write, too: some of its members are read,
-- some replaced, and all else stays as it was written, byte for byte.
--
-- A member that is not asked for is not judged either: a number that Lua cannot
-- hold and a value that is nested deeply pass through.
-- @module cognito.credentials.json_object

local native = require "cognito.native"
local tables = require "cognito.tables"

local M = {}

local object = {}
local object_mt = { __index = object }

-- ---- finding members ----

-- The position behind blanks (RFC 8259, section 2).
local function skip(text, at)
  return text:match("^[ \t\n\r]*()", at)
end

-- The last byte of a string whose first one is at this position.
local function end_of_string(text, at)
  repeat
    at = text:find('["\\]', at + 1)
    if not at or text:sub(at, at) == '"' then
      return at
    end
    at = at + 1
  until false
end

local closing = { ["{"] = "}", ["["] = "]" }

-- The last byte of an object or a list, whatever it holds.
local function end_of_nested(text, at)
  local open = {}
  while at do
    local char = text:sub(at, at)
    if char == '"' then
      at = end_of_string(text, at)
      if not at then
        return nil
      end
    elseif closing[char] then
      open[#open + 1] = closing[char]
    elseif char ~= open[#open] then
      return nil
    else
      open[#open] = nil
    end
    if not open[1] then
      return at
    end
    at = text:find('["{}%[%]]', at + 1)
  end
end

local function end_of_value(text, at)
  local char = text:sub(at, at)
  if char == '"' then
    return end_of_string(text, at)
  elseif closing[char] then
    return end_of_nested(text, at)
  end
  return (select(2, text:find("^[0-9A-Za-z.+-]+", at)))
end

-- A member whose name begins here: `name`, and `from` and `to` of its value.
local function find_member(text, at)
  local stop = text:sub(at, at) == '"' and end_of_string(text, at)
  local name = stop and native.read_json(text:sub(at, stop))
  at = stop and text:match("^[ \t\n\r]*:()", stop + 1)
  local from = at and skip(text, at)
  local to = from and end_of_value(text, from)
  return name and to and { name = name, from = from, to = to }
end

-- Members in their order, and the position of the brace behind them.
local function find_members(text)
  local members = {}
  local at = text:match "^[ \t\n\r]*{[ \t\n\r]*()"
  if at and text:sub(at, at) == "}" then
    return members, at
  end
  while at do
    local member = find_member(text, at)
    if not member then
      return nil
    end
    members[#members + 1] = member
    at = skip(text, member.to + 1)
    if text:sub(at, at) == "}" then
      return members, at
    end
    at = text:match("^,[ \t\n\r]*()", at)
  end
end

--- Reads an object.
-- @tparam string text JSON
-- @treturn ?table object; nil when the text is none
function M.read(text)
  text = text:gsub("^\239\187\191", "")
  local members, last = find_members(text)
  if members and skip(text, last + 1) > #text then
    return setmetatable({ text = text, members = members, last = last }, object_mt)
  end
end

-- ---- one object ----

-- Of a name that stands twice the last one counts, as for Python and JavaScript.
local function text_of(self, name)
  for i = #self.members, 1, -1 do
    local member = self.members[i]
    if member.name == name then
      return self.text:sub(member.from, member.to)
    end
  end
end

--- A member's value.
-- @tparam string name
-- @return value as of `native.read_json`; nil when there is none, or when it
--   cannot be read
function object:get(name)
  local text = text_of(self, name)
  return text and native.read_json(text) or nil
end

--- A member that is an object.
-- @tparam string name
-- @treturn ?table object
function object:inner(name)
  local text = text_of(self, name)
  return text and M.read(text)
end

local function written(value)
  return type(value) == "table" and value.text or assert(native.write_json(value))
end

--- The object with other values.
-- @tparam table changes from name to a string of UTF-8, or an object
-- @treturn table object
function object:with(changes)
  local parts, at, seen = {}, 1, {}
  for _, member in ipairs(self.members) do
    local value = changes[member.name]
    if value then
      parts[#parts + 1] = self.text:sub(at, member.from - 1) .. written(value)
      at, seen[member.name] = member.to + 1, true
    end
  end
  local last = self.members[#self.members]
  local behind = last and last.to or self.last - 1
  parts[#parts + 1] = self.text:sub(at, behind)
  for _, name in ipairs(tables.sorted_keys(changes)) do
    if not seen[name] then
      parts[#parts + 1] = (last and ", " or "") .. written(name) .. ": " .. written(changes[name])
      last = true
    end
  end
  parts[#parts + 1] = self.text:sub(behind + 1)
  return M.read(table.concat(parts))
end

return M
