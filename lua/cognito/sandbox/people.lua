--- Users as people write them down: `name:address` on the command line, and
-- files of them.
-- @module cognito.sandbox.people
local blanks = require "cognito.blanks"
local columns = require "cognito.bulk.columns"
local failure = require "cognito.bulk.failure"
local foreign = require "cognito.bulk.foreign"
local json = require "cognito.sandbox.json"
local kinds = require "cognito.bulk.kinds"
local lines = require "cognito.bulk.lines"
local sheet = require "cognito.sandbox.sheet"

local M = {}

--- Reads `NAME` or `NAME:ADDRESS`.
-- @tparam string word the address is an e-mail address, or a phone number
--   that begins with +
-- @treturn table|nil as for `box:add_user`
-- @treturn string|nil what is wrong
function M.from_word(word)
  local name, address = word:match "^(.-):([^:]*)$"
  if not name then
    name, address = word, nil
  end
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

-- A user as lists of them show one: ListUsers itself, and `cognito list-users
-- --json`. Dates and subjects belong to the pool that it comes from, but what
-- refers to a user by sub shall find it here, too.
local function from_list_users(entry)
  local name = entry.Username or entry.username
  local status = entry.UserStatus or entry.user_status
  local list = entry.Attributes or entry.attributes
  if entry.Username == nil and not status and json.type(list) ~= "list" then
    return entry
  end
  local attributes = {}
  for _, pair in ipairs(list or {}) do
    attributes[pair.Name or pair.name or ""] = pair.Value or pair.value
  end
  local enabled = entry.Enabled
  if enabled == nil then
    enabled = entry.enabled
  end
  return { username = name, status = status, enabled = enabled,
    attributes = attributes }
end

local function from_entries(list)
  local users = {}
  for i, entry in ipairs(list) do
    if json.type(entry) ~= "object" then
      return nil, ("entry %d is no object"):format(i)
    end
    users[i] = from_list_users(entry)
  end
  return users
end

-- One object a line.
local function from_json_lines(text)
  local list, number = json.list {}, 0
  for line in (text .. "\n"):gmatch "(.-)\r?\n" do
    number = number + 1
    if line:find "%S" then
      local value, problem = json.decode(line)
      if problem then
        return nil, ("line %d: %s"):format(number, problem)
      end
      list[#list + 1] = value
    end
  end
  return from_entries(list)
end

local function from_json(text)
  local value, problem = json.decode(text)
  if problem and text:find "^%s*{" then
    return from_json_lines(text)
  end
  if problem then
    return nil, problem
  end
  if json.type(value) == "list" then
    return from_entries(value)
  end
  local users = value.Users or value.users
  return from_entries(json.type(users) == "list" and users
    or json.list { value })
end

-- A header in CSV that is not recognised must not become a user.
local function from_line(word)
  if word:find "[,;\t]" then
    return nil, "a user is NAME or NAME:ADDRESS; CSV has a header with username"
  end
  return M.from_word(word)
end

local function from_lines(all)
  local list = {}
  for number, line in ipairs(all) do
    local word = blanks.trim(line)
    if word ~= "" and word:sub(1, 1) ~= "#" then
      local user, problem = from_line(word)
      if not user then
        return nil, ("line %d: %s"):format(number, problem)
      end
      list[#list + 1] = user
    end
  end
  return list
end

-- All lines, and the first of them that is not blank.
local function all_lines(file)
  local all, first = {}, nil
  for line in lines.of(file) do
    all[#all + 1] = line
    first = first or not blanks.are_all(line) and line or nil
  end
  return all, first or ""
end

local function each(all)
  local i = 0
  return function()
    i = i + 1
    return all[i]
  end
end

local function read(file)
  local all, first = all_lines(file)
  if first:find "^%s*[%[{]" then
    return { from_json(table.concat(all, "\n")) }
  elseif first:find "^[sS][eE][pP]=" or kinds.has_header(first, columns.names {}) then
    return { sheet.read(each(all)) }
  end
  foreign.refuse_line(first)
  return { from_lines(all) }
end

--- Reads a file: JSON of what `box:add_user` takes or ListUsers shows, a list
-- or an object a line; CSV with a column username; or `NAME:ADDRESS` lines.
-- @tparam string path
-- @treturn table|nil list
-- @treturn string|nil what is wrong, with the path
function M.from_file(path)
  local file, why = io.open(path, "rb")
  if not file then
    return nil, why
  end
  local result, err = failure.catch(read, file)
  local problem = err and err.message or result[2]
  if problem then
    return nil, path .. ": " .. problem
  end
  return result[1]
end

return M
