--- JSON documents with credentials in them: the output of a process, and the
-- replies of containers' and instances' metadata services.
--
-- Names are read in any case, as the AWS SDK for Rust does. Faults are
-- reported without anything that the document holds.
-- @module cognito.credentials.document

local c_locale = require "cognito.c_locale"
local clock = require "cognito.clock"
local native = require "cognito.native"

local M = {}

--- Reads a JSON object.
-- @tparam string text
-- @tparam[opt] boolean whole keep names and nulls as they are, so that the
--   document can be written back; otherwise names are made lower case
-- @treturn[1] table its members
-- @treturn[2] nil when the text is no JSON object
function M.read(text, whole)
  local value = native.read_json(text)
  if type(value) ~= "table" or getmetatable(value) then
    return nil -- no JSON, or a list
  elseif whole then
    return value
  end
  local members = {}
  for name, member in pairs(value) do
    if member ~= native.null then
      members[c_locale.lower(name)] = member
    end
  end
  return members
end

--- Writes a JSON object.
-- @tparam table members
-- @treturn string
function M.write(members)
  return (assert(native.write_json(members)))
end

-- The first of some members that is there; false when it is no text.
local function text_of(members, names, is_number_too)
  for _, name in ipairs(names) do
    local value = members[c_locale.lower(name)]
    if type(value) == "string" and value ~= "" then
      return value
    elseif is_number_too and type(value) == "number" and value % 1 == 0 and value >= 0 then
      return ("%012.0f"):format(value)
    elseif value ~= nil and value ~= "" then
      return false
    end
  end
end

local fields = {
  { "access_key_id", { "AccessKeyId" } },
  { "secret_access_key", { "SecretAccessKey" } },
  { "session_token", { "Token", "SessionToken" } },
  { "expires_at", { "Expiration", "ExpiresAt" } },
  { "account_id", { "AccountId" }, true }, -- twelve digits, which some print as a number
}

--- Takes credentials from a document.
-- @tparam table members from `read`
-- @tparam table required fields that must be there besides the two keys, by
--   name
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] string what is missing or wrong
function M.credentials(members, required)
  local found = {}
  for _, field in ipairs(fields) do
    local name, names = field[1], field[2]
    found[name] = text_of(members, names, field[3])
    if found[name] == false then
      return nil, ("%s is not a string"):format(names[1])
    elseif not found[name] and (required[name] or name:find "key") then
      return nil, ("there is no %s"):format(names[1])
    end
  end
  if found.expires_at then
    found.expires_at = clock.parse_rfc3339(found.expires_at)
    if not found.expires_at then
      return nil, "its Expiration is not a date like 2026-11-21T07:49:51Z"
    end
  end
  return found
end

return M
