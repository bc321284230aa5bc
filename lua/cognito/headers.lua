--- The headers that a program adds to a request. They are not signed.
-- @module cognito.headers

local c_locale = require "cognito.c_locale"

local M = {}

-- Ours to set: changing them changes what is asked, or of whom.
local owned = {}
for _, name in ipairs {
  "authorization", "connection", "content-length", "content-type", "expect", "host", "te",
  "transfer-encoding", "upgrade", "x-amz-date", "x-amz-security-token", "x-amz-target",
} do
  owned[name] = true
end

local function refused(name, message)
  local shown = type(name) == "string" and name:find "^[%w-]+$" and name or "?"
  return nil, {
    code = "invalid_parameter", kind = "validation", field = "headers." .. shown,
    message = ("header '%s' %s"):format(shown, message),
  }
end

local function wrong(name, value)
  if type(name) ~= "string" or not name:find "^[!#$%%&'*+.^_`|~%w-]+$" then
    return "is not a header's name"
  elseif owned[c_locale.lower(name)] then
    return "is set by the library"
  elseif type(value) ~= "string" then
    return "must be a string, not a " .. type(value)
  elseif value:find "[%z\1-\8\10-\31\127]" then
    return "must not contain line breaks or other control characters"
  end
  return nil
end

--- Appends a map of headers to a request's list.
-- @tparam table list `{ {name, value}, … }`
-- @tparam ?table map name to value
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error that names the header and not its value
function M.append(list, map)
  if not map then
    return true
  end
  for name, value in pairs(map) do
    local message = wrong(name, value)
    if message then
      return refused(name, message)
    end
    list[#list + 1] = { name, value }
  end
  return true
end

return M
