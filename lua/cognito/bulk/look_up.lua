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
local function attributes_for(job, name)
  local attributes = { "username" }
  attributes[2] = looks_like(name)
  if job.facts.aliases.preferred_username then
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
local function list_by(job, attribute, value)
  local filter = pool_users.filter(attribute, value)
  if unicode.length(filter) > LONGEST_FILTER then
    return {}
  end
  job.wait()
  local list, found = pool_users.list(job.pool, { filter = filter, wait = job.wait }), {}
  for user in pool_users.each(list) do
    found[#found + 1] = user
  end
  job.calls.list_users = job.calls.list_users + list.calls
  return found
end

-- The filter may ignore case where the pool does not: such a user has another
-- name.
local function who_answer_to(job, key, users)
  local kept = {}
  for _, user in ipairs(users) do
    if identity.names_of(job, user)[key] then
      kept[#kept + 1] = user
    end
  end
  return kept
end

local function is_username(name)
  return unicode.length(name) <= LONGEST_USERNAME and not name:find "[%s%c]"
end

-- InvalidParameterException can only be about the name, which is all that this
-- call is given: no user has such a one.
local no_such_user = { UserNotFoundException = true, InvalidParameterException = true }

local function get_user(job, name)
  if not is_username(name) then
    return {}
  end
  job.wait()
  job.calls.admin_get_user = job.calls.admin_get_user + 1
  local user, err = job.pool:admin_get_user { username = name }
  if user then
    return { pool_users.user(user) }
  elseif no_such_user[err.code] then
    return {}
  end
  error(err, 0)
end

--- Asks the service itself for a user: only it knows how a pool compares names
-- that ignores case.
-- @tparam table job
-- @tparam string name
-- @treturn table list of at most one user
-- @raise a cognito.Error
function M.by_service(job, name)
  if job.facts.case_sensitive then
    return {}
  end
  for _, spelling in ipairs(spellings(name)) do
    local found = get_user(job, spelling)
    if found[1] then
      return found
    end
  end
  return {}
end

--- Asks for a name that is not in a listing of the whole pool. Where the name
-- is ASCII, the listing has decided: lower case has one meaning there.
-- @tparam table job
-- @tparam string name
-- @treturn table list of at most one user
-- @raise a cognito.Error
function M.beyond_listing(job, name)
  return name:find "[\128-\255]" and M.by_service(job, name) or {}
end

local function find(job, name, key)
  if key == identity.sub_key(name) then
    return list_by(job, "sub", name)
  end
  for _, attribute in ipairs(attributes_for(job, name)) do
    for _, spelling in ipairs(spellings(name)) do
      local found = who_answer_to(job, key, list_by(job, attribute, spelling))
      if found[1] then
        return found
      end
    end
  end
  return M.by_service(job, name)
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
-- @tparam table job
-- @tparam table entry `name`, `name_key`, `line`
-- @treturn table list of users
-- @raise a cognito.Error
function M.find(job, entry)
  local found, err = failure.catch(find, job, entry.name, entry.name_key)
  if not found then
    refuse(entry, err)
  end
  return found
end

return M
