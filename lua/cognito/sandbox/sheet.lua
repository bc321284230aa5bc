--- Users in CSV, as spreadsheets write it and as AWS's import takes it.
-- @module cognito.sandbox.sheet
local c_locale = require "cognito.c_locale"
local columns = require "cognito.bulk.columns"
local csv = require "cognito.bulk.csv"
local failure = require "cognito.bulk.failure"

local M = {}

-- The fields of `box:add_user`, by name; every other column is an attribute.
local texts = { password = true, status = true, email = true,
  phone_number = true, totp_secret = true, preferred_mfa = true }
local flags = { enabled = "enabled", email_verified = "email_verified",
  phone_number_verified = "phone_number_verified", sms_mfa = "sms_mfa",
  ["cognito:mfa_enabled"] = "sms_mfa" }
local booleans = { ["true"] = true, ["false"] = false }

local function flag(name, value, line)
  local boolean = booleans[c_locale.lower(value)]
  if boolean == nil then
    failure.raise("invalid_input",
      ("line %d: %s is true or false"):format(line, name), { line = line })
  end
  return boolean
end

local function put(user, name, value, line)
  if value == "" then
    return
  elseif flags[name] then
    user[flags[name]] = flag(name, value, line)
  elseif texts[name] then
    user[name] = value
  else
    user.attributes[name] = value
  end
end

local function user_of(fields, line, names, column)
  if fields[column] == "" then
    failure.raise("invalid_input",
      ("line %d: the user's name is empty"):format(line), { line = line })
  end
  local user = { username = fields[column], attributes = {} }
  for i, name in ipairs(names) do
    if i ~= column then
      put(user, name, fields[i], line)
    end
  end
  return user
end

--- Reads users.
-- @tparam function read_line returns the next line, nil at the end
-- @treturn table list of what `box:add_user` takes
-- @raise a cognito.Error
function M.read(read_line)
  local reader, users, names = csv.new(read_line), {}, {}
  local header = reader:header()
  for i, name in ipairs(header) do
    names[i] = csv.folded(name)
  end
  local column = columns.of_names(header)
  while true do
    local fields, line = reader:record()
    if not fields then
      return users
    end
    users[#users + 1] = user_of(fields, line, names, column)
  end
end

return M
