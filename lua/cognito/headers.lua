--- The headers that a program adds to a request. They are not signed.
-- @module cognito.headers

local c_locale = require "cognito.c_locale"
local failure = require "cognito.failure"
local native = require "cognito.native"

local M = {}

-- Ours to set, beside what frames the body: changing them changes what is
-- asked, or of whom.
local owned = {}
for _, name in ipairs {
  "authorization", "connection", "content-type", "host", "te", "upgrade", "x-amz-date", "x-amz-security-token",
  "x-amz-target",
} do
  owned[name] = true
end

local function refused(name, message)
  local shown = type(name) == "string" and name:find "^[A-Za-z0-9-]+$" and name or "?"
  return nil, failure.validation("headers." .. shown, ("header '%s' %s"):format(shown, message))
end

local function wrong(name, value)
  if type(name) ~= "string" then
    return "has a name that is not a string"
  elseif type(value) ~= "string" then
    return "must be a string, not a " .. type(value)
  elseif owned[c_locale.lower(name)] then
    return "is set by the library itself"
  end
  return native.check_header(name, value)
end

-- The map's entries by lower-case name, each a name and a value.
local function entries(map)
  local found = {}
  for name, value in pairs(map) do
    local message = wrong(name, value)
    local key = not message and c_locale.lower(name)
    if found[key] then
      message = "stands twice, in different case"
    end
    if message then
      return refused(name, message)
    end
    found[key] = { name, value }
  end
  return found
end

--- Appends the program's headers to a request's list: the call's, and those of
-- the client whose names, in any case of letters, the call has not.
-- @tparam table list `{ {name, value}, … }`
-- @tparam ?table of_client name to value
-- @tparam ?table of_call name to value
-- @treturn[1] ?table set of their names in lower case, nil where there are none
-- @treturn[2] nil
-- @treturn[2] table error that names the header and not its value
function M.append(list, of_client, of_call)
  if not of_client and not of_call then
    return nil
  end
  local taken = {}
  for _, map in ipairs { of_call or {}, of_client } do
    local found, err = entries(map)
    if not found then
      return nil, err
    end
    for key, entry in pairs(found) do
      list[#list + 1] = not taken[key] and entry or nil
      taken[key] = true
    end
  end
  return taken
end

--- Appends a header of the library's, unless the program has set it.
-- @tparam table list `{ {name, value}, … }`
-- @tparam string name
-- @tparam ?string value nil: there is none
-- @tparam ?table taken from `append`
function M.add(list, name, value, taken)
  if value and not (taken and taken[c_locale.lower(name)]) then
    list[#list + 1] = { name, value }
  end
end

return M
