--- Users in JSON: one value a line, values over many lines, a list, or the
-- whole document that `aws cognito-idp list-users` prints.
-- @module cognito.bulk.documents

local csv = require "cognito.bulk.csv"
local failure = require "cognito.bulk.failure"
local json = require "cognito.json"
local printable = require "cognito.printable"
local repeated_keys = require "cognito.bulk.repeated_keys"

local M = {}

local LONGEST = 256 * 1024 * 1024 -- bytes of one value

local function complain(line, message)
  failure.raise("invalid_input", ("line %d: %s"):format(line, message), { line = line })
end

-- Follows brackets and quotes through a line. A value ends with the line in
-- which all are closed.
local function follow(state, line)
  local at = 1
  while true do
    local found = line:find(state.is_text and '["\\]' or '["%[%]{}]', at)
    if not found then
      return
    end
    local sign = line:sub(found, found)
    if sign == "\\" then
      found = found + 1
    elseif sign == '"' then
      state.is_text = not state.is_text
    else
      state.depth = state.depth + ((sign == "[" or sign == "{") and 1 or -1)
    end
    at = found + 1
  end
end

local function is_open(state)
  return state.is_text or state.depth > 0
end

-- The text of the next value, and the line on which it begins.
local function take(self)
  local parts, size, state, begun = {}, 0, { depth = 0, is_text = false }, nil
  for line in self.read_line do
    self.line = self.line + 1
    if begun or line:find "%S" then
      begun = begun or self.line
      size = size + #line + 1
      if size > LONGEST then
        complain(begun, "the JSON value that begins here is too long")
      end
      parts[#parts + 1] = line
      follow(state, line)
      if not is_open(state) then
        break
      end
    end
  end
  return begun and table.concat(parts, "\n"), begun
end

-- The line is that of the key, in a value over many lines, too.
local function refuse_repeated(text, line)
  local key, at = repeated_keys.find(text)
  if key then
    local _, ends = text:sub(1, at):gsub("\n", "")
    complain(line + ends, ("the key %q is there twice in one object: leave one"):format(printable.clean(key)))
  end
end

local function decode(text, line)
  local ok, value = pcall(json.decode, text)
  if not ok or type(value) ~= "table" and type(value) ~= "string" then
    complain(line, "this is no JSON object")
  end
  refuse_repeated(text, line)
  return value
end

--- A member by its name, in whichever case; the one that is written so first.
-- @tparam table object
-- @tparam string name
-- @tparam number line
-- @return value, nil where there is none
-- @raise a cognito.Error where several differ
function M.member(object, name, line)
  if object[name] ~= nil then
    return object[name]
  end
  local found
  for key, value in pairs(object) do
    if type(key) == "string" and csv.folded(key) == csv.folded(name) then
      if found ~= nil and found ~= value then
        complain(line, ("there are several members %s: leave one, or give the others another name"):format(name))
      end
      found = value
    end
  end
  return found
end

-- The list of users in a value, nil where the value is one user.
local function users_of(value, text, line)
  if type(value) == "string" then
    return nil
  elseif text:find "^%s*%[" then
    return value
  end
  local users = M.member(value, "users", line)
  if type(users) ~= "table" then
    return nil
  elseif M.member(value, "PaginationToken", line) or M.member(value, "NextToken", line) then
    complain(line, "this is a part of the pool's users, the list goes on behind its token: list all of them, or take"
      .. " the member Users out of the document")
  end
  return users
end

local function object_of(value, line)
  if type(value) == "string" then
    return { username = value }
  elseif type(value) ~= "table" then
    complain(line, "this is no JSON object")
  end
  return value
end

local function next_object(self)
  while not self.list or self.at == #self.list do
    local text, line = take(self)
    if not text then
      return nil
    end
    local value = decode(text, line)
    self.list, self.at, self.begun = users_of(value, text, line) or { value }, 0, line
  end
  self.at = self.at + 1
  return object_of(self.list[self.at], self.begun), self.begun
end

--- The objects, one a call; nil at the end.
-- @tparam function read_line
-- @treturn function returns the object and the line that its value begins on
-- @raise the function: a cognito.Error
function M.objects(read_line)
  local self = { read_line = read_line, line = 0 }
  return function() return next_object(self) end
end

--- A member of a user, or else the attribute of that name.
-- @tparam table user
-- @tparam string name
-- @tparam number line
-- @return value
-- @raise a cognito.Error where several members differ
function M.value(user, name, line)
  local value = M.member(user, name, line)
  local attributes = value == nil and M.member(user, "attributes", line)
  for _, attribute in ipairs(type(attributes) == "table" and attributes or {}) do
    if type(attribute) == "table" and M.member(attribute, "name", line) == name then
      return M.member(attribute, "value", line)
    end
  end
  return value
end

return M
