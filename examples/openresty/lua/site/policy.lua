--- The pool's rules for passwords: as given in SITE_PASSWORD_POLICY, or asked of
-- the pool, or those of a new pool.

local cjson = require "cjson.safe"
local log = require "site.log"
local settings = require "site.settings"

local policy = {}

-- Of a new pool, under the names of DescribeUserPool.
local current = {
  MinimumLength = 8, RequireUppercase = true, RequireLowercase = true, RequireNumbers = true, RequireSymbols = true,
}

local flags = { "RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols" }

-- The service allows 6 to 99 characters as the least.
local function faults(given)
  local length = type(given) == "table" and given.MinimumLength
  if type(length) ~= "number" or length < 6 or length > 99 or length % 1 ~= 0 then
    return "MinimumLength must be a whole number from 6 to 99"
  end
  for _, name in ipairs(flags) do
    if given[name] ~= nil and type(given[name]) ~= "boolean" then
      return name .. " must be true or false"
    end
  end
end

--- The rules in force.
-- @treturn table `MinimumLength`, and a boolean for each `Require…`
function policy.current()
  return current
end

--- Takes rules from now on.
-- @tparam table given as DescribeUserPool has them
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string what is wrong with them
function policy.take(given)
  local fault = faults(given)
  if fault then
    return nil, fault
  end
  current = given
  return true
end

-- The library's names are the service's in snake_case.
local function of_reply(reply)
  local found = ((reply.user_pool or {}).policies or {}).password_policy or {}
  return {
    MinimumLength = found.minimum_length, RequireUppercase = found.require_uppercase,
    RequireLowercase = found.require_lowercase, RequireNumbers = found.require_numbers,
    RequireSymbols = found.require_symbols,
  }
end

local function ask()
  local described, err = settings.pool:describe_user_pool {}
  local taken, fault
  if described then
    taken, fault = policy.take(of_reply(described))
  end
  if not taken then
    log("start", "the rules for passwords are not known, those of a new pool are shown: "
      .. (fault or tostring(err.code)))
  end
end

--- Asks the pool where SITE_PASSWORD_POLICY says so: in each worker, once. Until
-- the answer is there, and where there is none, the rules of a new pool stand.
function policy.start()
  if settings.password_policy == "pool" then
    ngx.timer.at(0, ask)
  end
end

local given = settings.password_policy
if given and given ~= "pool" then
  local _, fault = policy.take(cjson.decode(given))
  if fault then
    error("SITE_PASSWORD_POLICY is neither \"pool\" nor a PasswordPolicy of DescribeUserPool in JSON: " .. fault, 0)
  end
end

return policy
