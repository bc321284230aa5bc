--- Which names lead to a user of the pool, and how names are compared.
-- @module cognito.bulk.identity

local attributes = require "cognito.attributes"
local pool_users = require "cognito.bulk.pool_users"
local unicode = require "cognito.unicode"

local M = {}

-- How good a match is; the service, too, takes the username first.
M.USERNAME, M.SUB, M.VERIFIED, M.ATTRIBUTE = 1, 2, 3, 4

local CONTACTS = { "email", "phone_number" }

--- A name as this pool compares names: in one spelling of its letters, and in
-- lower case where the pool ignores case. How exactly the service folds case
-- is not documented; simple lower case is assumed, and a name that is not found
-- by it is asked for (`cognito.bulk.look_up`).
-- @tparam table planning
-- @tparam string name
-- @treturn string
function M.key(planning, name)
  return unicode.nfc(planning.pool_facts.case_sensitive and name or unicode.lower(name))
end

--- The key of a `sub` that is nothing else. No name holds a control character.
-- @tparam string sub
-- @treturn string
function M.sub_key(sub)
  return "\1" .. sub
end

--- The names that lead to a user.
-- @tparam table planning
-- @tparam table user
-- @treturn table from key to how strongly: the lower the better
-- @raise a cognito.Error for a user whom `pool_users.check` refuses
function M.names_of(planning, user)
  pool_users.check(user)
  local names = {}
  local function add(name, strength)
    if name and name ~= "" and not name:find("\0", 1, true) then -- no list of names can hold a NUL
      local key = M.key(planning, name)
      names[key] = math.min(names[key] or strength, strength)
    end
  end
  add(user.username, M.USERNAME)
  add(user.sub, M.SUB)
  names[M.sub_key(user.sub)] = M.SUB
  for _, contact in ipairs(CONTACTS) do
    local is_verified = attributes.is_true(user.attributes, contact .. "_verified")
    add(user.attributes[contact], is_verified and M.VERIFIED or M.ATTRIBUTE)
  end
  if planning.pool_facts.aliases.preferred_username then -- unique there, and there only
    add(user.attributes.preferred_username, user.status ~= "UNCONFIRMED" and M.VERIFIED or M.ATTRIBUTE)
  end
  return names
end

return M
