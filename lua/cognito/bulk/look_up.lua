--- One name at a time: the users of the pool that it leads to.
-- @module cognito.bulk.look_up

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local identity = require "cognito.bulk.identity"
local pool_users = require "cognito.bulk.pool_users"
local unicode = require "cognito.unicode"

local M = {}

-- Characters that the service takes; it refuses the whole call for more.
local LONGEST_FILTER, LONGEST_USERNAME = 256, 128

local function looks_like(name)
  if name:find "@" then
    return "email"
  elseif name:find "^%+%d+$" then
    return "phone_number"
  elseif name:find "^%x+%-%x+%-%x+%-%x+%-%x+$" and #name == 36 then
    return "sub"
  end
end

-- In the order in which the service would try them.
local function attributes_for(planning, name)
  local attributes = { "username" }
  attributes[2] = looks_like(name)
  if planning.pool_facts.aliases.preferred_username then
    attributes[#attributes + 1] = "preferred_username"
  end
  return attributes
end

-- ListUsers knows no canonical forms, so each spelling is asked for.
local function spellings(name)
  local list, seen = {}, {}
  for _, spelling in ipairs { name, unicode.nfc(name), unicode.nfd(name) } do
    if not seen[spelling] then
      seen[spelling] = true
      list[#list + 1] = spelling
    end
  end
  return list
end

-- A filter that is too long leads nowhere: the service would refuse it.
local function list_by(planning, attribute, value)
  local filter = pool_users.filter(attribute, value)
  if unicode.length(filter) > LONGEST_FILTER then
    return {}
  end
  planning:pause()
  local found = {}
  for user in pool_users.each(planning:list(filter)) do
    found[#found + 1] = user
  end
  return found
end

-- The filter may ignore case where the pool does not: such a user has another
-- name.
local function who_answer_to(planning, key, users)
  local kept = {}
  for _, user in ipairs(users) do
    if identity.names_of(planning, user)[key] then
      kept[#kept + 1] = user
    end
  end
  return kept
end

local function is_username(name)
  return unicode.length(name) <= LONGEST_USERNAME and not name:find "[%z\1-\32\127]"
end

-- InvalidParameterException can only be about the name, which is all that this
-- call is given: no user has such a one.
local no_such_user = { UserNotFoundException = true, InvalidParameterException = true }

local function get_user(planning, name)
  if not is_username(name) then
    return {}
  end
  local user, err = planning:get_user(name)
  if user then
    return { user }
  elseif no_such_user[err.code] then
    return {}
  end
  error(err, 0)
end

--- Asks the service itself for a user: only it knows how a pool compares names
-- that ignores case.
-- @tparam table planning
-- @tparam string name
-- @treturn table list of at most one user
-- @raise a cognito.Error
function M.by_service(planning, name)
  if planning.pool_facts.case_sensitive then
    return {}
  end
  for _, spelling in ipairs(spellings(name)) do
    local found = get_user(planning, spelling)
    if found[1] then
      return found
    end
  end
  return {}
end

--- Asks for a name that is not in a listing of the whole pool. Where the name
-- is ASCII, the listing has decided: lower case has one meaning there.
-- @tparam table planning
-- @tparam string name
-- @treturn table list of at most one user
-- @raise a cognito.Error
function M.beyond_listing(planning, name)
  return name:find "[\128-\255]" and M.by_service(planning, name) or {}
end

local function find(planning, name, key)
  if key == identity.sub_key(name) then
    return list_by(planning, "sub", name)
  end
  for _, attribute in ipairs(attributes_for(planning, name)) do
    for _, spelling in ipairs(spellings(name)) do
      local found = who_answer_to(planning, key, list_by(planning, attribute, spelling))
      if found[1] then
        return found
      end
    end
  end
  return M.by_service(planning, name)
end

-- An error about one name carries its line.
local function refuse(entry, err)
  if err.code ~= "InvalidParameterException" then
    error(err, 0)
  end
  failure.raise("invalid_input", ("line %s: the service refuses to look this user up: %s")
    :format(entry.line or "unknown", err.message or err.code), { line = c_locale.tonumber(entry.line) })
end

--- Looks a name up.
-- @tparam table planning
-- @tparam table entry `name`, `name_key`, `line`
-- @treturn table list of users
-- @raise a cognito.Error
function M.find(planning, entry)
  local found, err = failure.catch(find, planning, entry.name, entry.name_key)
  if not found then
    refuse(entry, err)
  end
  return found
end

return M
