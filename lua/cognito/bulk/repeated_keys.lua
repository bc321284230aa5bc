--- Keys that an object in JSON has twice. lua-cjson takes the last one and says
-- nothing, so that a list of users could mean another person than it shows.
-- @module cognito.bulk.repeated_keys

local json = require "cognito.json"

local M = {}

-- Where the string ends that begins before `at`.
local function end_of_string(text, at)
  local found = text:find('["\\]', at)
  while text:sub(found, found) == "\\" do
    found = text:find('["\\]', found + 2)
  end
  return found
end

-- A key as it is meant: with \u0061 for a letter, say, it has two spellings.
local function key_of(written)
  return written:find("\\", 1, true) and json.decode('["' .. written .. '"]')[1] or written
end

--- Finds a key that is twice in one object.
-- @tparam string text JSON that has been read
-- @treturn ?string the first such key
-- @treturn ?number the byte where it begins again
function M.find(text)
  local outer, depth, keys, at = {}, 0, false, 1
  while true do
    local found, _, sign = text:find('(["{}%[%]])', at)
    if not found then
      return nil
    elseif sign == '"' then
      local stop = end_of_string(text, found + 1)
      if keys and text:find("^[ \t\r\n]*:", stop + 1) then
        local key = key_of(text:sub(found + 1, stop - 1))
        if keys[key] then
          return key, found
        end
        keys[key] = true
      end
      found = stop
    elseif sign == "{" or sign == "[" then
      depth = depth + 1
      outer[depth], keys = keys, sign == "{" and {}
    else
      keys, depth = outer[depth], depth - 1
    end
    at = found + 1
  end
end

return M
