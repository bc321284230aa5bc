--- The parameters of any operation, from JSON and from words.
--
-- The names are the library's, `user_pool_id`; in JSON also the service's
-- own, `UserPoolId`. What is null counts as left out.
-- @module cognito.cli.params

local c_locale = require "cognito.c_locale"
local native = require "cognito.native"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"

local M = {}

-- Members that the model calls sensitive, because they tell of a person or
-- show what an application does: no secrets. The rest of them are.
local no_secrets = {
  acr_mapping = true, client_id = true, client_metadata = true, context_data = true, credential_id = true,
  filter = true, from = true, next_token = true, pagination_token = true, provider_attribute_value = true,
  reply_to = true, reply_to_email_address = true, user_context_data = true, username = true, value = true,
}

local function is_secret(member)
  return member.sensitive and not no_secrets[member.name]
end

local function find_member(members, name)
  for _, member in ipairs(members or {}) do
    if member.name == name or member.wire_name == name then
      return member
    end
  end
  return nil
end

-- ---- JSON ----

local translate

-- A member that the model does not know stays: the library says what is wrong
-- with it.
local function translate_members(value, members, visit)
  local result = {}
  for name, inner in pairs(value) do
    local member = find_member(members, name)
    if inner ~= native.null then
      if member then
        visit(member)
      end
      result[member and member.name or name] = translate(inner, member, visit)
    end
  end
  return result
end

function translate(value, shape, visit)
  if type(value) ~= "table" or not shape then
    return value
  elseif shape.type == "structure" then
    return translate_members(value, shape.members, visit)
  elseif shape.type ~= "list" and shape.type ~= "map" then
    return value
  end
  local result = {}
  for key, inner in pairs(value) do
    if inner ~= native.null then
      result[key] = translate(inner, shape.element or shape.value, visit)
    end
  end
  return result
end

local function refuse_secret(member)
  if is_secret(member) then
    secrets.refuse(("'%s'"):format(member.name), "Put the parameters into a file and give --params @FILE, or give"
      .. (" --params - and send them to standard input, or let --ask %s ask for it"):format(member.name))
  end
end

local function accept()
end

local function read_file(path)
  local file, message = io.open(path, "rb")
  local found, err
  if file then
    found, err = file:read "*a"
    file:close()
    message = not found and ("%s: %s"):format(path, err)
  end
  return found or stop.usage("the parameters cannot be read: " .. message)
end

-- What --params names: text, what to call it, and whether it was an argument.
local function source_of(word)
  if word == "-" then
    return io.stdin:read "*a" or "", "standard input", false
  elseif word:sub(1, 1) == "@" then
    return read_file(word:sub(2)), word:sub(2), false
  end
  return word, "--params", true
end

local function decode(json, where)
  local value, at = native.read_json(json)
  if at then
    stop.usage(("%s: this is no JSON, from byte %d on"):format(where, at))
  elseif type(value) ~= "table" or getmetatable(value) then
    stop.usage(("%s: the parameters must be an object, like {\"username\": \"ada\"}"):format(where))
  end
  return value
end

local function from_json(word, members)
  local json, where, is_argument = source_of(word)
  return translate_members(decode(json, where), members, is_argument and refuse_secret or accept)
end

-- ---- words ----

local booleans = { ["true"] = true, ["false"] = false }

local readers = {
  string = function(word) return word end,
  boolean = function(word) return booleans[word], "true or false" end,
  integer = function(word) return c_locale.tonumber(word), "a number" end,
}
readers.long, readers.double, readers.float, readers.timestamp =
  readers.integer, readers.integer, readers.integer, readers.integer

-- Where a path like `client_metadata.locale` leads: the table that the value
-- goes into, its key and its shape.
local function locate(params, members, path)
  local first, rest = path:match "^([^.]+)%.(.+)$"
  local member = find_member(members, first or path)
  local name = member and member.name or first or path
  if not rest then
    return params, name, member
  end
  params[name] = type(params[name]) == "table" and params[name] or {}
  if member and member.type == "structure" then
    return locate(params[name], member.members, rest)
  end
  return params[name], rest, member and member.type == "map" and member.value
end

local function set(params, members, path, word)
  local into, key, shape = locate(params, members, path)
  if shape and shape.type == "list" and shape.element.type == "string" then
    into[key] = into[key] or {}
    table.insert(into[key], word)
    return
  end
  local read = shape and readers[shape.type]
  if shape and not read then
    stop.usage(("'%s' is a %s"):format(path, shape.type), "Give it as JSON, with --params")
  end
  local value, wanted = (read or readers.string)(word)
  if value == nil then
    stop.usage(("'%s' must be %s"):format(path, wanted))
  end
  into[key] = value
end

-- Every member that a path goes through.
local function refuse_secrets_of(path, members)
  for name in path:gmatch "[^.]+" do
    local member = find_member(members, name)
    if not member then
      return
    end
    refuse_secret(member)
    members = member.members
  end
end

--- Puts the parameters together.
-- @tparam table described the operation, as `cognito.describe` describes it
-- @tparam table given `params`, the word behind --params; `pairs`, a list of
--   `{ name, value }`; `ask`, a list of names
-- @treturn table params
-- @raise when something is not as it must be, or a secret is an argument
function M.read(described, given)
  local members = described.input
  local params = given.params and from_json(given.params, members) or {}
  for _, pair in ipairs(given.pairs) do
    refuse_secrets_of(pair[1], members)
    set(params, members, pair[1], pair[2])
  end
  for _, name in ipairs(given.ask) do
    set(params, members, name, secrets.ask(name))
  end
  return params
end

return M
