--- JSON documents with credentials in them: what a process prints, and what
-- containers and instances are told.
--
-- Names are read in any case, as the AWS SDK for Rust does. What is wrong is
-- told without anything that the document holds.
-- @module cognito.credentials.document

local cjson = require "cjson"
local clock = require "cognito.clock"

local M = {}

local json = cjson.new()
json.decode_invalid_numbers(false)
json.decode_max_depth(16)

--- Reads a JSON object.
-- @tparam string text
-- @tparam[opt] boolean keep_case whether names stay as they are; otherwise
--   they are made lower case
-- @treturn[1] table its members, without nulls
-- @treturn[2] nil when the text is no JSON object
function M.read(text, keep_case)
  local ok, value = pcall(json.decode, text)
  if not ok or type(value) ~= "table" then
    return nil
  end
  local members = {}
  for name, member in pairs(value) do
    if type(name) ~= "string" then
      return nil -- a list
    elseif member ~= cjson.null then
      members[keep_case and name or name:lower()] = member
    end
  end
  return members
end

--- Writes a JSON object.
-- @tparam table members
-- @treturn string
function M.write(members)
  return json.encode(members)
end

-- The first of some members that is there; false when it is no text.
local function text_of(members, names)
  for _, name in ipairs(names) do
    local value = members[name:lower()]
    if type(value) == "string" and value ~= "" then
      return value
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
  { "account_id", { "AccountId" } },
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
    found[name] = text_of(members, names)
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
