--- Users as people write them down: `name:address` on the command line, and
-- files of them.
-- @module cognito.sandbox.people
local json = require "cognito.sandbox.json"

local M = {}

--- Reads `NAME` or `NAME:ADDRESS`.
-- @tparam string word the address is an e-mail address, or a phone number
--   that begins with +
-- @treturn table|nil as for `box:add_user`
-- @treturn string|nil what is wrong
function M.from_word(word)
  local name, address = word:match "^(.-):([^:]*)$"
  if not name then name, address = word, nil end
  if name == "" or name:find "[%s%c]" then
    return nil, "a user is NAME or NAME:ADDRESS"
  elseif not address then
    return { username = name }
  elseif address:find "^%+%d+$" then
    return { username = name, phone_number = address }
  elseif address:find "^[^%s@]+@[^%s@]+$" then
    return { username = name, email = address }
  end
  return nil, "an address is ada@example.com or +491511234567"
end

local function from_json(text)
  local value, problem = json.decode(text)
  if problem then return nil, problem end
  if json.type(value) ~= "list" then
    return nil, "the file must hold a list of users"
  end
  for i, user in ipairs(value) do
    if json.type(user) ~= "object" then
      return nil, ("entry %d is no object"):format(i)
    end
  end
  return value
end

local function from_lines(text)
  local list, number = {}, 0
  for line in (text .. "\n"):gmatch "(.-)\r?\n" do
    number = number + 1
    local word = line:match "^%s*(.-)%s*$"
    if word ~= "" and word:sub(1, 1) ~= "#" then
      local user, problem = M.from_word(word)
      if not user then
        return nil, ("line %d: %s"):format(number, problem)
      end
      list[#list + 1] = user
    end
  end
  return list
end

--- Reads a file: a JSON list of what `box:add_user` takes, or `NAME:ADDRESS`
-- lines.
-- @tparam string path
-- @treturn table|nil list
-- @treturn string|nil what is wrong, with the path
function M.from_file(path)
  local file, why = io.open(path, "rb")
  if not file then return nil, why end
  local text = file:read "*a"
  file:close()
  if not text then return nil, path .. ": it cannot be read" end
  text = text:gsub("^\239\187\191", "")
  local list, problem = (text:find "^%s*%[" and from_json or from_lines)(text)
  if not list then return nil, path .. ": " .. problem end
  return list
end

return M
